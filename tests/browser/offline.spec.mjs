// The page without a network, with a bad one, and after an update. The host serves the folder DIST under a sub-path with a space in it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, done, expect, first, idle, listen, plain as test } from './hands.mjs';
import { host } from './host.mjs';

const dist = process.env.DIST;
if (!dist) throw new Error('DIST has to be the folder of the page');
const small = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904';

let site;
test.beforeAll(async () => { site = await host(dist); });
test.afterAll(() => site.close());
// Each test begins with a host that behaves.
test.beforeEach(() => { site.misbehave = () => undefined; });

const foreign = [];
async function visitor(browser, hash = small) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.on('request', request => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== new URL(site.url).origin) foreign.push(request.url());
  });
  const page = await context.newPage();
  const complaints = [];
  listen(page, complaints);
  await page.goto(site.url + hash);
  return { context, page, complaints };
}

const says = (page, id) => expect.poll(() => page.getByTestId(id).innerText(), { message: id });
const tops = async page => [await page.getByTestId('top5-dense').innerText(), await page.getByTestId('top5-pruned').innerText()].join('\n');
const copied = page => expect(page.locator('html')).toHaveAttribute('data-offline', 'ready');
const device = page => page.locator('.device summary').click();
// The paths of what the service worker keeps.
const kept = page => page.evaluate(async () => {
  const keys = await (await caches.open('sweetspot')).keys();
  const root = new URL('.', location.href).pathname;
  return keys.map(request => decodeURIComponent(new URL(request.url).pathname.slice(root.length)));
});

test('in a folder with a space in its name the page works, and is kept', async ({ browser }) => {
  site.requests.length = 0;
  const { context, page, complaints } = await visitor(browser);
  await first(page);
  const before = await tops(page);
  await copied(page);
  // What was used is handed over a second after it was fetched. The service worker itself is never kept.
  const used = [...new Set(site.requests)].filter(name => name !== 'service_worker.js');
  await expect.poll(async () => { const there = await kept(page); return used.filter(name => !there.includes(name)); }, 'what was used and is not kept').toEqual([]);
  await context.setOffline(true);
  site.misbehave = () => ({ status: 503 });
  await page.reload();
  await first(page);
  await expect.poll(() => tops(page), 'the answers without a network').toBe(before);
  await expect(page.getByTestId('gallery-item').first()).toBeVisible();
  expect(complaints.filter(words => !words.includes('503')), 'complaints').toEqual([]);

  await page.getByTestId('network').selectOption('squeezenet1_1');
  await expect(page.getByTestId('alert').first()).toContainText(/squeezenet1_1/i);
  await context.close();
});

test('everything is kept when asked for, and less when asked for', async ({ browser }) => {
  const { context, page } = await visitor(browser);
  await first(page);
  await copied(page);
  await device(page);
  await says(page, 'offline-words').toMatch(/^Works without a network/);
  await page.getByTestId('keep-all').click();
  await says(page, 'offline-words').toMatch(/all [\d.]+\sMB are kept/);
  await context.setOffline(true);
  site.misbehave = () => ({ status: 503 });
  await page.goto(site.url + '#v=1&m=squeezenet1_1&i=koala');
  await page.reload();
  await first(page);
  await device(page);
  await says(page, 'offline-words').toMatch(/all [\d.]+\sMB are kept/);
  await page.getByTestId('forget-copy').click();
  await says(page, 'offline-words').toMatch(/of [\d.]+\sMB are kept/);
  await context.close();
});

test('where there is no more space, it says so, and the page goes on', async ({ browser }) => {
  const { context, page } = await visitor(browser);
  await first(page);
  await copied(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 2e7 });
  await device(page);
  await page.getByTestId('keep-all').click();
  await says(page, 'offline-words').toMatch(/Not everything could be kept/);
  const before = await done(page);
  await page.getByTestId('sparsity').press('ArrowRight');
  await after(before, page);
  await idle(page);
  await context.close();
});

