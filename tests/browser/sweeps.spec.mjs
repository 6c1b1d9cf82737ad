// Sweeps in the page: computed beforehand, read out by keyboard, computed again, run, paused, gone on with after a reload, exported and imported.
import {
  alertWith, answered, at, expect, first, fragment, idle, link, open, saved, says, stored, test, last, unfold, words,
} from './hands.mjs';

test.describe.configure({ mode: 'serial' });

const start = () => open('#v=1&m=mini_resnet_small&c=lrr&s=0.5903981456&scene=0');
const charts = page => page.locator('.sweep-charts svg');
const bring = (name, text) => at('sweep-import').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
const points = async () => Number(await at('sweep-at').getAttribute('max')) + 1;

test('a sweep computed beforehand is there at once, and says so', async ({ page }) => {
  await start();
  await says('sweep-provenance').toContain('Computed beforehand with sweetspot');
  // A network of our own is labelled, once its card is there.
  await says('sweep-provenance').toContain('The network was trained for this page');
  await expect(charts(page)).toHaveCount(3);
  await says('sweep-spots').toMatch(/sweet spots? at|no sweet spot/);
  // Intervals are drawn.
  await expect(charts(page).locator('.band')).not.toHaveCount(0);
});

test('the charts are read out by keyboard, and a sparsity is taken over', async ({ page }) => {
  await first();
  await at('sweep-charts').focus();
  await page.keyboard.press('Home');
  await says('sweep-says').toContain('0\u00a0%: Relevance mass accuracy');
  const dense = await words('sweep-says');
  await page.keyboard.press('ArrowRight');
  await says('sweep-says').toContain('20\u00a0%: ');
  await says('sweep-says').not.toBe(dense);
  await says('sweep-says').toContain('from dense');
  await expect(at('sweep-at')).toHaveAttribute('aria-valuetext', await words('sweep-says'));
  await answered(() => page.keyboard.press('Enter'));
  await link().toContain('s=0.19999');
});

test('a click takes a sparsity over, a drag looks closer, and the whole axis comes back', async ({ page }) => {
  const chart = page.locator('.sweep-chart').first();
  const line = chart.locator('path.line').first();
  const all = await line.getAttribute('d');
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  const middle = box.y + box.height * 0.4;
  await page.mouse.move(box.x + box.width * 0.15, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.55, middle, { steps: 4 });
  await page.mouse.up();
  await expect(line).not.toHaveAttribute('d', all);
  await expect(at('sweep-whole')).toBeEnabled();
  await at('sweep-whole').click();
  await expect(line).toHaveAttribute('d', all);
  await idle();
  await answered(async () => {
    const now = await chart.boundingBox();
    await page.mouse.click(now.x + now.width * 0.6, now.y + now.height * 0.4);
  });
  await link().not.toContain('s=0.19999');
});

test('a point computed again here agrees with the file', async ({ page }) => {
  await at('sweep-charts').focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
  await at('sweep-again').click();
  await says('sweep-agreement').toMatch(/ agree /);
  await says('sweep-agreement').toContain('They agree within rounding');
  await says('sweep-agreement').toContain('on 32 of 32 pictures');
  await idle();
});

test('measures, numbers, the trade-off and the claims are shown when asked for', async ({ page }) => {
  await unfold('sweep-measures');
  await at('sweep-measures').locator('input[value=gini]').check();
  await expect(charts(page)).toHaveCount(4);
  await at('sweep-measures').locator('input[value=gini]').uncheck();
  await expect(charts(page)).toHaveCount(3);
  await unfold('sweep-numbers');
  await expect(at('sweep-table').locator('tbody tr')).toHaveCount(3 * await points());
  await unfold('sweep-trade');
  await expect(at('sweep-pareto').locator('svg')).toBeVisible();
  await says('sweep-pareto').toContain('no other one is better in both');
  await at('trade-third').selectOption('stored_bytes');
  await says('sweep-pareto').toContain('In all three together');
  await unfold('sweep-claims');
  await expect(at('sweep-claims').locator('h3')).toHaveCount(3);
  await expect(at('sweep-claims').locator('svg')).toHaveCount(3);
});

test('an allowed drop of nothing leaves fewer sweet spots', async ({ page }) => {
  const spots = page.locator('.sweep-charts circle.spot');
  await idle();
  const before = await spots.count();
  await at('sweep-drop').fill('0');
  await at('sweep-drop').press('Enter');
  await idle();
  await expect.poll(() => spots.count(), 'sweet spots').toBeLessThanOrEqual(before);
  await at('sweep-drop').fill('2');
  await at('sweep-drop').press('Enter');
  await idle();
  await expect(spots).toHaveCount(before);
});

test('all three axes are shown for the pictures of the recognition experiment', async ({ page }) => {
  const menu = at('sweep-shown');
  const entry = menu.locator('option', { hasText: 'SqueezeNet' }).filter({ hasText: 'the recognition experiment' });
  await menu.selectOption(await entry.getAttribute('value'));
  await says('sweep-provenance').toContain('the recognition experiment');
  await expect(charts(page).filter({ hasText: 'Accuracy in 16 categories' })).not.toHaveCount(0);
  // A map, an object, recognition, the task.
  await expect(charts(page)).toHaveCount(4);
  await at('sweep-charts').focus();
  await page.keyboard.press('Home');
  await says('sweep-says').toContain('Accuracy in 16 categories');
  await menu.selectOption('');
  await says('sweep-provenance').toContain('The network was trained for this page');
});

