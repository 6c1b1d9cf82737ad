// Handing an experiment on: a QR code, a file with a picture of the reader's own in it, and what the browser keeps of how maps are drawn.
import {
  alertWith, answered, at, drop, expect, first, fragment, idle, link, open, saved, showing, shown, stripes, test, last,
} from './hands.mjs';

test.describe.configure({ mode: 'serial' });

test('the link is there as a QR code', async ({ page }) => {
  await open('#v=1&i=koala');
  await first();
  await at('hand-on-open').click();
  const code = page.locator('[data-testid=qr] svg');
  await expect(code).toBeVisible();
  // Versions 1 to 40 have 21 to 177 modules, in steps of 4, and 8 of rest around them.
  const fits = side => side >= 29 && side <= 185 && (side - 29) % 4 === 0;
  await expect.poll(async () => fits(Number((await code.getAttribute('viewBox')).split(' ')[2])), 'its side').toBe(true);
  const before = await code.innerHTML();
  await at('hand-on-close').click();
  await answered(() => at('sparsity').press('PageUp'));
  await at('hand-on-open').click();
  await expect.poll(() => code.innerHTML(), 'another link, another code').not.toBe(before);
  await expect.poll(async () => (await page.locator('.share-link').innerText()).endsWith(await fragment()), 'the link in words').toBe(true);
  await at('hand-on-close').click();
  await answered(() => at('sparsity').press('PageDown'));
});

test('a picture of the reader\'s own travels in a file, and is shown again from it', async () => {
  await answered(async () => drop('mine.png', 'image/png', await stripes()));
  await link().toContain('own=');
  const [here, before] = [await fragment(), await shown()];
  await at('hand-on-open').click();
  const text = (await saved(() => at('save-experiment').click())).bytes.toString('utf8');
  expect(text, 'the picture is in it').toContain('"mine.png"');
  await at('hand-on-close').click();
  await open('#v=1&i=koala');
  await first();
  await answered(() => at('experiment-file').setInputFiles({ name: 'a.sweetspot', mimeType: '', buffer: Buffer.from(text) }));
  await link().toBe(here);
  await showing().toEqual(before);
  for (const [wrong, sentence] of [['{}', 'saved'], [text.replace('"data": "iVBOR', '"data": "AVBOR'), 'not the one'], [text.replace('"data": "', '"data": "%'), 'damaged'], [text.replace('"sweetspot": 1', '"sweetspot": 9'), 'version']]) {
    await at('experiment-file').setInputFiles({ name: 'b.sweetspot', mimeType: '', buffer: Buffer.from(wrong) });
    await expect(alertWith(sentence)).toBeVisible();
  }
  await idle();
  await link().toBe(here);
  for (let left = await at('dismiss').count(); left > 0; left -= 1) {
    await at('dismiss').first().click();
    await expect(at('dismiss')).toHaveCount(left - 1);
  }
});

test('how maps are drawn is kept over a reload', async () => {
  await at('mode-contours').check({ force: true });
  await at('outline').uncheck();
  await open('#v=1&i=koala');
  await first();
  await expect(at('mode-contours')).toBeChecked();
  await expect(at('outline')).not.toBeChecked();
});

test(...last);