test('a newer version says so, waits, and is taken with the experiment', async ({ browser }) => {
  const { context, page } = await visitor(browser);
  await first(page);
  await copied(page);
  await expect(page.getByTestId('update-now')).toHaveCount(0);
  const worker = await readFile(join(dist, 'service_worker.js'), 'utf8');
  const style = (await readFile(join(dist, 'index.html'), 'utf8')).replace('<title>Sweetspot', '<title>Newer Sweetspot');
  const hash = createHash('sha384').update(style).digest('base64');
  const newer = worker.replace(/"index\.html":\{[^}]*\}/, `"index.html":{"size":${style.length},"hash":"sha384-${hash}"}`);
  expect(newer, 'another list of files').not.toBe(worker);
  site.misbehave = name => ({ 'service_worker.js': { body: Buffer.from(newer) }, 'index.html': { body: Buffer.from(style) } }[name]);
  await page.reload();
  await expect(page.getByTestId('update-now')).toBeVisible();
  // The old version is served until it is asked for.
  await expect(page).not.toHaveTitle(/^Newer/);
  await page.getByTestId('update-now').click();
  await expect(page).toHaveTitle(/^Newer/);
  await first(page);
  await expect(page).toHaveURL(/m=mini_resnet_small/);
  await context.close();
});

test('a program that is damaged on its way is not run, and a sentence says so', async ({ browser }) => {
  const bytes = Buffer.from(await readFile(join(dist, 'engine_bg.wasm')));
  // A byte of a text in the data section: it compiles, and only the hash can tell.
  const at = bytes.indexOf('squeezenet1_1');
  expect(at, 'a text in the program').toBeGreaterThan(0);
  bytes[at] ^= 1;
  site.misbehave = name => (name === 'engine_bg.wasm' ? { body: bytes } : undefined);
  const { context, page } = await visitor(browser);
  await expect(page.getByTestId('engine-down')).toContainText('damaged');
  site.misbehave = () => undefined;
  await page.getByTestId('retry-cpu').click();
  await after(0, page);
  await context.close();
});

test('before the engine is there, the usual experiment shows what was computed beforehand, and says so', async ({ browser }) => {
  site.misbehave = name => (name === 'engine_bg.wasm' ? { hangs: true } : undefined);
  const { context, page, complaints } = await visitor(browser, '');
  await expect(page.getByTestId('map-pruned')).toHaveAttribute('aria-label', /of its mass on the object/);
  await expect(page.getByTestId('top5-pruned').locator('li')).toHaveCount(5);
  await expect(page.locator('.pane.beforehand').first()).toContainText('computed beforehand', { useInnerText: true });
  expect(complaints, 'complaints').toEqual([]);
  await context.close();
  site.misbehave = () => undefined;
  const live = await visitor(browser, '');
  await first(live.page);
  await expect(live.page.locator('.pane.beforehand')).toHaveCount(0);
  await live.context.close();
});

test('a network that breaks in the middle of a download gets a sentence, and can be had again', async ({ browser }) => {
  const { context, page } = await visitor(browser);
  await first(page);
  const before = await done(page);
  site.misbehave = name => (name === 'models/squeezenet1_1.safetensors' ? { breaksAfter: 300_000 } : undefined);
  await page.getByTestId('network').selectOption('squeezenet1_1');
  await expect(page.getByTestId('alert').first()).toContainText('squeezenet1_1');
  await expect(page.getByTestId('top5-dense')).toBeVisible();
  site.misbehave = () => undefined;
  await page.getByTestId('network').selectOption('squeezenet1_1');
  await after(before, page);
  await idle(page);
  await context.close();
});

test('two tabs compute at once, and neither disturbs the other', async ({ browser }) => {
  const { context, page } = await visitor(browser);
  const other = await context.newPage();
  await other.goto(`${site.url}#v=1&m=mini_resnet_small&c=lrr&scene=7&s=0.8`);
  await first(page);
  await first(other);
  const [before, last] = [await tops(page), await done(other)];
  await other.getByTestId('sparsity').press('ArrowLeft');
  await after(last, other);
  await idle(other);
  await idle(page);
  await expect.poll(() => tops(page), 'the first tab').toBe(before);
  await expect(page).toHaveURL(/scene=3/);
  await expect(other).toHaveURL(/scene=7/);
  await context.close();
});

test('without storage the page works, and says what is not kept', async ({ browser }) => {
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
  await after(0, page);
  await device(page);
  await says(page, 'offline-words').toMatch(/^No copy/);
  await idle(page);
  expect(complaints, 'complaints').toEqual([]);
  await context.close();
});

test('a worker that dies is followed by another, and a sentence says so', async ({ browser }) => {
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
  await first(page);
  const before = await done(page);
  // A worker that dies as panics make it die; the experiment goes on in the next one.
  await page.evaluate(() => { window.kill(); window.crash('panic: the GPU device was lost'); });
  await expect(page.getByTestId('restarted')).toBeVisible();
  await after(before, page);
  await context.close();
});

test('nothing was asked of any other host', () => expect(foreign).toEqual([]));
