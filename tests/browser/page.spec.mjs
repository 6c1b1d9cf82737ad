// Every panel of the page, by pointer and keyboard, on the CPU device.
import {
  after, alertWith, answered, at, base64, done, drawn, drop, expect, first, fragment, idle, link, open, pixels, says, showing, shown, stripes, test,
  last, unfold, url, words,
} from './hands.mjs';

test.describe.configure({ mode: 'serial' });

const panel = id => at(id).locator('summary').first();
// A state that does not last, looked for at every frame.
const passing = (page, id, pattern) => page.waitForFunction(
  ([id, source, flags]) => new RegExp(source, flags).test(document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''),
  [id, pattern.source, pattern.flags],
);
// What takes minutes on a slow machine, in milliseconds.
const long = 1_000_000;
const mark = page => page.locator('[data-testid=tick][data-round="4"]');

test('the page is there at once', async ({ page }) => {
  await open('');
  await expect(page.getByRole('heading', { name: 'Sweetspot', level: 1 })).toBeVisible();
  await expect(at('sparsity')).toBeVisible();
  await expect(page.locator('body')).toContainText('No picture leaves this device', { useInnerText: true });
});

test('the first live result comes', async ({ page }) => {
  await first();
  // Told once spare passes have settled it.
  await says('status').toMatch(/ a pass$/);
  for (const side of ['dense', 'pruned']) {
    await expect(at(`top5-${side}`).locator('li')).toHaveCount(5);
    await expect(at(`map-${side}`)).toHaveAttribute('aria-label', new RegExp(`in the ${side} network`));
    await expect(at(`map-${side}`)).toHaveAttribute('aria-label', /of its mass on the object/);
  }
  await says('credits').toContain('By ');
  await says('pruned-fraction').toMatch(/^59/);
  await says('measures').toContain('Relevance mass accuracy');
  await expect(page.getByTestId('alert')).toHaveCount(0);
});

test('the slider moves by keyboard, and only the pruned side changes', async ({ page }) => {
  const before = await shown();
  await answered(async () => {
    await at('sparsity').focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
  });
  await expect(at('sparsity-number')).toHaveValue('79.03');
  await says('top5-pruned').not.toBe(before.prunedTop);
  await drawn('map-pruned').not.toBe(before.pruned);
  await link().toContain('s=0.7902848');
  await says('top5-dense').toBe(before.denseTop);
});

test('with a scale of its own the dense map does not change', async () => {
  await at('shared-scale').uncheck();
  await idle();
  const before = await shown();
  await answered(() => at('sparsity').press('PageUp'));
  await drawn('map-pruned').not.toBe(before.pruned);
  await drawn('map-dense').toBe(before.dense);
  await at('shared-scale').check();
});

test('back and forward lead through the experiments', async ({ page }) => {
  const here = await fragment();
  await answered(() => page.goBack());
  await link().not.toBe(here);
  await answered(() => page.goForward());
  await link().toBe(here);
});

test('the number field and the marks set the sparsity', async ({ page }) => {
  await answered(async () => {
    await at('sparsity-number').fill('50');
    await at('sparsity-number').press('Enter');
  });
  await link().toContain('s=0.5');
  await answered(() => mark(page).click());
  await expect(at('sparsity-number')).toHaveValue('59.04');
  await answered(() => at('previous-point').click());
  await expect(at('sparsity-number')).toHaveValue('48.8');
});

test('the scope changes which layers lose', async () => {
  await at('layers-table-toggle').click();
  await expect(at('layers-table')).toBeVisible();
  await idle();
  const before = await words('layers-table');
  await answered(() => at('scope-layer').check({ force: true }));
  await says('layers-table').not.toBe(before);
  await at('layers-table-toggle').click();
  await answered(() => at('scope-global').check({ force: true }));
});

test('another network is chosen', async () => {
  const before = await shown();
  await answered(() => at('network').selectOption('efficientnet_lite0'));
  await says('top5-dense').not.toBe(before.denseTop);
  await link().toContain('m=efficientnet_lite0');
  await answered(() => at('network').selectOption('squeezenet1_1'));
});