test('the slow measures were computed beforehand, too, and are a press away', async ({ page }) => {
  await says('sweep-further').toContain('Deletion');
  await at('sweep-further').locator('button', { hasText: 'the first 64 of the shipped scenes' }).focus();
  await page.keyboard.press('Enter');
  await says('sweep-provenance').toContain('the first 64 of the shipped scenes');
  await expect(charts(page).filter({ hasText: 'Infidelity' })).not.toHaveCount(0);
  const ticked = value => at('sweep-measures').locator(`input[value=${value}]`);
  await expect(ticked('infidelity')).toBeChecked();
  await expect(ticked('untrained')).toBeChecked();
  await says('sweep-further').toContain('Relevance mass accuracy');
  await at('sweep-shown').selectOption('');
  await says('sweep-provenance').toContain('500 of the shipped scenes');
  // The measures that were looked at before.
  await expect(charts(page)).toHaveCount(3);
});

test('a sweep is run here, paused, found after a reload and gone on with', async ({ page }) => {
  await unfold('sweep-run');
  await at('sweep-images').fill('48');
  await at('sweep-images').press('Enter');
  await at('sweep-sparsities').fill('36, x');
  await at('sweep-sparsities').press('Tab');
  await at('sweep-start').click();
  await says('sweep-complaint').toContain("'x'");
  await at('sweep-sparsities').fill('36, 91.4');
  await at('sweep-sparsities').press('Tab');
  await at('sweep-start').click();
  await page.waitForFunction(() => /^[1-8] of 9 steps/.test(document.querySelector('[data-testid=sweep-progress]').innerText));
  await at('sweep-pause').click();
  await expect(at('sweep-resume')).toBeVisible();
  await idle();
  const own = page.locator('[data-testid=sweep-shown] option').filter({ hasText: 'run here' }).first();
  const name = () => own.innerText();
  await expect.poll(name, 'what is done is said').toContain('done');
  const paused = await name();
  // Done is what is kept.
  await expect.poll(async () => (await stored('sweeps')).map(sweep => Math.floor((100 * sweep.cells.length) / 9)), 'how far the sweep is that is kept')
    .toEqual([Number(paused.match(/, (\d+)\s*% done/)[1])]);
  await start();
  await expect(own).toBeAttached();
  await expect.poll(name, 'what is done is said after a reload').toBe(paused);
  await at('sweep-shown').selectOption(await own.getAttribute('value'));
  await unfold('sweep-run');
  await first();
  await at('sweep-resume').click();
  await expect(at('sweep-pause')).toBeHidden();
  await expect(at('sweep-at')).toHaveAttribute('max', '2');
  await idle();
  await expect.poll(name, 'it is whole').not.toContain('done');
});

let cells;
test('tables, drawings, a report and everything are exported', async () => {
  await unfold('sweep-files');
  const csv = await saved(() => at('sweep-csv').click());
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.bytes.toString()).toMatch(/^measure,sparsity,reached,value/);
  const json = await saved(() => at('sweep-json').click());
  cells = JSON.parse(json.bytes.toString());
  expect(cells.format).toBe('sweetspot-sweep-1');
  expect(cells.cells.length).toBe(9);
  const svg = (await saved(() => at('sweep-svg').click())).bytes.toString();
  expect(svg.startsWith('<svg') && svg.includes('<style>'), 'a drawing that stands for itself').toBe(true);
  await at('sweep-drawing').selectOption('relevance_mass_accuracy');
  const png = await saved(() => at('sweep-png').click());
  expect(png.bytes.subarray(1, 4).toString(), 'a picture').toBe('PNG');
  expect(png.bytes.length).toBeGreaterThan(5000);
  expect(png.bytes.readUInt32BE(16), 'its width').toBe(1280);
  const html = (await saved(() => at('sweep-report').click())).bytes.toString();
  expect(html.startsWith('<!doctype html>') && !html.includes('<script') && html.includes('#v=1'), 'a report without scripts').toBe(true);
});

test('what was exported comes back, what contradicts or is foreign is refused with a sentence', async () => {
  await bring('nothing.json', '{"a": 1}');
  await expect(alertWith('nothing.json')).toBeVisible();
  const wrong = structuredClone(cells);
  const values = wrong.cells[0].values.relevance_mass_accuracy;
  values[0] = values[0] > 0.5 ? 0.1 : 0.9;
  await bring('wrong.json', JSON.stringify(wrong));
  await expect(alertWith('relevance_mass_accuracy of picture 0')).toBeVisible();
  const foreign = structuredClone(cells);
  foreign.source.model_sha256 = '0'.repeat(64);
  await bring('foreign.json', JSON.stringify(foreign));
  await expect(alertWith('foreign.json')).toBeVisible();
  await unfold('sweep-run');
  await at('sweep-discard').click();
  await says('sweep-provenance').toContain('Computed beforehand');
  const half = structuredClone(cells);
  half.cells = half.cells.slice(0, 6);
  await bring('half.json', JSON.stringify(half));
  await expect(at('sweep-at')).toHaveAttribute('max', '1');
  await expect(at('sweep-resume')).toBeVisible();
  await at('sweep-discard').click();
  await says('sweep-provenance').toContain('Computed beforehand');
});

test('a film of the maps is made of ordinary runs, and the experiment comes back', async () => {
  const before = await fragment();
  await at('sweep-to').selectOption('2');
  await unfold('sweep-film');
  await at('film-make').click();
  await expect(at('film-strip').locator('figure')).toHaveCount(3);
  await link().toBe(before);
  await idle();
  const frame = await at('film-at').inputValue();
  await at('film-play').click();
  await expect(at('film-at')).not.toHaveValue(frame);
  await at('film-play').click();
  await at('sweep-whole').click();
});

test(...last);
