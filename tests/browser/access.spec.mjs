// Accessibility: axe-core looks at every panel, wide and narrow, light and dark, and with forced colours; what can be pressed is as large as WCAG 2.2
// asks, has a name, and is reached by keyboard.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, first, idle, plain as test, url } from './hands.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const start = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904';

async function visit(browser, options, hash = start) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(url + hash);
  await first(page);
  return page;
}

// Opens every panel that is closed, from the top down, and waits for what it computes.
async function openAll(page) {
  const closed = page.locator('details:not([open]) > summary:visible');
  for (let left = 60; left > 0 && await closed.count() > 0; left -= 1) {
    await closed.first().click();
    await idle(page);
  }
  await expect(closed).toHaveCount(0);
}

// What axe finds, as "rule: where" lines, once colours that change have changed. The script goes in through the debugger, which the page's policy does not
// concern.
async function findings(page) {
  await idle(page);
  const changing = () => page.evaluate(() => document.getAnimations().filter(one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity).length);
  await expect.poll(changing, 'colours that change').toBe(0);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap(rule => rule.nodes.slice(0, 4).map(node => `${rule.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`));
}

// How far the page reaches beyond the screen.
const beyond = page => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));

const states = [
  ['wide and light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
  ['wide and dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
  ['narrow and light', { viewport: { width: 390, height: 844 }, colorScheme: 'light' }],
  ['at 320 px, dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
];
for (const [name, options] of states) {
  test(`axe finds nothing with every panel open, ${name}`, async ({ browser }) => {
    const page = await visit(browser, options);
    await openAll(page);
    await expect.poll(async () => (await findings(page)).slice(0, 12), 'findings').toEqual([]);
    await expect.poll(() => beyond(page), 'pixels beyond the screen').toBe(0);
    await page.context().close();
  });
}

test('axe finds nothing in the dialogs', async ({ browser }) => {
  const page = await visit(browser, { viewport: { width: 1280, height: 900 } });
  const open = page.locator('dialog[open]');
  const buttons = await page.locator('[aria-haspopup=dialog]:visible').all();
  expect(buttons.length, 'buttons that open dialogs').toBeGreaterThan(0);
  for (const button of buttons) {
    await button.click();
    await expect(open).toBeVisible();
    await expect.poll(() => findings(page), `findings after "${await button.innerText()}"`).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(open).toHaveCount(0);
  }
  await page.context().close();
});

test('what can be pressed is at least 24 by 24 px', async ({ browser }) => {
  const page = await visit(browser, { viewport: { width: 390, height: 844 } });
  await openAll(page);
  const small = () => page.evaluate(() => [...document.querySelectorAll('button, select, summary, input:not([type=hidden]), [role=button]')].filter(element => {
    const box = (element.closest('label') ?? element).getBoundingClientRect();
    // Links and buttons within a sentence are excepted.
    return box.width > 0 && !element.closest('.hidden') && !element.classList.contains('why') && (box.width < 23.5 || box.height < 23.5);
  }).map(element => `${element.tagName} ${element.dataset.testid ?? element.textContent.trim().slice(0, 30)}`));
  await expect.poll(async () => (await small()).slice(0, 8), 'too small').toEqual([]);
  await page.context().close();
});

test('everything is reached with the Tab key, in order, and focus is seen', async ({ browser }) => {
  const page = await visit(browser, { viewport: { width: 1280, height: 900 } });
  const seen = new Set();
  for (let press = 0; press < 400; press += 1) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      element.dataset.tabbed = 'yes';
      return element.dataset.testid ?? element.tagName;
    });
    if (where === null) break;
    await expect.poll(() => page.evaluate(() => {
      const element = document.activeElement;
      return getComputedStyle(element).outlineStyle !== 'none' || element.type === 'radio' || element.type === 'checkbox';
    }), `a focus ring on ${where}`).toBe(true);
    seen.add(where);
  }
  for (const id of ['network', 'criterion', 'method', 'sparsity', 'copy-link', 'cancel']) {
    if (!seen.has(id)) {
      const disabled = await page.getByTestId(id).evaluate(element => element.disabled);
      expect(disabled, `${id} is not reached`).toBe(true);
    }
  }
  await page.context().close();
});

test('with forced colours and at 200 % the controls are there', async ({ browser }) => {
  const page = await visit(browser, { viewport: { width: 640, height: 450 }, forcedColors: 'active', deviceScaleFactor: 2 });
  await expect(page.getByTestId('sparsity')).toBeVisible();
  await expect.poll(() => beyond(page), 'pixels beyond the screen').toBe(0);
  await page.context().close();
});