test('another picture is chosen', async ({ page }) => {
  const before = await shown();
  await answered(() => page.locator('[data-testid=gallery-item][data-id="koala"] input').check({ force: true }));
  await drawn('map-dense').not.toBe(before.dense);
  await says('top5-dense').not.toBe(before.denseTop);
  await says('credits').toContain('Koala');
});

test('another method is chosen', async () => {
  const before = await pixels('map-dense');
  await answered(() => at('method').selectOption('saliency'));
  await drawn('map-dense').not.toBe(before);
  await expect(at('map-dense')).toHaveAttribute('aria-label', /^Saliency/);
  await answered(() => at('method').selectOption('grad-cam'));
});

test('the menu of methods is grouped and offers only what the network can do', async ({ page }) => {
  const groups = () => page.evaluate(() => [...document.querySelectorAll('[data-testid=method] optgroup')]
    .map(group => [group.label, ...[...group.children].map(option => option.value)]));
  await expect.poll(async () => (await groups()).map(group => group[0]).join(', '), 'the groups')
    .toBe('Class activation maps, Gradients, Modified backpropagation, Perturbation');
  await expect.poll(async () => (await groups()).flat().includes('lrp') && !(await groups()).flat().includes('attention'), 'the methods').toBe(true);
  const absent = page.getByTestId('absent-method').filter({ hasText: 'Attention rollout' });
  await absent.focus();
  await says('absent-methods').toContain('this network has no attention');
  const reason = await absent.getAttribute('aria-describedby');
  await expect.poll(() => page.locator(`#${reason}`).textContent(), 'the reason for those who hear it').toBe('this network has no attention');
});

test('a parameter has a field, goes into the link, and goes back to usual', async () => {
  await answered(() => at('method').selectOption('integrated-gradients'));
  await expect(at('cost')).toHaveText(/(\ss|a second) in all/);
  await answered(async () => {
    await at('steps').fill('20');
    await at('steps').press('Enter');
  });
  await link().toContain('p.steps=20');
  await says('cost').toMatch(/^20 passes with gradients for each network, about/);
  await says('sum-dense').toContain('of the score’s change of');
  await answered(() => at('baseline').selectOption('blur'));
  await link().toContain('p.baseline=blur');
  await answered(() => at('settings-reset').click());
  await expect(at('steps')).toHaveValue('50');
  await link().not.toContain('p.');
  await at('method').selectOption('smoothgrad-ig');
  await expect(at('as-in-paper')).toBeVisible();
  await answered(() => at('method').selectOption('grad-cam'));
});

test('maps are shown in three ways', async () => {
  const heat = await pixels('map-dense');
  await at('mode-contours').check({ force: true });
  await says('legend').toMatch(/^Lines at/);
  await drawn('map-dense').not.toBe(heat);
  const contours = await pixels('map-dense');
  await at('mode-masked').check({ force: true });
  await expect(at('legend')).toHaveCount(0);
  await says('shown-dense').toMatch(/^Shown: 20\.0/);
  await expect.poll(async () => [heat, contours].includes(await pixels('map-dense')), 'no two are alike').toBe(false);
  const masked = await pixels('map-dense');
  await at('share').fill('50');
  await at('of-mass').check({ force: true });
  await says('shown-dense').toContain('with 50.');
  await drawn('map-dense').not.toBe(masked);
  await at('mode-heat').check({ force: true });
  await drawn('map-dense').toBe(heat);
});

test('what layers see is shown when asked for, and a layer is chosen by keyboard', async ({ page }) => {
  await expect(at('tap')).toHaveCount(0);
  await panel('layer-features').click();
  await expect(at('silent')).toBeVisible();
  await idle();
  await expect(at('tap')).toHaveCount(12);
  await expect(at('layer-detail').locator('.channels canvas')).toHaveCount(16);
  const before = await pixels('map-dense');
  await page.locator('[data-testid=tap]:checked').focus();
  await answered(() => page.keyboard.press('ArrowLeft'));
  await link().toContain('l=features.11');
  await says('layer-detail').toMatch(/^features\.11/);
  await drawn('map-dense').not.toBe(before);
  const silent = await words('silent');
  await answered(() => at('sparsity').press('PageUp'));
  await says('silent').not.toBe(silent);
  await idle();
  await answered(() => page.keyboard.press('PageDown'));
  await answered(async () => {
    await page.locator('[data-testid=tap]:checked').focus();
    await page.keyboard.press('ArrowRight');
  });
  await link().not.toContain('l=');
  await panel('layer-features').click();
});

