// Measures the page in headless Chromium and prints its figures against their limits; scripts/bench-browser prepares what it needs.
//
//     node bench.mjs ADDRESS ROUNDS RUNS MODELS PEERS [--smoke]
//
// MODELS are the networks and PEERS those that onnxruntime-web runs, too, each with commas between. ADDRESS serves dist/, with this folder as /bench,
// onnxruntime-web as /ort and the peers as /onnx/MODEL.onnx. --smoke asks only whether there are figures: its limits hold nobody up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, launchIn } from '../chromium.mjs';

const [address, rounds, runs, ...names] = process.argv.slice(2);
const [models, peers] = names.map(list => list.split(',').filter(Boolean));
const smoke = names[2] === '--smoke';
const counted = Number(runs);
const visits = smoke ? 1 : 5;
let over = 0;

// In forward passes of the same network, in all or for each sample. They hold at 224 pixels: where a pass takes a millisecond, what lies between
// passes, such as asking whether the run was cancelled, takes as long, and is shown without a limit.
const LIMITS = {
  saliency: 2.5, 'grad-cam': 2.5, 'guided-backprop': 2.5,
  'integrated-gradients': 110, smoothgrad: 110,
  rise: { sample: 1.1 }, occlusion: { sample: 1.1 },
};

const timed = new Set();
const failed = [];

const median = values => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const ms = value => `${value.toFixed(1)} ms`;
const line = (what, shown, verdict = '') => console.log(`  ${what.padEnd(44)} ${shown.padStart(34)}${verdict}`);
// A figure that is none, or no time at all, means that nothing was measured.
function measured(what, value) {
  if (!(Number.isFinite(value) && value > 0)) throw new Error(`${what}: ${value} was measured`);
  return value;
}
function against(what, value, limit, shown) {
  const fine = measured(what, value) <= limit;
  if (!fine) over++;
  line(what, shown, `, limit ${limit}: ${fine ? 'ok' : 'over the limit'}`);
}

// Both runtimes take turns, so that whatever else the machine does slows both.
async function network(page, model) {
  const { input: { side } } = await (await fetch(`${address}models/${model}.json`)).json();
  const hasPeer = peers.includes(model);
  if (hasPeer) {
    await page.evaluate(`loadPeer('/onnx/${model}.onnx', ${side})`);
    await page.evaluate('timePeer(5)'); // V8 compiles hot loops only after some calls; the engine warms up by itself.
  }
  const forwards = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    if (hasPeer) theirs.push(...await page.evaluate(`timePeer(${counted})`));
    const [forward] = await page.evaluate(`timeEngine('${model}', 'forward', ${counted})`);
    forwards.push(...forward.millis);
  }
  const [ours, peer] = [median(forwards), median(theirs)];
  console.log(`\n${model} (${forwards.length} forward passes each, ${counted} runs of methods of one pass, ${Math.ceil(counted / 5)} of others)`);
  if (hasPeer) against('forward pass / onnxruntime-web', ours / peer, 1.25, `${ms(ours)} / ${ms(peer)} = ${(ours / peer).toFixed(2)}`);
  else line('forward pass', ms(measured('forward pass', ours)), ', without a peer');
  // A forward pass of the same run is the unit of everything else.
  const [unit, ...timings] = await page.evaluate(`timeEngine('${model}', 'all', ${counted})`);
  const forward = median(unit.millis);
  for (const { what, passes, millis } of timings) {
    timed.add(what);
    const time = measured(what, median(millis));
    const shown = `${ms(time)} = ${(time / forward).toFixed(2)} passes`;
    const limit = side >= 224 ? LIMITS[what] : undefined;
    if (limit?.sample) against(`${what}, each of ${passes}`, time / forward / passes, limit.sample, `${ms(time / passes)} = ${(time / forward / passes).toFixed(3)} passes`);
    else if (limit) against(what, time / forward, limit, shown);
    else line(what, shown, passes > 1 ? `, ${(time / forward / passes).toFixed(3)} each of ${passes}` : '');
  }
  const both = ['insertion', 'deletion'].map(name => median(timings.find(({ what }) => what === name)?.millis ?? []));
  const [curves, steps] = ['insertion and deletion, 224 steps', measured('insertion and deletion', both[0] + both[1])];
  const shown = `${ms(steps)} = ${(steps / forward).toFixed(1)} passes`;
  if (side >= 224) against(curves, steps / forward, 450, shown);
  else line(curves, shown);
}

async function networks() {
  const browser = await launch('cpu');
  const page = await browser.newPage();
  await page.goto(`${address}bench/index.html`);
  await page.waitForFunction('window.ready');
  console.log(`Engine: ${await page.evaluate('startEngine()')}; Chromium ${browser.version()}; medians of warm runs`);
  if (peers.length) await page.evaluate('startPeer()');
  for (const model of models) {
    try {
      await network(page, model);
    } catch (error) {
      // The others are measured all the same.
      console.log(`  ${model} cannot be measured: ${error.message.split('\n')[0]}`);
      failed.push(model);
    }
  }
  await browser.close();
  const never = Object.keys(LIMITS).filter(what => !timed.has(what));
  if (never.length) throw new Error(`there is a limit for what no network was timed at: ${never.join(', ')}`);
}

// Two moments of the page: its controls and pictures are there, and the first run is answered in full (the page writes the number of the
// answered run on <html>). The first visit fills the cache; every later one is a new browser with that cache.
async function page() {
  const folder = mkdtempSync(join(tmpdir(), 'sweetspot-bench-'));
  const times = { content: [], live: [] };
  for (let visit = 0; visit <= visits; visit++) {
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
  console.log(`\npage, from a warm cache (${visits} visits)`);
  against('first meaningful content', median(times.content), 1000, ms(median(times.content)));
  against('first live result', median(times.live), 5000, ms(median(times.live)));
}

await networks();
await page();
process.exitCode = failed.length || (over && !smoke) ? 1 : 0;
