// The page in Firefox, as Mozilla ships it, on the CPU device. FIREFOX names the browser. What a link shows there is what it shows in Chromium.
import puppeteer from 'puppeteer-core';
import { expect, first, listen, plain as test, url } from './hands.mjs';

const link = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904&d=cpu';

// What a page shows, read with a function that both browsers can run.
const shown = () => {
  const words = id => document.querySelector(`[data-testid=${id}]`)?.innerText ?? '';
  return {
    done: Number(document.documentElement.dataset.jobDone ?? 0),
    busy: document.querySelector('[data-testid=job]')?.dataset.busy !== 'false',
    offline: document.documentElement.dataset.offline === 'ready',
    text: [words('top5-dense'), words('top5-pruned'), words('measures')].join('\n'),
    status: words('status'),
    alerts: words('alerts'),
    wide: document.documentElement.scrollWidth > window.innerWidth,
  };
};

test.describe.configure({ mode: 'serial' });

let firefox;
let page;
const complaints = [];
test.beforeAll(async () => {
  firefox = await puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true, defaultViewport: null, args: ['--width=1280', '--height=900'] });
  console.log(`      ${await firefox.version()}`);
  page = await firefox.newPage();
  listen(page, complaints);
});
test.afterAll(() => firefox?.close());

// A part of what the page in Firefox shows, until it is as wanted. Playwright cannot drive Debian's Firefox, so there are no locators here.
const shows = part => expect.poll(async () => (await page.evaluate(shown))[part], { message: part });
const answered = before => expect.poll(async () => { const now = await page.evaluate(shown); return now.done > before && !now.busy; }, 'an answer').toBe(true);

test('a link shows the same words in Firefox as in Chromium', async ({ browser }) => {
  const other = await browser.newPage();
  await other.goto(url + link);
  await first(other);
  const wanted = await other.evaluate(shown);
  await other.close();
  await page.goto(url + link);
  await answered(0);
  // Times differ; nothing else in these tables is one.
  await shows('text').toBe(wanted.text);
  await shows('status').toMatch(/^CPU/);
  await shows('alerts').toBe('');
});

test('the slider works by keyboard', async () => {
  const before = await page.evaluate(shown);
  await page.focus('[data-testid=sparsity]');
  await page.keyboard.press('ArrowRight');
  await answered(before.done);
  await shows('text').not.toBe(before.text);
});

test('objects are found', async () => {
  await page.evaluate(() => document.querySelector('[data-testid=objects] > summary').click());
  await expect.poll(() => page.evaluate(() => document.querySelector('[data-testid=object-verdict-dense]')?.innerText ?? ''), 'a verdict').toMatch(/found|missed/);
});

test('a copy is kept', () => shows('offline').toBe(true));
test('nothing is wider than the screen', () => shows('wide').toBe(false));
test('nothing was complained of', async () => {
  // What was said before is heard before the answer.
  await page.evaluate(() => 0);
  expect(complaints).toEqual([]);
});