test('a group is measured, and the measurement can be ended', async ({ page }) => {
  await at('measure-faithfulness').click();
  await passing(page, 'measuring', /\d+ of \d+/);
  await says('measure-faithfulness').toBe('Cancel');
  await at('measure-faithfulness').click();
  await idle();
  await says('measure-faithfulness').toBe('Measure');
  await at('measure-faithfulness').click();
  await says('measure-faithfulness', long).toBe('Measured');
  await idle();
  await expect.poll(async () => (await words('measure-deletion')).match(/%/g)?.length ?? 0, 'shares in the row of deletion').toBeGreaterThanOrEqual(2);
});

test('the curve is scrubbed, and its numbers are in a table', async ({ page }) => {
  await panel('course-deletion').click();
  await idle();
  const before = [await pixels('frame-dense'), await pixels('frame-pruned')];
  await at('scrub').focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
  await drawn('frame-dense').not.toBe(before[0]);
  await drawn('frame-pruned').not.toBe(before[1]);
  await expect(at('scrub')).toHaveAttribute('aria-valuetext', /of the pixels: dense/);
  await at('course-deletion').locator('.numbers summary').click();
  await expect.poll(() => at('course-deletion').locator('tbody tr').count(), 'the numbers').toBeGreaterThan(5);
});

test('measures of other settings are marked, and come back with the settings', async () => {
  await answered(() => at('sparsity').press('PageUp'));
  await expect(at('measures-stale').first()).toBeVisible();
  await says('measure-faithfulness').toBe('Measure');
  await answered(() => at('sparsity').press('PageDown'));
  await expect(at('measures-stale')).toHaveCount(0);
  await says('measure-faithfulness').toBe('Measured');
});

test('another criterion is chosen, and what it does is told', async () => {
  const before = await words('layers-chart');
  await answered(() => at('criterion').selectOption('lamp'));
  await link().toContain('c=lamp');
  await says('criterion-says').toContain('Lee et al., 2021');
  await expect(at('scope-layer')).not.toBeVisible();
  await says('layers').toContain('LAMP.');
  await says('costs').toMatch(/\u2192.*fewer/s);
  await says('layers-chart').not.toBe(before);
  await answered(() => at('criterion').selectOption('random'));
  await answered(async () => {
    await at('pruning-seed').fill('7');
    await at('pruning-seed').press('Enter');
  });
  await link().toContain('ps=7');
  await answered(async () => {
    await at('pruning-seed').fill('0');
    await at('pruning-seed').press('Enter');
  });
});

test('a fixed pattern settles the sparsity', async ({ page }) => {
  await answered(() => at('criterion').selectOption('nm-2-4'));
  await expect(at('sparsity')).toHaveCount(0);
  await says('fixed-sparsity').toContain('50');
  await says('pruning-note').toContain('stays whole');
  await says('pruned-fraction').toMatch(/^49\./);
  await answered(() => at('criterion').selectOption('magnitude'));
  await answered(() => mark(page).click());
});

