// Accessibility: node access.spec.mjs URL. axe-core looks at every panel, wide and narrow, light and dark, and with forced colours; what can be
// pressed is as large as WCAG 2.2 asks, has a name, and is reached by keyboard.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { check, equal, finish, holds } from './checks.mjs';
import { launch } from './chromium.mjs';

const [address] = process.argv.slice(2);
if (!address) throw new Error('usage: node access.spec.mjs URL');
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await launch('cpu');
const start = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904';

async function visit(options, hash = start) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(new URL(address).href + hash);
  await page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0
    && document.querySelector('[data-testid=job]').dataset.busy === 'false');
  return page;
}

const idle = page => page.waitForFunction(() => document.querySelector('[data-testid=job]').dataset.busy === 'false');

// Opens every panel that is closed, from the top down, and waits for what it computes.
async function openAll(page) {
  const closed = page.locator('details:not([open]) > summary:visible');
  for (let left = 60; left > 0 && await closed.count() > 0; left -= 1) {
    await closed.first().click();
    await idle(page);
  }
}

// What axe finds, as "rule: where" lines. The script goes in through the debugger, which the page's policy does not concern.
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap(rule => rule.nodes.slice(0, 4).map(node => `${rule.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`));
}

const states = [
  ['wide and light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
  ['wide and dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
  ['narrow and light', { viewport: { width: 390, height: 844 }, colorScheme: 'light' }],
  ['at 320 px, dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
];
for (const [name, options] of states) {
  await check(`axe finds nothing with every panel open, ${name}`, async () => {
    const page = await visit(options);
    await openAll(page);
    await page.waitForTimeout(300);
    const found = await findings(page);
    equal(found.slice(0, 12).join('\n      '), '', 'findings');
    holds(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the screen');
    await page.context().close();
  });
}

await check('axe finds nothing in the dialogs', async () => {
  const page = await visit({ viewport: { width: 1280, height: 900 } });
  for (const button of await page.locator('[aria-haspopup=dialog]:visible').all()) {
    await button.click();
    await page.locator('dialog[open]').waitFor();
    await page.waitForTimeout(300);
    equal((await findings(page)).join('\n      '), '', `findings after "${await button.innerText()}"`);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' }).catch(() => undefined);
  }
  await page.context().close();
});

await check('what can be pressed is at least 24 by 24 px', async () => {
  const page = await visit({ viewport: { width: 390, height: 844 } });
  await openAll(page);
  const small = await page.evaluate(() => [...document.querySelectorAll('button, select, summary, input:not([type=hidden]), [role=button]')].filter(element => {
    const box = (element.closest('label') ?? element).getBoundingClientRect();
    // Links and buttons within a sentence are excepted.
    return box.width > 0 && !element.closest('.hidden') && !element.classList.contains('why') && (box.width < 23.5 || box.height < 23.5);
  }).map(element => `${element.tagName} ${element.dataset.testid ?? element.textContent.trim().slice(0, 30)}`));
  equal(small.slice(0, 8).join(', '), '', 'too small');
  await page.context().close();
});

await check('everything is reached with the Tab key, in order, and focus is seen', async () => {
  const page = await visit({ viewport: { width: 1280, height: 900 } });
  const seen = new Set();
  for (let press = 0; press < 400; press += 1) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const ring = style.outlineStyle !== 'none' || element.type === 'radio' || element.type === 'checkbox';
      element.dataset.tabbed = 'yes';
      return [element.dataset.testid ?? element.tagName, ring];
    });
    if (where === null) break;
    holds(where[1], `no focus ring on ${where[0]}`);
    seen.add(where[0]);
  }
  for (const id of ['network', 'criterion', 'method', 'sparsity', 'copy-link', 'cancel']) {
    if (!seen.has(id)) {
      const disabled = await page.getByTestId(id).evaluate(element => element.disabled).catch(() => true);
      holds(disabled, `${id} is not reached`);
    }
  }
  await page.context().close();
});

await check('with forced colours and at 200 % the controls are there', async () => {
  const page = await visit({ viewport: { width: 640, height: 450 }, forcedColors: 'active', deviceScaleFactor: 2 });
  holds(await page.getByTestId('sparsity').isVisible(), 'the slider');
  holds(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the screen');
  await page.context().close();
});

await browser.close();
finish();
