// Looking closer at both maps: a probe, enlargement, the difference map, and pinned results.
import { answered, at, drawn, expect, first, fragment, idle, link, open, pixels, saved, says, test, last, words } from './hands.mjs';

test.describe.configure({ mode: 'serial' });

test('all maps are read at one pixel, by pointer and by keyboard', async ({ page }) => {
  await open('#v=1&i=koala');
  await first();
  await says('probe').toMatch(/^Point at a map/);
  await page.getByTestId('lens').first().focus();
  await page.keyboard.press('ArrowRight');
  await says('probe').toMatch(/^Row \d+, column \d+.* · dense \S+ \(above \d+\s%.*· pruned \S+ \(above/);
  const column = async () => Number((await words('probe')).match(/column (\d+)/)?.[1]);
  const before = await column();
  await page.keyboard.press('ArrowRight');
  await expect.poll(column, 'the column').toBe(before + 1);
  await page.keyboard.press('Escape');
  await says('probe').toMatch(/^Point at a map/);
  const box = await at('map-dense').boundingBox();
  await page.mouse.move(box.x + 1, box.y + 1);
  await says('probe').toMatch(/^Row 0, column 0/);
  await page.mouse.move(5, 5);
});

test('maps are enlarged and moved together', async ({ page }) => {
  const size = async id => (await at(id).boundingBox()).width;
  const place = async id => (await at(id).boundingBox()).x;
  const maps = ['map-dense', 'map-pruned'];
  const before = await size('map-dense');
  await page.getByTestId('lens').first().focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await says('zoom').toBe('225\u00a0%');
  for (const id of maps) {
    await expect.poll(async () => Math.abs(await size(id) / before - 2.25), `${id} is enlarged`).toBeLessThan(0.01);
  }
  await idle();
  const places = [await place('map-dense'), await place('map-pruned')];
  const lens = await page.getByTestId('lens').first().boundingBox();
  await page.mouse.move(lens.x + lens.width / 2, lens.y + lens.height / 2);
  await page.mouse.down();
  await page.mouse.move(lens.x + lens.width / 2 - 40, lens.y + lens.height / 2, { steps: 3 });
  await page.mouse.up();
  for (const [which, id] of maps.entries()) {
    await expect.poll(async () => Math.abs(places[which] - 40 - await place(id)), `${id} is moved`).toBeLessThan(1);
  }
  await at('zoom-reset').click();
  await expect.poll(() => size('map-dense'), 'the whole picture').toBe(before);
});

test('a map is kept as an array for numpy and as a picture', async () => {
  const pane = at('pane-dense');
  const array = await saved(() => pane.getByTestId('save-npy').click());
  expect(array.name).toMatch(/^squeezenet1_1-.+-dense\.npy$/);
  expect(array.bytes.subarray(1, 6).toString('latin1'), 'the kind of file').toBe('NUMPY');
  const header = array.bytes.subarray(10, 10 + array.bytes.readUInt16LE(8)).toString('latin1');
  expect(header).toContain("'<f4'");
  expect(header).toContain('(224, 224');
  const values = array.bytes.subarray(10 + header.length);
  expect(values.length, 'bytes of values').toBe(4 * 224 * 224);
  expect(Array.from({ length: 224 * 224 }, (_, at) => values.readFloatLE(4 * at)).some(value => value > 0), 'there are values').toBe(true);
  const picture = await saved(() => pane.getByTestId('save-png').click());
  expect(picture.bytes.subarray(1, 4).toString('latin1'), 'the kind of picture').toBe('PNG');
  expect(picture.bytes.readUInt32BE(16), 'its width').toBe(672);
});

test('the difference map says how much moved', async () => {
  await at('show-difference').check();
  await says('difference-words').toMatch(/\d\s%.* of the map.s mass above zero lies elsewhere/);
  await idle();
  const before = [await pixels('map-difference'), await words('difference-words')];
  await answered(() => at('sparsity').press('PageUp'));
  await drawn('map-difference').not.toBe(before[0]);
  await says('difference-words').not.toBe(before[1]);
  await answered(() => at('sparsity').press('PageDown'));
  await at('show-difference').uncheck();
});

test('a result is pinned, compared with another network, shown again and unpinned', async ({ page }) => {
  const before = await fragment();
  await at('pin-pruned').click();
  await answered(() => at('sparsity').press('PageDown'));
  await expect(at('pin')).toHaveCount(1);
  await says('pins').toContain('pruned by');
  await page.getByTestId('lens').first().focus();
  await page.keyboard.press('ArrowRight');
  await says('probe').toContain('pin 1');
  await page.keyboard.press('Escape');
  await answered(() => at('pin-again').click());
  await link().toBe(before);
  await at('unpin').click();
  await expect(at('pin')).toHaveCount(0);
});

test(...last);
