// Pictures of the page, to be looked at: node shots.mjs URL FOLDER. Every panel at 1440, 820 and 390 px, light and dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './chromium.mjs';

const [address, folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node shots.mjs URL FOLDER');
mkdirSync(folder, { recursive: true });
const browser = await launch('cpu');
const link = '#v=1&m=squeezenet1_1&i=koala&s=0.36';
for (const [width, height] of [[1440, 900], [820, 1100], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1 });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    await page.goto(new URL(address).href + link);
    const idle = () => page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0 && document.querySelector('[data-testid=job]').dataset.busy === 'false');
    await idle();
    const name = part => join(folder, `${width}-${colorScheme}-${part}.png`);
    await page.screenshot({ path: name('top') });
    // Each panel alone, opened.
    for (const panel of await page.locator('main details.panel, main details.group, main section.panel').all()) {
      const id = (await panel.getAttribute('data-testid')) ?? (await panel.locator('summary, h2').first().innerText()).trim().toLowerCase().replace(/[^a-z]+/g, '-').slice(0, 24);
      const summary = panel.locator(':scope > summary');
      const closed = await summary.count() > 0 && (await panel.getAttribute('open')) === null;
      if (closed) await summary.click();
      await idle();
      await page.waitForFunction(() => !document.getAnimations().some(one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity));
      await panel.screenshot({ path: name(id) }).catch(() => undefined);
      if (closed) await summary.click();
    }
    await context.close();
  }
}
await browser.close();