test('a slow criterion counts its steps, can be ended, and waits until the control is let go', async ({ page }) => {
  await at('criterion').selectOption('second-order');
  await passing(page, 'progress-words', /Second order\): \d+ of \d+/);
  await page.keyboard.press('Escape');
  await idle();
  await expect(at('stopped')).toBeVisible();
  const before = await fragment();
  await at('sparsity').evaluate(input => {
    input.value = 60;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(at('sparsity-number')).not.toHaveValue('59.04');
  // Nothing is computed either.
  await idle();
  await link().toBe(before);
  await at('sparsity').dispatchEvent('change');
  await link().not.toBe(before);
  await answered(async () => {
    await at('criterion').selectOption('magnitude');
    await mark(page).click();
  });
});

test('a criterion that cannot be had says why', async ({ page }) => {
  await expect(page.locator('[data-testid=criterion] option[value=lrr]')).toHaveAttribute('disabled', '');
  await page.getByTestId('absent-criterion').filter({ hasText: 'Trained in rounds' }).focus();
  await says('absent-criterions').toContain('shipped');
});

test('a layer is looked into, and another by keyboard', async ({ page }) => {
  await page.getByTestId('layer-column').first().click({ force: true });
  await expect(at('histogram')).toBeVisible();
  await expect(at('kernels')).toBeVisible();
  await expect(at('weights-layer')).toHaveValue('features.0.weight');
  await idle();
  const before = await words('inside-layer');
  await page.getByTestId('layer-column').first().focus();
  await page.keyboard.press('ArrowRight');
  await says('inside-layer').not.toBe(before);
  // Only a layer that sees colours has kernels to show.
  await expect(at('kernels')).toBeHidden();
  await idle();
  const other = await words('inside-layer');
  await answered(() => at('sparsity').press('PageUp'));
  await says('inside-layer').not.toBe(other);
  await idle();
  await answered(() => at('sparsity').press('PageDown'));
  await panel('inside').click();
});

test('both networks are compared on the whole gallery, and the comparison can be ended', async ({ page }) => {
  await idle();
  await at('agree').click();
  await passing(page, 'agreeing', /\d+ of \d+ pictures/);
  await at('agree').click();
  await idle();
  await says('agree').toBe('Compare on the whole gallery');
  await at('agree').click();
  await expect(at('agreement-rests')).toHaveText(/on all \d+ of the gallery/, { timeout: long });
  await idle();
  await says('same-class').toMatch(/^\d+\.\d\u00a0% \(\d+ of \d+; 95\u00a0% interval \d+ to \d+\u00a0%\)$/);
  await says('agreement-numbers').toContain('Pruned right');
});

const verdict = /^(IoU .*: (found|missed)|nothing found)$/;

test('the object is looked for when the panel is opened, and by another method without a new run', async ({ page }) => {
  await expect(at('object-photo-dense')).toHaveCount(0);
  const before = await shown();
  await panel('objects').click();
  await expect(at('object-verdict-dense')).toHaveText(verdict);
  await expect(at('object-verdict-pruned')).toHaveText(verdict);
  await idle();
  await expect(at('object-photo-dense')).toHaveAttribute('aria-label', /^Dense network, LOST: /);
  await says('object-map-title').toMatch(/^Degree/);
  const [jobs, photo, map] = [await done(), await pixels('object-photo-dense'), await pixels('object-map-dense')];
  await at('object-method').selectOption('tokencut');
  await expect(at('object-map-title')).toHaveText(/^Eigenvector/);
  await expect(at('object-photo-pruned')).toHaveAttribute('aria-label', /TokenCut/);
  await idle();
  await link().toContain('dm=tokencut');
  await drawn('object-photo-dense').not.toBe(photo);
  await drawn('object-map-dense').not.toBe(map);
  expect(await done(), 'runs').toBe(jobs);
  await showing().toEqual(before);
  await page.goBack();
  await expect(at('object-method')).toHaveValue('lost');
  await expect(at('object-photo-pruned')).toHaveAttribute('aria-label', /LOST/);
  await idle();
  await drawn('object-photo-dense').toBe(photo);
});

test('a patch is probed by keyboard and by pointer', async ({ page }) => {
  const map = await pixels('object-map-dense');
  await at('object-grid-dense').focus();
  await page.keyboard.press('ArrowRight');
  await expect(at('probed')).toHaveText(/^Patch in row \d+, column \d+\. Dense: goes with \d+ of \d+ other patches/);
  const one = await words('probed');
  await drawn('object-map-dense').not.toBe(map);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(at('probed')).toHaveText(/, column 1\. /);
  await says('probed').not.toBe(one);
  await page.keyboard.press('Escape');
  await expect(at('probed')).toHaveText('');
  await drawn('object-map-dense').toBe(map);
  await at('object-grid-pruned').hover({ position: { x: 20, y: 20 } });
  await expect(at('probed')).toHaveText(/^Patch in row 1/);
  await at('object-key').hover();
  await expect(at('probed')).toHaveText('');
});

test('a parameter of the search is set and reset', async () => {
  await at('objects').locator('.inside summary').first().click();
  await at('object-patches').fill('5');
  await at('object-patches').press('Enter');
  await link().toContain('dp.patches=5');
  await idle();
  await at('object-settings-reset').click();
  await link().not.toContain('dp.');
  await idle();
});

test('objects are looked for at every layer and at other sparsities, and both are chosen from the strips', async ({ page }) => {
  await at('follow-layers').click();
  await expect(at('spot-layers')).toHaveCount(12);
  await idle();
  await says('follow-layers').toBe('Search at every layer');
  await page.locator('[data-testid=spot-layers][data-along="features.9"]').check({ force: true });
  await link().toContain('dl=features.9');
  await idle();
  await expect(at('object-layer')).toHaveValue('features.9');
  await at('object-layer').selectOption('');
  await link().not.toContain('dl=');
  await idle();
  await at('follow-sparsities').click();
  await passing(page, 'following-sparsities', /\d+ of \d+/);
  await expect(at('spot-sparsities')).toHaveCount(10);
  await idle();
  const before = await fragment();
  await answered(() => page.getByTestId('spot-sparsities').nth(1).check({ force: true }));
  await link().toContain('s=0.2');
  await idle();
  await answered(() => page.goBack());
  await link().toBe(before);
});

test('objects are counted on all photos, and the count can be ended', async ({ page }) => {
  await idle();
  await at('locate').click();
  await passing(page, 'locating', /\d+ of \d+ pictures/);
  await at('locate').click();
  await idle();
  await says('locate').toBe('Count on all of them');
  await at('locate').click();
  await expect(at('located-rests')).toHaveText(/on all 52 photos/, { timeout: long });
  await idle();
  for (const id of ['located-dense', 'located-pruned']) {
    await says(id).toMatch(/^\d+\.\d\u00a0% of 52 photos, 95\u00a0% interval \d+ to \d+\u00a0%$/);
  }
  await says('located-difference').toMatch(/noise|None/);
  await panel('objects').click();
  await expect(at('object-photo-dense')).toHaveCount(0);
});

test('a file that holds no weights gets a sentence, and everything stays', async ({ page }) => {
  const [before, here] = [await shown(), await fragment()];
  for (const [name, sentence] of [['evil.pth', 'posix'], ['no_tensors.pth', 'no tensors'], ['plain.pth', 'fits']]) {
    await drop(name, 'application/octet-stream', base64(`../files/weights/${name}`));
    await expect(page.getByTestId('own-failed').filter({ hasText: sentence })).toBeVisible();
  }
  await idle();
  await showing().toEqual(before);
  await link().toBe(here);
});

test('weights of the reader\'s own run until the page is reloaded', async ({ context }) => {
  const file = base64('../../www/models/squeezenet1_1.safetensors');
  await answered(() => drop('mine.safetensors', 'application/octet-stream', file));
  await expect(at('own-found')).toBeVisible();
  await says('own-found').toContain('squeezenet1_1');
  await expect(at('network')).toHaveValue(/^own-/);
  const chosen = await at('network').inputValue();
  await says('network').toContain('mine.safetensors), until this page is reloaded');
  await link().toContain(`m=${chosen}`);
  await answered(() => at('network').selectOption('squeezenet1_1'));
  const stranger = await context.newPage();
  await stranger.goto(`${url}#m=${chosen}&s=0.8`);
  await expect(stranger.getByTestId('alert').filter({ hasText: 'open the same file' })).toBeVisible();
  await after(0, stranger);
  await stranger.getByTestId('weights-file').setInputFiles({ name: 'mine.safetensors', mimeType: '', buffer: Buffer.from(file, 'base64') });
  await expect(stranger).toHaveURL(address => address.hash.includes(`m=${chosen}`) && address.hash.includes('s=0.8'));
  await stranger.close();
});

test('a network of scenes shows scenes, with names and checkpoints of its own', async ({ page }) => {
  const index = await page.evaluate(() => fetch('models/index.json').then(answer => answer.json()));
  const small = index.models.find(id => id.startsWith('mini_'));
  test.skip(!small, 'no miniature network is in www/models/index.json');
  await answered(() => at('network').selectOption(small));
  await link().toContain('scene=0');
  await expect(at('gallery-item')).toHaveCount(500);
  await expect(at('trained-here')).toBeVisible();
  await answered(() => page.locator('[data-testid=gallery-item][data-id="scene-3"] input').check({ force: true }));
  await says('credits').toContain('Scene 3: ');
  await says('top5-dense').not.toContain('class ');
  await at('scene-class').selectOption({ label: 'bag' });
  await expect.poll(() => at('gallery-item').count(), 'bags only').toBeLessThan(100);
  await at('scene-class').selectOption('');
  await answered(() => at('criterion').selectOption('lrr'));
  await says('checkpoint').toContain('right: ');
  const before = await fragment();
  await answered(async () => {
    await at('sparsity').focus();
    await page.keyboard.press('ArrowRight');
  });
  await link().not.toBe(before);
  await panel('objects').click();
  await expect(at('object-verdict-pruned')).toHaveText(verdict);
  await idle();
  await expect(at('album')).toHaveValue('scenes');
  await at('follow-layers').click();
  await expect(at('spot-layers')).toHaveCount(4);
  await idle();
  await panel('objects').click();
  await answered(() => at('network').selectOption('squeezenet1_1'));
  await link().not.toContain('scene=');
  await expect(at('criterion')).toHaveValue('magnitude');
  await answered(() => mark(page).click());
});

test('the numbers\' checks are told without leaving the experiment', async ({ page }) => {
  const before = await fragment();
  await at('audit-open').click();
  await expect(at('audit-table')).toBeVisible();
  // Methods, measures and searches.
  await expect(at('audit-row')).toHaveCount(49);
  await at('audit-search').fill('grad-cam captum');
  await expect.poll(() => at('audit-row').count(), 'rows that are found').toBeLessThan(49);
  await expect(page.locator('[data-testid=audit-row][data-id="grad-cam"]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(at('audit')).not.toBeVisible();
  await link().toBe(before);
});

test('a class is searched for by keyboard', async () => {
  await at('target').selectOption('class');
  await at('class-search').fill('tabby');
  await expect(at('class-option').first()).toBeVisible();
  await answered(async () => {
    await at('class-search').press('ArrowDown');
    await at('class-search').press('ArrowUp');
    await at('class-search').press('Enter');
  });
  await link().toContain('t=281');
  await expect(at('map-dense')).toHaveAttribute('aria-label', /tabby/);
  await expect(at('class-list')).not.toBeVisible();
  await answered(() => at('target').selectOption('predicted'));
});

test('a file that is no picture gets a sentence, and everything stays', async () => {
  const [before, here] = [await shown(), await fragment()];
  await at('file').setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') });
  await expect(alertWith('notes.jpg')).toBeVisible();
  await idle();
  await showing().toEqual(before);
  await link().toBe(here);
  await at('dismiss').first().click();
  await expect(at('alert')).toHaveCount(0);
});

test('a picture of the reader\'s own is dropped, without a box', async ({ page }) => {
  const png = await stripes();
  await answered(() => drop('stripes.png', 'image/png', png));
  await says('credits').toContain('stripes.png');
  await expect(at('no-truth')).toBeVisible();
  await link().toContain('own=');
  await answered(() => page.goBack());
  await says('credits').toContain('Koala');
});

test('a link that cannot be read gets a sentence, and everything stays', async ({ page }) => {
  const [before, here] = [await shown(), await fragment()];
  for (const [hash, sentence] of [['#m=resnet9000', "unknown model 'resnet9000'"], ['#a=tea-leaves', "unknown method 'tea-leaves'"], ['#s=2', 'sparsity'], ['#i=unicorn', 'unicorn']]) {
    await page.evaluate(hash => { location.hash = hash; }, hash);
    await expect(alertWith(sentence)).toBeVisible();
    await link().toBe(here);
  }
  await idle();
  await showing().toEqual(before);
});

test('a layer that does not exist gets a sentence, and everything stays', async ({ page }) => {
  const here = await fragment();
  await page.evaluate(hash => { location.hash = hash; }, `${here}&l=attic`);
  await expect(alertWith('attic')).toBeVisible();
  await idle();
  await link().toBe(here);
});

test('a page opened with an unknown model or method works all the same', async () => {
  for (const [hash, sentence] of [['#m=resnet9000', 'resnet9000'], ['#a=tea-leaves', 'tea-leaves']]) {
    await open(hash);
    await expect(alertWith(sentence)).toBeVisible();
    await first();
    await expect(at('alert')).toHaveCount(1);
  }
});

test('a whole experiment comes from a link, and the last one is remembered', async ({ page }) => {
  const whole = '#v=1&i=koala&o=layer&s=0.8&a=input-x-gradient&t=105';
  await open(whole);
  await first();
  await link().toBe(whole);
  await expect(at('sparsity-number')).toHaveValue('80');
  await expect(at('method')).toHaveValue('input-x-gradient');
  await at('copy-link').click();
  await passing(page, 'copy-link', /copied/);
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), 'the copied link').toBe(url.split('#')[0] + whole);
  await open('');
  await first();
  await link().toBe(whole);
});

test('a long computation counts its steps and can be ended', async ({ page }) => {
  await at('method').selectOption('integrated-gradients');
  await passing(page, 'progress-words', /\d+ of \d+ steps/);
  await page.keyboard.press('Escape');
  await idle();
  await expect(at('stopped')).toBeVisible();
  await answered(() => at('method').selectOption('grad-cam'));
});

test('a drag ends at the newest value', async ({ page }) => {
  await answered(async () => {
    const box = await at('sparsity').boundingBox();
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 0; i < 20; i += 1) await page.mouse.move(box.x + box.width * (0.2 + i * 0.01), box.y + box.height / 2);
    await page.mouse.up();
  });
  await idle();
  await expect.poll(async () => (await at('pruned-fraction').textContent()).startsWith(await at('sparsity-number').inputValue()), 'the newest value').toBe(true);
});

