// The page without a network, with a bad one, and after an update: node offline.spec.mjs DIST. The host serves DIST under a sub-path with a
// space in it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check as tried, equal, finish, holds, listen, until } from './checks.mjs';
import { launch } from './chromium.mjs';
import { host } from './host.mjs';

const [dist] = process.argv.slice(2);
if (!dist) throw new Error('usage: node offline.spec.mjs DIST');
const site = await host(dist);
const browser = await launch('cpu');
const small = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904';

// Each check begins with a host that behaves.
const check = (name, body) => tried(name, () => { site.misbehave = () => undefined; return body(); });

const foreign = [];
async function visitor(hash = small) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.on('request', request => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== new URL(site.url).origin) foreign.push(request.url());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  listen(page, complaints);
  const answered = (after = 0) => page.waitForFunction(after => Number(document.documentElement.dataset.jobDone ?? 0) > after
    && document.querySelector('[data-testid=job]').dataset.busy === 'false', after);
  const tops = async () => [await page.getByTestId('top5-dense').innerText(), await page.getByTestId('top5-pruned').innerText()].join('\n');
  await page.goto(site.url + hash);
  return { context, page, complaints, answered, tops };
}
const copied = page => page.waitForFunction(() => document.documentElement.dataset.offline === 'ready');
const settled = async page => {
  // What was used is handed over a second after it was fetched.
  await copied(page);
  await page.waitForTimeout(2500);
};

await check('in a folder with a space in its name the page works, and is kept', async () => {
  const { context, page, answered, tops, complaints } = await visitor();
  await answered();
  const before = await tops();
  await settled(page);
  await context.setOffline(true);
  site.misbehave = () => ({ status: 503 });
  await page.reload();
  await answered();
  equal(await tops(), before, 'the answers without a network');
  holds(await page.locator('[data-testid=gallery-item]').first().isVisible(), 'pictures');
  equal(complaints.filter(words => !words.includes('503')).join(' | '), '', 'complaints');

  await page.getByTestId('network').selectOption('squeezenet1_1');
  await page.getByTestId('alert').first().waitFor();
  const sentence = await page.getByTestId('alert').first().innerText();
  holds(/squeezenet1_1/i.test(sentence), `a network that was never fetched: ${sentence}`);
  site.misbehave = () => undefined;
  await context.setOffline(false);
  await context.close();
});

await check('everything is kept when asked for, and less when asked for', async () => {
  const { context, page, answered } = await visitor();
  await answered();
  await copied(page);
  await page.locator('.device summary').click();
  const words = () => page.getByTestId('offline-words').innerText();
  await until(async () => (await words()).startsWith('Works without a network'), 'the words');
  await page.getByTestId('keep-all').click();
  await until(async () => /all [\d.]+\sMB are kept/.test(await words()), `everything: ${await words()}`, 60);
  await context.setOffline(true);
  site.misbehave = () => ({ status: 503 });
  await page.goto(site.url + '#v=1&m=squeezenet1_1&i=koala');
  await page.reload();
  await answered();
  await page.locator('.device summary').click();
  await page.getByTestId('forget-copy').click();
  await until(async () => /of [\d.]+\sMB are kept/.test(await words()), `less: ${await words()}`);
  site.misbehave = () => undefined;
  await context.close();
});

await check('where there is no more space, it says so, and the page goes on', async () => {
  const { context, page, answered } = await visitor();
  await answered();
  await copied(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 2e7 });
  await page.locator('.device summary').click();
  await page.getByTestId('keep-all').click();
  await until(async () => /Not everything could be kept/.test(await page.getByTestId('offline-words').innerText()), 'a sentence', 60);
  const before = await page.evaluate(() => Number(document.documentElement.dataset.jobDone));
  await page.getByTestId('sparsity').press('ArrowRight');
  await answered(before);
  await context.close();
});

await check('a newer version says so, waits, and is taken with the experiment', async () => {
  const { context, page, answered } = await visitor();
  await answered();
  await copied(page);
  equal(await page.getByTestId('update-now').count(), 0, 'notices');
  const worker = await readFile(join(dist, 'service_worker.js'), 'utf8');
  const style = (await readFile(join(dist, 'index.html'), 'utf8')).replace('<title>Sweetspot', '<title>Newer Sweetspot');
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha384').update(style).digest('base64');
  const newer = worker.replace(/"index\.html":\{[^}]*\}/, `"index.html":{"size":${style.length},"hash":"sha384-${hash}"}`);
  holds(newer !== worker, 'another list of files');
  site.misbehave = name => ({ 'service_worker.js': { body: Buffer.from(newer) }, 'index.html': { body: Buffer.from(style) } }[name]);
  await page.reload();
  holds(!(await page.title()).startsWith('Newer'), 'the old version is served until it is asked for');
  await page.getByTestId('update-now').waitFor();
  await page.getByTestId('update-now').click();
  await page.waitForFunction(() => document.title.startsWith('Newer'));
  await answered();
  holds(page.url().includes('m=mini_resnet_small'), `the experiment: ${page.url()}`);
  site.misbehave = () => undefined;
  await context.close();
});

