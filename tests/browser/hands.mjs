// What the browser tests drive the page with. A file's tests share one page, in a browser that remembers nothing of other files, and build on each other:
// they run in order, and the first that fails ends its file.
//
// Nothing is read once and believed: what an action changes is awaited with expect(...) on a locator, or with expect.poll. What is to stay as it
// was is compared after something else has told that the action is over.
import { readFileSync } from 'node:fs';
import { expect, test as base } from '@playwright/test';

export { expect };

if (!process.env.PAGE && !process.env.DIST) throw new Error('PAGE has to be the address of the page');
export const url = process.env.PAGE && new URL(process.env.PAGE).href;

// The page of the file that is running, for the functions below.
let page;
// What it complained of.
const complaints = [];
// The test that is going on.
let current = 'before the first test';

// Notes what a page complains of in its console, or throws, with the test during which it did. What is expected in the console is left out.
export function listen(page, complaints, expected = /^$/) {
  const note = said => complaints.push(`during '${current}': ${said}`);
  page.on('console', message => message.type() === 'error' && !expected.test(message.text()) && note(`console: ${message.text()}`));
  page.on('pageerror', error => note(`page: ${error.message}`));
}

// Tests that have no page of their own beforehand.
export const plain = base.extend({
  named: [async ({}, use, info) => {
    current = info.title;
    await use();
  }, { auto: true }],
});

export const test = plain.extend({
  desk: [async ({}, use) => {
    const desk = {};
    await use(desk);
    await desk.context?.close();
  }, { scope: 'worker' }],

  context: async ({ browser, desk }, use, info) => {
    if (desk.file !== info.file) {
      await desk.context?.close();
      complaints.length = 0;
      desk.context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      desk.context.setDefaultTimeout(info.project.use.actionTimeout);
      await desk.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
      desk.page = await desk.context.newPage();
      desk.file = info.file;
      listen(desk.page, complaints);
    }
    await use(desk.context);
  },

  page: async ({ context, desk }, use) => {
    void context;
    await use(desk.page);
  },

  // Before every test, whether it names the page or not: the functions below are about it.
  hands: [async ({ page: own }, use) => {
    page = own;
    await use();
  }, { auto: true }],
});

// The last test of a file: test(...last).
export const last = ['nothing was complained of in the console', async ({ page }) => {
  // What was said before is heard before the answer.
  await page.evaluate(() => 0);
  expect(complaints).toEqual([]);
}];

// How soon a read is repeated, in milliseconds, the last for good.
const intervals = [20, 50, 100, 100, 250];
const read = (what, message, timeout) => expect.poll(what, { message, timeout, intervals });

export const at = id => page.getByTestId(id);
// What an element says, read until it is as wanted: says('status').toContain('GPU'). Spaces that do not break count as such, unlike in toHaveText.
export const says = (id, timeout) => read(() => words(id), id, timeout);
export const words = id => at(id).innerText();
export const alertWith = text => at('alert').filter({ hasText: text }).first();

export const fragment = () => page.evaluate(() => location.hash);
export const link = () => read(fragment, 'the link');

// How many runs were answered, as the number of the last.
export const done = (of = page) => of.evaluate(() => Number(document.documentElement.dataset.jobDone ?? 0));

// Waits for a run that is answered after another one.
export const after = (before, of = page) => of.waitForFunction(before => Number(document.documentElement.dataset.jobDone ?? 0) > before, before);

// Waits until nothing is computed, nor begun within some frames: a panel that is opened asks for what it shows a moment later.
let waits = 0;
export const idle = (of = page) => of.waitForFunction(wait => {
  const quiet = document.querySelector('[data-testid=job]')?.dataset.busy === 'false';
  if (window.quiet?.wait !== wait) window.quiet = { wait, frames: 0 };
  window.quiet.frames = quiet ? window.quiet.frames + 1 : 0;
  return window.quiet.frames > 3;
}, waits += 1);

// Waits for the first answer of a page.
export async function first(of = page) {
  await after(0, of);
  await idle(of);
}

// Waits for a run that is answered after the action; answers what the action does.
export async function answered(action) {
  const before = await done();
  const result = await action();
  await after(before);
  await idle();
  return result;
}

// Goes to an experiment as if by a link from elsewhere.
export async function open(hash = '') {
  await page.goto('about:blank');
  await page.goto(url + hash);
}

// Opens a panel, if it is closed.
export async function unfold(id) {
  const details = at(id);
  if (!await details.evaluate(details => details.open)) await details.locator('summary').first().click();
  await expect(details).toHaveAttribute('open');
}

// Numbers that change with any pixel of a canvas, for the canvases of these names.
const sums = ids => page.evaluate(ids => ids.map(id => {
  const canvas = document.querySelector(`[data-testid=${id}]`);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (const byte of data) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}), ids);

export async function pixels(id) {
  await at(id).waitFor({ state: 'attached' });
  return (await sums([id]))[0];
}
export const drawn = id => read(() => pixels(id), `the pixels of ${id}`);

// What both networks show.
export async function shown() {
  const [dense, pruned] = await sums(['map-dense', 'map-pruned']);
  return { dense, pruned, denseTop: await words('top5-dense'), prunedTop: await words('top5-pruned') };
}
export const showing = () => read(shown, 'what is shown');

export const drop = (name, type, base64) => page.evaluate(([name, type, base64]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type }));
  for (const kind of ['dragover', 'drop']) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}, [name, type, base64]);

export const base64 = path => readFileSync(new URL(path, import.meta.url)).toString('base64');

// A picture of stripes, as base64.
export const stripes = () => page.evaluate(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 96;
  const context = canvas.getContext('2d');
  for (let i = 0; i < 96; i += 8) {
    context.fillStyle = `hsl(${i * 7} 80% 50%)`;
    context.fillRect(i, 0, 8, 96);
  }
  return canvas.toDataURL('image/png').split(',')[1];
});

// What a press saves: its name and bytes.
export async function saved(press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

// How the browser's database takes what the page writes, until it is loaded anew: 'usual', 'slow' (it does not end before it is told to be usual again), or
// 'refusing'.
export const database = manner => page.evaluate(manner => {
  const wrapped = window.databaseManner !== undefined;
  window.databaseManner = manner;
  if (wrapped) return;
  for (const method of ['put', 'delete', 'clear']) {
    const usual = IDBObjectStore.prototype[method];
    IDBObjectStore.prototype[method] = function written(...words) {
      const request = usual.apply(this, words);
      window.asked = (window.asked ?? 0) + 1;
      const hold = () => {
        if (window.databaseManner === 'refusing') this.transaction.abort();
        // As long as something is asked of it a transaction goes on.
        if (window.databaseManner === 'slow') this.get('').addEventListener('success', hold);
      };
      hold();
      return request;
    };
  }
}, manner);

// What the browser's database keeps on a shelf whose name begins so; nothing where there is no database yet. The page writes to it beside everything else, so a
// test waits for it before it reloads.
export const stored = (shelf, beginning = '') => page.evaluate(([shelf, beginning]) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('sweetspot');
  // It is the page that makes it.
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => (opening.error.name === 'AbortError' ? resolve([]) : reject(opening.error));
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction(shelf);
    const store = transaction.objectStore(shelf);
    const [names, values] = [store.getAllKeys(), store.getAll()];
    transaction.onabort = () => reject(transaction.error);
    transaction.oncomplete = () => {
      database.close();
      const kept = values.result.filter((_, at) => names.result[at].startsWith(beginning));
      resolve(kept.map(value => (typeof value === 'string' ? JSON.parse(value) : 'a blob')));
    };
  };
}), [shelf, beginning]);
