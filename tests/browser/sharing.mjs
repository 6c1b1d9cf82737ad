// Handing an experiment on: a QR code, a file with a picture of the reader's own in it, and what the browser keeps of how maps are drawn.
import { readFile } from 'node:fs/promises';

export async function sharing({ check, equal, holds, page, at, words, answered, fragment, alertWith, stripes, drop, shown, idle, open, first }) {
  await check('the link is there as a QR code', async () => {
    await at('hand-on-open').click();
    const code = page.locator('[data-testid=qr] svg');
    await code.waitFor();
    const side = Number((await code.getAttribute('viewBox')).split(' ')[2]);
    // Versions 1 to 40 have 21 to 177 modules, in steps of 4, and 8 of rest around them.
    holds(side >= 29 && side <= 185 && (side - 29) % 4 === 0, `its side: ${side}`);
    const before = await code.innerHTML();
    await at('hand-on-close').click();
    await answered(() => at('sparsity').press('PageUp'));
    await at('hand-on-open').click();
    holds((await code.innerHTML()) !== before, 'another link, another code');
    holds((await page.locator('.share-link').innerText()).endsWith(await fragment()), 'the link in words');
    await at('hand-on-close').click();
    await answered(() => at('sparsity').press('PageDown'));
  });

  await check('a picture of the reader\'s own travels in a file, and is shown again from it', async () => {
    await answered(async () => drop('mine.png', 'image/png', await stripes()));
    const [link, before] = [await fragment(), await shown()];
    await at('hand-on-open').click();
    const download = page.waitForEvent('download');
    await at('save-experiment').click();
    const file = await (await download).path();
    const text = await readFile(file, 'utf8');
    holds(text.includes('"mine.png"'), 'the picture is in it');
    await at('hand-on-close').click();
    await open('#v=1&i=koala');
    await first();
    await answered(() => at('experiment-file').setInputFiles({ name: 'a.sweetspot', mimeType: '', buffer: Buffer.from(text) }));
    equal(await fragment(), link, 'the link');
    equal(JSON.stringify(await shown()), JSON.stringify(before), 'what is shown');
    for (const [wrong, sentence] of [['{}', 'saved'], [text.replace('"data": "iVBOR', '"data": "AVBOR'), 'not the one'], [text.replace('"data": "', '"data": "%'), 'damaged'], [text.replace('"sweetspot": 1', '"sweetspot": 9'), 'version']]) {
      await at('experiment-file').setInputFiles({ name: 'b.sweetspot', mimeType: '', buffer: Buffer.from(wrong) });
      await alertWith(sentence).waitFor();
    }
    await idle();
    equal(await fragment(), link, 'the link afterwards');
    while (await at('dismiss').count() > 0) await at('dismiss').first().click();
  });

  await check('how maps are drawn is kept over a reload', async () => {
    await page.getByTestId('mode-contours').check({ force: true });
    await at('outline').uncheck();
    await open('#v=1&i=koala');
    await first();
    equal(await page.getByTestId('mode-contours').isChecked(), true, 'the lines');
    equal(await at('outline').isChecked(), false, 'the outline');
    await page.getByTestId('mode-heat').check({ force: true });
    await at('outline').check();
    await answered(() => page.locator('[data-testid=gallery-item][data-id="giant-panda"] input').check({ force: true })).catch(() => undefined);
  });
}
