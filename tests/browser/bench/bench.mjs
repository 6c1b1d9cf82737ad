// Measures the page in headless Chromium and prints its figures against their limits; scripts/bench-browser prepares what it needs.
//
//     node bench.mjs ADDRESS ROUNDS RUNS MODEL...
//
// ADDRESS serves dist/, with this folder as /bench, onnxruntime-web as /ort and the networks as /onnx/MODEL.onnx.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, launchIn } from '../chromium.mjs';

const [address, rounds, runs, ...models] = process.argv.slice(2);
const counted = Number(runs);
let over = 0;

const median = values => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const ms = value => `${value.toFixed(1)} ms`;
function against(what, value, limit, shown) {
  const fine = value <= limit;
  if (!fine) over++;
  console.log(`  ${what.padEnd(44)} ${shown.padStart(34)}, limit ${limit}: ${fine ? 'ok' : 'over the limit'}`);
}

// Both runtimes take turns, so that whatever else the machine does slows both.
async function networks() {
  const browser = await launch('cpu');
  const page = await browser.newPage();
  await page.goto(`${address}bench/index.html`);
  await page.waitForFunction('window.ready');
  console.log(`Engine: ${await page.evaluate('startEngine()')}; Chromium ${browser.version()}; medians of warm runs`);
  await page.evaluate('startPeer()');
  for (const model of models) {
    await page.evaluate(`loadPeer('/onnx/${model}.onnx')`);
    await page.evaluate('timePeer(5)'); // V8 compiles hot loops only after some calls; the engine warms up by itself.
    const ours = {};
    const theirs = [];
    for (let round = 0; round < rounds; round++) {
      theirs.push(...await page.evaluate(`timePeer(${counted})`));
      for (const [what, millis] of Object.entries(await page.evaluate(`timeEngine('${model}', ${counted})`))) {
        (ours[what] ??= []).push(...millis);
      }
    }
    const forward = median(ours.forward);
    const passes = what => median(ours[what] ?? []) / forward;
    const shown = what => `${ms(median(ours[what] ?? []))} = ${passes(what).toFixed(2)} passes`;
    const peer = median(theirs);
    console.log(`\n${model} (${ours.forward.length} runs each, ${(ours['integrated-gradients'] ?? []).length} of integrated gradients)`);
    against('forward pass / onnxruntime-web', forward / peer, 1.25, `${ms(forward)} / ${ms(peer)} = ${(forward / peer).toFixed(2)}`);
    against('saliency', passes('saliency'), 2.5, shown('saliency'));
    against('integrated gradients, 50 steps', passes('integrated-gradients'), 110, shown('integrated-gradients'));
    for (const what of Object.keys(ours)) {
      if (!['forward', 'saliency', 'integrated-gradients'].includes(what)) console.log(`  ${what.padEnd(44)} ${shown(what).padStart(34)}`);
    }
  }
  await browser.close();
}

// Two moments of the page: its controls and pictures are there, and the first run is answered in full (the page writes the number of the
// answered run on <html>). The first visit fills the cache; every later one is a new browser with that cache.
async function page() {
  const folder = mkdtempSync(join(tmpdir(), 'sweetspot-bench-'));
  const times = { content: [], live: [] };
  for (let visit = 0; visit <= 5; visit++) {
    const context = await launchIn(folder, 'cpu');
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.moments = {};
      const reached = {
        content: () => document.querySelector('[data-testid=gallery-item]'),
        live: () => document.documentElement.dataset.jobDone > 0,
      };
      new MutationObserver(() => {
        for (const [name, happened] of Object.entries(reached)) {
          // What has changed is on the screen with the next frame.
          if (!(name in window.moments) && happened()) {
            window.moments[name] = NaN;
            requestAnimationFrame(() => { window.moments[name] = performance.now(); });
          }
        }
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-job-done'] });
    });
    await page.goto(`${address}#d=cpu`, { waitUntil: 'commit' });
    for (const [name, list] of Object.entries(times)) {
      const moment = await page.waitForFunction(name => window.moments?.[name] || false, name, { timeout: 60_000 });
      if (visit > 0) list.push(await moment.jsonValue());
    }
    await context.close();
  }
  rmSync(folder, { recursive: true, force: true });
  console.log('\npage, from a warm cache (5 visits)');
  against('first meaningful content', median(times.content), 1000, ms(median(times.content)));
  against('first live result', median(times.live), 5000, ms(median(times.live)));
}

await networks();
await page();
process.exitCode = over ? 1 : 0;
