// The page in Firefox, as Mozilla ships it, on the CPU device: node firefox.spec.mjs URL. FIREFOX names the browser. What a link shows there is what
// it shows in Chromium.
import puppeteer from 'puppeteer-core';
import { check, equal, finish, holds, listen, until } from './checks.mjs';
import { launch } from './chromium.mjs';

const [address] = process.argv.slice(2);
if (!address) throw new Error('usage: node firefox.spec.mjs URL');
const url = new URL(address).href;
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

const chromium = await launch('cpu');
const other = await chromium.newPage();
await other.goto(url + link);
await until(async () => { const now = await other.evaluate(shown); return now.done > 0 && !now.busy; }, 'an answer in Chromium', 60);
const wanted = await other.evaluate(shown);
await chromium.close();

const firefox = await puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true, defaultViewport: null, args: ['--width=1280', '--height=900'] });
console.log(`      ${await firefox.version()}`);
const page = await firefox.newPage();
const complaints = [];
listen(page, complaints);
const now = () => page.evaluate(shown);
const answered = before => until(async () => { const at = await now(); return at.done > before && !at.busy; }, 'an answer', 90);

await check('a link shows the same words in Firefox as in Chromium', async () => {
  await page.goto(url + link);
  await answered(0);
  const got = await now();
  // Times differ; nothing else in these tables is one.
  equal(got.text, wanted.text, 'predictions and measures');
  holds(got.status.startsWith('CPU'), `the status: ${got.status}`);
  equal(got.alerts, '', 'messages');
});

await check('the slider works by keyboard', async () => {
  const before = await now();
  await page.focus('[data-testid=sparsity]');
  await page.keyboard.press('ArrowRight');
  await answered(before.done);
  holds((await now()).text !== before.text, 'the pruned side changes');
});

await check('objects are found', async () => {
  await page.evaluate(() => document.querySelector('[data-testid=objects] > summary').click());
  await until(() => page.evaluate(() => /found|missed/.test(document.querySelector('[data-testid=object-verdict-dense]')?.innerText ?? '')), 'a verdict', 60);
});

await check('a copy is kept', () => until(async () => (await now()).offline, 'an offline copy', 60));
await check('nothing is wider than the screen', async () => holds(!(await now()).wide, 'it is'));
await check('nothing was complained of', () => equal(complaints.join(' | '), '', 'complaints'));

await firefox.close();
finish();
