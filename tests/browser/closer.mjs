// Looking closer at both maps: a probe, enlargement, the difference map, and pinned results.
import { readFileSync } from 'node:fs';

export async function closer({ check, equal, holds, page, at, words, answered, pixels, fragment, until }) {
  await check('all maps are read at one pixel, by pointer and by keyboard', async () => {
    holds((await words('probe')).startsWith('Point at a map'), 'what to do');
    await page.getByTestId('lens').first().focus();
    await page.keyboard.press('ArrowRight');
    const first = await words('probe');
    holds(/^Row \d+, column \d+.* · dense \S+ \(above \d+\s%.*· pruned \S+ \(above/.test(first), `the middle: ${first}`);
    await page.keyboard.press('ArrowRight');
    const [a, b] = [first, await words('probe')].map(text => Number(text.match(/column (\d+)/)[1]));
    equal(b, a + 1, 'the column');
    await page.keyboard.press('Escape');
    holds((await words('probe')).startsWith('Point at a map'), 'Escape ends it');
    const box = await at('map-dense').boundingBox();
    await page.mouse.move(box.x + 1, box.y + 1);
    holds((await words('probe')).startsWith('Row 0, column 0'), `the corner: ${await words('probe')}`);
    await page.mouse.move(5, 5);
  });

  await check('maps are enlarged and moved together', async () => {
    const size = async id => (await at(id).boundingBox()).width;
    const before = await size('map-dense');
    await page.getByTestId('lens').first().focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    equal(await words('zoom'), '225\u00a0%', 'the enlargement');
    for (const id of ['map-dense', 'map-pruned']) holds(Math.abs(await size(id) / before - 2.25) < 0.01, `${id} is enlarged`);
    const place = async id => (await at(id).boundingBox()).x;
    const [dense, pruned] = [await place('map-dense'), await place('map-pruned')];
    const lens = await page.getByTestId('lens').first().boundingBox();
    await page.mouse.move(lens.x + lens.width / 2, lens.y + lens.height / 2);
    await page.mouse.down();
    await page.mouse.move(lens.x + lens.width / 2 - 40, lens.y + lens.height / 2, { steps: 3 });
    await page.mouse.up();
    for (const [id, was] of [['map-dense', dense], ['map-pruned', pruned]]) holds(Math.abs(was - 40 - await place(id)) < 1, `${id} is moved`);
    await at('zoom-reset').click();
    await until(async () => await size('map-dense') === before, 'the whole picture');
  });

  await check('a map is kept as an array for numpy and as a picture', async () => {
    const pane = at('pane-dense');
    const saved = async id => {
      const [download] = await Promise.all([page.waitForEvent('download'), pane.getByTestId(id).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const array = await saved('save-npy');
    holds(/^squeezenet1_1-.+-dense\.npy$/.test(array.name), array.name);
    equal(array.bytes.subarray(1, 6).toString('latin1'), 'NUMPY', 'the kind of file');
    const header = array.bytes.subarray(10, 10 + array.bytes.readUInt16LE(8)).toString('latin1');
    holds(header.includes("'<f4'") && header.includes('(224, 224'), `the header: ${header}`);
    const values = array.bytes.subarray(10 + header.length);
    equal(values.length, 4 * 224 * 224, 'bytes of values');
    holds(Array.from({ length: 224 * 224 }, (_, at) => values.readFloatLE(4 * at)).some(value => value > 0), 'there are values');
    const picture = await saved('save-png');
    equal(picture.bytes.subarray(1, 4).toString('latin1'), 'PNG', 'the kind of picture');
    equal(picture.bytes.readUInt32BE(16), 672, 'its width');
  });

  await check('the difference map says how much moved', async () => {
    await at('show-difference').check();
    holds(/\d\s%.* of the map.s mass above zero lies elsewhere/.test(await words('difference-words')), await words('difference-words'));
    const before = [await pixels('map-difference'), await words('difference-words')];
    await answered(() => at('sparsity').press('PageUp'));
    await until(async () => await pixels('map-difference') !== before[0] && await words('difference-words') !== before[1], 'it follows the sparsity');
    await answered(() => at('sparsity').press('PageDown'));
    await at('show-difference').uncheck();
  });

  await check('a result is pinned, compared with another network, shown again and unpinned', async () => {
    const link = await fragment();
    await at('pin-pruned').click();
    await answered(() => at('sparsity').press('PageDown'));
    equal(await page.getByTestId('pin').count(), 1, 'pins');
    holds((await words('pins')).includes('pruned by'), `the pin: ${await words('pins')}`);
    await page.getByTestId('lens').first().focus();
    await page.keyboard.press('ArrowRight');
    holds((await words('probe')).includes('pin 1'), 'the probe reads it');
    await page.keyboard.press('Escape');
    await answered(() => at('pin-again').click());
    equal(await fragment(), link, 'the experiment of the pin');
    await at('unpin').click();
    equal(await page.getByTestId('pin').count(), 0, 'pins');
  });
}