test('a browser that can compute nothing gets one sentence', async ({ context }) => {
  const old = await context.newPage();
  await old.addInitScript(() => {
    WebAssembly.validate = () => false;
    delete Navigator.prototype.gpu;
  });
  await old.goto(url);
  await expect(old.getByText('neither WebAssembly SIMD nor WebGPU')).toBeVisible();
  await old.close();
});

test('a crashed engine is started again, once, and a second crash offers the CPU', async ({ context }) => {
  const crashing = await context.newPage();
  await crashing.addInitScript(() => {
    const Plain = window.Worker;
    // What the worker posts when it panics, at the test's wish.
    window.Worker = class extends Plain {
      constructor(...words) {
        super(...words);
        window.crash = () => this.dispatchEvent(new MessageEvent('message', { data: 'panic: a test' }));
      }
    };
  });
  await crashing.goto(`${url}#d=cpu`);
  await expect(crashing.getByTestId('engine')).toHaveAttribute('data-state', 'ready');
  await first(crashing);
  const before = await done(crashing);
  await crashing.evaluate(() => window.crash());
  await expect(crashing.getByTestId('restarted')).toBeVisible();
  await after(before, crashing);
  await crashing.evaluate(() => window.crash());
  await expect(crashing.getByTestId('engine-down')).toBeVisible();
  await expect(crashing.getByTestId('top5-dense')).toBeVisible();
  const last = await done(crashing);
  await crashing.getByTestId('retry-cpu').click();
  await after(last, crashing);
  await crashing.close();
});

test('at 320 px nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await unfold('layer-features');
  await expect(at('silent')).toBeVisible();
  await idle();
  const wide = () => page.evaluate(() => [
    document.documentElement.scrollWidth > 320,
    ...[...document.querySelectorAll('body *')]
      .filter(element => element.getBoundingClientRect().right > 320.5 && !element.closest('.table-scroll, .hidden'))
      .map(element => `${element.tagName}.${element.className}`),
  ]);
  // Elements may reach beyond; the page may not.
  await expect.poll(async () => { const [beyond, ...which] = await wide(); return beyond ? which.slice(0, 8).join(' ') || 'something' : ''; }, 'wider').toBe('');
});

test(...last);
