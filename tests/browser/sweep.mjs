// Sweeps in the page: computed beforehand, read out by keyboard, computed again, run, paused, gone on with after a reload, exported and imported.
import { readFileSync } from 'node:fs';
import { listen } from './checks.mjs';

const LINK = '#v=1&m=mini_resnet_small&c=lrr&s=0.5903981456&scene=0';

// `helpers`: check, equal and holds of the whole test; the browser's context; the page's address; how long to wait.
export async function sweeps({ check, equal, holds, context, url, patience, complaints }) {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  listen(page, complaints);
  const at = id => page.getByTestId(id);
  const words = id => at(id).innerText();
  const done = () => page.evaluate(() => Number(document.documentElement.dataset.jobDone ?? 0));
  const fragment = () => page.evaluate(() => location.hash);
  const idle = () => page.waitForFunction(() => document.querySelector('[data-testid=job]')?.dataset.busy === 'false');
  const said = (id, part) => page.waitForFunction(([id, part]) => document.querySelector(`[data-testid=${id}]`)?.innerText.includes(part), [id, part]);
  const unfold = async id => {
    if (!await at(id).evaluate(details => details.open)) await at(id).locator('summary').first().click();
  };
  const alertWith = part => page.getByTestId('alert').filter({ hasText: part }).first();
  const saved = async press => {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const start = async () => {
    await page.goto('about:blank');
    await page.goto(url + LINK);
  };
  const bring = (name, text) => at('sweep-import').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  const points = () => at('sweep-at').getAttribute('max').then(max => Number(max) + 1);

  await check('a sweep computed beforehand is there at once, and says so', async () => {
    await start();
    await said('sweep-provenance', 'Computed beforehand with sweetspot');
    // A network of our own is labelled, once its card is there.
    await said('sweep-provenance', 'The network was trained for this page');
    equal(await page.locator('.sweep-charts svg').count(), 3, 'charts');
    holds(/sweet spots? at|no sweet spot/.test(await words('sweep-spots')), `the sweet spots: ${await words('sweep-spots')}`);
    holds(await page.locator('.sweep-charts svg .band').count() > 0, 'intervals are drawn');
  });
  await check('the charts are read out by keyboard, and a sparsity is taken over', async () => {
    await page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0);
    await idle();
    await at('sweep-charts').focus();
    await page.keyboard.press('Home');
    await said('sweep-says', '0\u00a0%: Relevance mass accuracy');
    const dense = await words('sweep-says');
    await page.keyboard.press('ArrowRight');
    await said('sweep-says', '20\u00a0%: ');
    holds((await words('sweep-says')) !== dense && (await words('sweep-says')).includes('from dense'), 'other values');
    equal(await at('sweep-at').getAttribute('aria-valuetext'), await words('sweep-says'), 'the range says the same');
    const before = await done();
    await page.keyboard.press('Enter');
    await page.waitForFunction(before => Number(document.documentElement.dataset.jobDone) > before, before);
    await idle();
    holds((await fragment()).includes('s=0.19999'), `the link: ${await fragment()}`);
  });
  await check('a click takes a sparsity over, a drag looks closer, and the whole axis comes back', async () => {
    const chart = page.locator('.sweep-chart').first();
    const all = await chart.locator('path.line').first().getAttribute('d');
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    const middle = box.y + box.height * 0.4;
    await page.mouse.move(box.x + box.width * 0.15, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.55, middle, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(all => document.querySelector('.sweep-chart path.line').getAttribute('d') !== all, all);
    holds(await at('sweep-whole').isEnabled(), 'a part is seen');
    await at('sweep-whole').click();
    await page.waitForFunction(all => document.querySelector('.sweep-chart path.line').getAttribute('d') === all, all);
    const before = await done();
    const now = await chart.boundingBox();
    await page.mouse.click(now.x + now.width * 0.6, now.y + now.height * 0.4);
    await page.waitForFunction(before => Number(document.documentElement.dataset.jobDone) > before, before);
    await idle();
    holds(!(await fragment()).includes('s=0.19999'), `the link: ${await fragment()}`);
  });
  await check('a point computed again here agrees with the file', async () => {
    await at('sweep-charts').focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
    await at('sweep-again').click();
    await page.waitForFunction(() => / agree /.test(document.querySelector('[data-testid=sweep-agreement]').innerText));
    const said = await words('sweep-agreement');
    holds(said.includes('They agree within rounding') && said.includes('on 32 of 32 pictures'), said);
    await idle();
  });
  await check('measures, numbers, the trade-off and the claims are shown when asked for', async () => {
    await unfold('sweep-measures');
    await at('sweep-measures').locator('input[value=gini]').check();
    await page.waitForFunction(() => document.querySelectorAll('.sweep-charts svg').length === 4);
    await at('sweep-measures').locator('input[value=gini]').uncheck();
    await unfold('sweep-numbers');
    equal(await at('sweep-table').locator('tbody tr').count(), 3 * await points(), 'numbers');
    await unfold('sweep-trade');
    await page.locator('[data-testid=sweep-pareto] svg').waitFor();
    holds((await words('sweep-pareto')).includes('no other one is better in both'), await words('sweep-pareto'));
    await at('trade-third').selectOption('stored_bytes');
    await said('sweep-pareto', 'In all three together');
    await unfold('sweep-claims');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=sweep-claims] h3').length === 3);
    equal(await page.locator('[data-testid=sweep-claims] svg').count(), 3, 'figures');
  });
  await check('an allowed drop of nothing leaves fewer sweet spots', async () => {
    const before = await page.locator('.sweep-charts circle.spot').count();
    await at('sweep-drop').fill('0');
    await at('sweep-drop').press('Enter');
    await page.waitForFunction(before => document.querySelectorAll('.sweep-charts circle.spot').length <= before, before);
    await at('sweep-drop').fill('2');
    await at('sweep-drop').press('Enter');
    await page.waitForFunction(before => document.querySelectorAll('.sweep-charts circle.spot').length === before, before);
  });

  await check('all three axes are shown for the pictures of the recognition experiment', async () => {
    const menu = at('sweep-shown');
    const entry = menu.locator('option', { hasText: 'SqueezeNet' }).filter({ hasText: 'the recognition experiment' });
    await menu.selectOption(await entry.getAttribute('value'));
    await said('sweep-provenance', 'the recognition experiment');
    await page.waitForFunction(() => [...document.querySelectorAll('.sweep-charts svg')].some(svg => svg.textContent.includes('Accuracy in 16 categories')));
    equal(await page.locator('.sweep-charts svg').count(), 4, 'charts: a map, an object, recognition, the task');
    await at('sweep-charts').focus();
    await page.keyboard.press('Home');
    await said('sweep-says', 'Accuracy in 16 categories');
    await menu.selectOption('');
    await said('sweep-provenance', 'The network was trained for this page');
  });
  await check('the slow measures were computed beforehand, too, and are a press away', async () => {
    await said('sweep-further', 'Deletion');
    const button = at('sweep-further').locator('button', { hasText: 'the first 64 of the shipped scenes' });
    await button.focus();
    await page.keyboard.press('Enter');
    await said('sweep-provenance', 'the first 64 of the shipped scenes');
    await page.waitForFunction(() => [...document.querySelectorAll('.sweep-charts svg')].some(svg => svg.textContent.includes('Infidelity')));
    const ticked = await at('sweep-measures').locator('input:checked').evaluateAll(all => all.map(one => one.value));
    holds(ticked.includes('infidelity') && ticked.includes('untrained'), `ticked: ${ticked}`);
    await said('sweep-further', 'Relevance mass accuracy');
    await at('sweep-shown').selectOption('');
    await said('sweep-provenance', '500 of the shipped scenes');
    equal(await page.locator('.sweep-charts svg').count(), 3, 'the measures that were looked at before');
  });

  await check('a sweep is run here, paused, found after a reload and gone on with', async () => {
    await unfold('sweep-run');
    await at('sweep-images').fill('48');
    await at('sweep-images').press('Enter');
    await at('sweep-sparsities').fill('36, x');
    await at('sweep-sparsities').press('Tab');
    await at('sweep-start').click();
    await said('sweep-complaint', "'x'");
    await at('sweep-sparsities').fill('36, 91.4');
    await at('sweep-sparsities').press('Tab');
    await at('sweep-start').click();
    await page.waitForFunction(() => /^[1-8] of 9 steps/.test(document.querySelector('[data-testid=sweep-progress]').innerText));
    await at('sweep-pause').click();
    await at('sweep-resume').waitFor();
    await idle();
    // It is kept in the browser's database, which is written to beside everything else.
    await page.waitForTimeout(500);
    await start();
    const own = page.locator('[data-testid=sweep-shown] option').filter({ hasText: 'run here' });
    await own.first().waitFor({ state: 'attached' });
    holds((await own.first().innerText()).includes('done'), `what is done is said: ${await own.first().innerText()}`);
    await at('sweep-shown').selectOption(await own.first().getAttribute('value'));
    await unfold('sweep-run');
    await page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0);
    await at('sweep-resume').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=sweep-pause]').hidden);
    await page.waitForFunction(() => document.querySelector('[data-testid=sweep-at]').max === '2');
    await idle();
    holds(!(await own.first().innerText()).includes('done'), 'it is whole');
  });

  let cells;
  await check('tables, drawings, a report and everything are exported', async () => {
    await unfold('sweep-files');
    const csv = await saved(() => at('sweep-csv').click());
    holds(csv.name.endsWith('.csv') && csv.bytes.toString().startsWith('measure,sparsity,reached,value'), csv.name);
    const json = await saved(() => at('sweep-json').click());
    cells = JSON.parse(json.bytes.toString());
    equal(cells.format, 'sweetspot-sweep-1', 'the format');
    equal(cells.cells.length, 9, 'cells');
    const svg = await saved(() => at('sweep-svg').click());
    holds(svg.bytes.toString().startsWith('<svg') && svg.bytes.toString().includes('<style>'), 'a drawing that stands for itself');
    await at('sweep-drawing').selectOption('relevance_mass_accuracy');
    const png = await saved(() => at('sweep-png').click());
    equal(png.bytes.subarray(1, 4).toString(), 'PNG', 'a picture');
    holds(png.bytes.length > 5000 && png.bytes.readUInt32BE(16) === 1280, `its width is ${png.bytes.readUInt32BE(16)}`);
    const html = (await saved(() => at('sweep-report').click())).bytes.toString();
    holds(html.startsWith('<!doctype html>') && !html.includes('<script') && html.includes('#v=1'), 'a report without scripts');
  });
  await check('what was exported comes back, what contradicts or is foreign is refused with a sentence', async () => {
    await bring('nothing.json', '{"a": 1}');
    await alertWith('nothing.json').waitFor();
    const wrong = structuredClone(cells);
    const values = wrong.cells[0].values.relevance_mass_accuracy;
    values[0] = values[0] > 0.5 ? 0.1 : 0.9;
    await bring('wrong.json', JSON.stringify(wrong));
    await alertWith('relevance_mass_accuracy of picture 0').waitFor();
    const foreign = structuredClone(cells);
    foreign.source.model_sha256 = '0'.repeat(64);
    await bring('foreign.json', JSON.stringify(foreign));
    await alertWith('foreign.json').waitFor();
    await unfold('sweep-run');
    await at('sweep-discard').click();
    await said('sweep-provenance', 'Computed beforehand');
    const half = structuredClone(cells);
    half.cells = half.cells.slice(0, 6);
    await bring('half.json', JSON.stringify(half));
    await page.waitForFunction(() => document.querySelector('[data-testid=sweep-at]').max === '1');
    await at('sweep-resume').waitFor();
    await at('sweep-discard').click();
    await said('sweep-provenance', 'Computed beforehand');
  });
  await check('a film of the maps is made of ordinary runs, and the experiment comes back', async () => {
    const link = await fragment();
    await at('sweep-to').selectOption('2');
    await unfold('sweep-film');
    await at('film-make').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=film-strip] figure').length === 3);
    await page.waitForFunction(link => location.hash === link, link);
    await idle();
    await at('film-play').click();
    const frame = () => at('film-at').inputValue();
    const before = await frame();
    await page.waitForFunction(before => document.querySelector('[data-testid=film-at]').value !== before, before);
    await at('film-play').click();
    await at('sweep-whole').click();
  });
  await page.close();
}