await check('a program that is damaged on its way is not run, and a sentence says so', async () => {
  const bytes = Buffer.from(await readFile(join(dist, 'engine_bg.wasm')));
  // A byte of a text in the data section: it compiles, and only the hash can tell.
  const at = bytes.indexOf('squeezenet1_1');
  holds(at > 0, 'a text in the program');
  bytes[at] ^= 1;
  site.misbehave = name => (name === 'engine_bg.wasm' ? { body: bytes } : undefined);
  const { context, page } = await visitor();
  await page.getByTestId('engine-down').filter({ hasText: 'damaged' }).waitFor();
  site.misbehave = () => undefined;
  await page.getByTestId('retry-cpu').click();
  await page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0);
  await context.close();
});

await check('before the engine is there, the usual experiment shows what was computed beforehand, and says so', async () => {
  site.misbehave = name => (name === 'engine_bg.wasm' ? { hangs: true } : undefined);
  const { context, page, complaints } = await visitor('');
  const began = Date.now();
  await page.waitForFunction(() => document.querySelector('[data-testid=map-pruned]')?.getAttribute('aria-label').includes('of its mass on the object'));
  console.log(`      after ${Date.now() - began} ms`);
  equal(await page.locator('[data-testid=top5-pruned] li').count(), 5, 'classes');
  holds((await page.locator('.pane.beforehand').first().innerText()).includes('computed beforehand'), 'it says so');
  equal(complaints.join(' | '), '', 'complaints');
  await context.close();
  site.misbehave = () => undefined;
  const live = await visitor('');
  await live.answered();
  equal(await live.page.locator('.pane.beforehand').count(), 0, 'panes from beforehand afterwards');
  await live.context.close();
});

await check('a network that breaks in the middle of a download gets a sentence, and can be had again', async () => {
  const { context, page, answered } = await visitor();
  await answered();
  const jobs = () => page.evaluate(() => Number(document.documentElement.dataset.jobDone));
  const before = await jobs();
  const breaks = name => (name === 'models/squeezenet1_1.safetensors' ? { breaksAfter: 300_000 } : undefined);
  site.misbehave = breaks;
  await page.getByTestId('network').selectOption('squeezenet1_1');
  await page.getByTestId('alert').first().waitFor();
  holds((await page.getByTestId('alert').first().innerText()).includes('squeezenet1_1'), 'the sentence names the network');
  holds(await page.getByTestId('top5-dense').isVisible(), 'the last results stay');
  site.misbehave = () => undefined;
  await page.getByTestId('network').selectOption('squeezenet1_1');
  await answered(before);
  await context.close();
});

await check('two tabs compute at once, and neither disturbs the other', async () => {
  const { context, page, answered, tops } = await visitor();
  const other = await context.newPage();
  await other.goto(`${site.url}#v=1&m=mini_resnet_small&c=lrr&scene=7&s=0.8`);
  await answered();
  await other.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0);
  const before = await tops();
  await other.getByTestId('sparsity').press('ArrowLeft');
  await other.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 1);
  equal(await tops(), before, 'the first tab');
  holds(page.url().includes('scene=3') && other.url().includes('scene=7'), 'each has its own experiment');
  await context.close();
});

await check('without storage the page works, and says what is not kept', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const denied = () => { throw new DOMException('denied', 'SecurityError'); };
    Object.defineProperty(window, 'localStorage', { get: denied });
    Object.defineProperty(window, 'indexedDB', { get: denied });
    Object.defineProperty(window, 'caches', { get: denied });
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', error => complaints.push(error.message));
  await page.goto(site.url + small);
  await page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0, null, { timeout: 60_000 });
  await page.locator('.device summary').click();
  holds((await page.getByTestId('offline-words').innerText()).startsWith('No copy'), 'it says that nothing is kept');
  equal(complaints.join(' | '), '', 'complaints');
  await context.close();
});

await check('a worker that dies is followed by another, and a sentence says so', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...words) {
        super(...words);
        window.kill = () => this.terminate();
        window.crash = message => this.dispatchEvent(new MessageEvent('message', { data: message }));
      }
    };
  });
  const page = await context.newPage();
  await page.goto(site.url + small);
  const done = () => page.evaluate(() => Number(document.documentElement.dataset.jobDone ?? 0));
  await until(async () => (await done()) > 0, 'a first answer', 60);
  // A worker that dies as panics make it die; the experiment goes on in the next one.
  await page.evaluate(() => { window.kill(); window.crash('panic: the GPU device was lost'); });
  await page.getByTestId('restarted').waitFor();
  const before = await done();
  await until(async () => (await done()) > before, 'an answer afterwards', 60);
  await context.close();
});

await check('nothing was asked of any other host', async () => equal(foreign.join(' '), '', 'requests'));

await browser.close();
await site.close();
finish();
