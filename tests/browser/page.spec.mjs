// Drives the real page: node page.spec.mjs URL [cpu|gpu [PART]]; PART is one of the parts below. The last line says how many checks passed; the exit code is 1 if any failed.
import { readFileSync } from 'node:fs';
import { alignment } from './alignment.mjs';
import { check, equal, finish, holds, listen } from './checks.mjs';
import { launch } from './chromium.mjs';
import { closer } from './closer.mjs';
import { packs } from './packs.mjs';
import { sharing } from './sharing.mjs';
import { classes, languages, lessons } from './lessons.mjs';
import { sweeps } from './sweep.mjs';

const [address, mode = 'cpu', only] = process.argv.slice(2);
if (!address) throw new Error('usage: node page.spec.mjs URL [cpu|gpu [PART]]');
const url = new URL(address).href;
// SwiftShader takes up to a minute for a pass.
const patience = mode === 'gpu' ? 600_000 : 60_000;

const complaints = [];

const browser = await launch(mode);
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
const page = await context.newPage();
page.setDefaultTimeout(patience);
listen(page, complaints);

const at = id => page.getByTestId(id);
const done = () => page.evaluate(() => Number(document.documentElement.dataset.jobDone ?? 0));
const fragment = () => page.evaluate(() => location.hash);
const idle = () => page.waitForFunction(() => document.querySelector('[data-testid=job]')?.dataset.busy === 'false');
const words = id => at(id).innerText();

// Waits for a run that is answered after the action; answers what the action does.
async function answered(action) {
  const before = await done();
  const result = await action();
  await page.waitForFunction(before => Number(document.documentElement.dataset.jobDone ?? 0) > before, before);
  await idle();
  return result;
}

// A number that changes with any pixel of a canvas, which may be about to come.
const pixels = id => at(id).evaluate(canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (const byte of data) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
});

// Waits until something holds, and fails with the words if it does not within seconds.
async function until(condition, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await page.waitForTimeout(50);
  }
  throw new Error(what);
}

const first = () => page.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0).then(idle);

const shown = async () => ({
  dense: await pixels('map-dense'),
  pruned: await pixels('map-pruned'),
  denseTop: await words('top5-dense'),
  prunedTop: await words('top5-pruned'),
});

const alertWith = text => at('alert').filter({ hasText: text }).first();

async function open(hash = '') {
  await page.goto('about:blank');
  await page.goto(url + hash);
}

const drop = (name, type, base64) => page.evaluate(([name, type, base64]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type }));
  for (const kind of ['dragover', 'drop']) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}, [name, type, base64]);

const base64 = path => readFileSync(new URL(path, import.meta.url)).toString('base64');

// A picture of stripes, as base64.
const stripes = () => page.evaluate(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 96;
  const context = canvas.getContext('2d');
  for (let i = 0; i < 96; i += 8) {
    context.fillStyle = `hsl(${i * 7} 80% 50%)`;
    context.fillRect(i, 0, 8, 96);
  }
  return canvas.toDataURL('image/png').split(',')[1];
});

async function short() {
  await check('the page is there at once', async () => {
    await open('#d=gpu');
    await page.getByRole('heading', { name: 'Sweetspot', level: 1 }).waitFor();
  });
  await check('the first live result comes, and the status names the GPU', async () => {
    await first();
    holds((await words('status')).startsWith('GPU'), `the status is "${await words('status')}"`);
    holds(await page.locator('[data-testid=top5-dense] li').count() === 5, 'five classes');
    holds((await pixels('map-dense')) !== (await pixels('map-pruned')), 'the two maps differ');
  });
  await check('the slider changes what the pruned network shows, and nothing else', async () => {
    const before = await shown();
    await answered(() => at('sparsity').press('PageUp'));
    const after = await shown();
    equal(after.denseTop, before.denseTop, 'the dense classes');
    holds(after.pruned !== before.pruned, 'the pruned map changes');
  });
}

async function long() {
  await check('the page is there at once', async () => {
    await open('');
    await page.getByRole('heading', { name: 'Sweetspot', level: 1 }).waitFor();
    await at('sparsity').waitFor();
    holds((await page.locator('body').innerText()).includes('No picture leaves this device'), 'it says that pictures stay');
  });

  await check('the first live result comes', async () => {
    await first();
    // Told once spare passes have settled it.
    await page.waitForFunction(() => / a pass$/.test(document.querySelector('[data-testid=status]').innerText), null, { timeout: 20_000 });
    for (const side of ['dense', 'pruned']) {
      equal(await page.locator(`[data-testid=top5-${side}] li`).count(), 5, `classes of the ${side} network`);
      const label = await at(`map-${side}`).getAttribute('aria-label');
      holds(label.includes(`in the ${side} network`) && label.includes('of its mass on the object'), `the map in words: ${label}`);
    }
    holds((await words('credits')).includes('By '), 'the picture is credited');
    holds((await words('pruned-fraction')).startsWith('59'), 'the pruned fraction');
    holds((await words('measures')).includes('Relevance mass accuracy'), 'the measures');
    equal(await page.getByTestId('alert').count(), 0, 'messages');
  });

  await check('the slider moves by keyboard, and only the pruned side changes', async () => {
    const before = await shown();
    await answered(async () => {
      await at('sparsity').focus();
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
    });
    equal(await at('sparsity-number').inputValue(), '79.03', 'the number');
    const after = await shown();
    equal(after.denseTop, before.denseTop, 'the dense classes');
    holds(after.prunedTop !== before.prunedTop, 'the pruned classes change');
    holds(after.pruned !== before.pruned, 'the pruned map changes');
    holds((await fragment()).includes('s=0.7902848'), `the link: ${await fragment()}`);
  });

  await check('with a scale of its own the dense map does not change', async () => {
    await at('shared-scale').uncheck();
    const before = await shown();
    await answered(() => at('sparsity').press('PageUp'));
    const after = await shown();
    equal(after.dense, before.dense, 'the dense map');
    holds(after.pruned !== before.pruned, 'the pruned map changes');
    await at('shared-scale').check();
  });

  await check('back and forward lead through the experiments', async () => {
    const here = await fragment();
    await answered(() => page.goBack());
    holds((await fragment()) !== here, 'the link changes');
    await answered(() => page.goForward());
    equal(await fragment(), here, 'the link');
  });

  await check('the number field and the marks set the sparsity', async () => {
    await answered(async () => {
      await at('sparsity-number').fill('50');
      await at('sparsity-number').press('Enter');
    });
    holds((await fragment()).includes('s=0.5'), `the link: ${await fragment()}`);
    await answered(() => page.locator('[data-testid=tick][data-round="4"]').click());
    equal(await at('sparsity-number').inputValue(), '59.04', 'the number');
    await answered(() => at('previous-point').click());
    equal(await at('sparsity-number').inputValue(), '48.8', 'the number');
  });

  await check('the scope changes which layers lose', async () => {
    await at('layers-table-toggle').click();
    const before = await words('layers-table');
    await answered(() => page.getByTestId('scope-layer').check({ force: true }));
    holds((await words('layers-table')) !== before, 'the table changes');
    await at('layers-table-toggle').click();
    await answered(() => page.getByTestId('scope-global').check({ force: true }));
  });

  await check('another network is chosen', async () => {
    const before = await shown();
    await answered(() => at('network').selectOption('efficientnet_lite0'));
    const after = await shown();
    holds(after.denseTop !== before.denseTop, 'the dense classes change');
    holds((await fragment()).includes('m=efficientnet_lite0'), `the link: ${await fragment()}`);
    await answered(() => at('network').selectOption('squeezenet1_1'));
  });

  await check('another picture is chosen', async () => {
    const before = await shown();
    await answered(() => page.locator('[data-testid=gallery-item][data-id="koala"] input').check({ force: true }));
    const after = await shown();
    holds(after.dense !== before.dense && after.denseTop !== before.denseTop, 'map and classes change');
    holds((await words('credits')).includes('Koala'), 'the credits change');
  });

  await check('another method is chosen', async () => {
    const before = await shown();
    await answered(() => at('method').selectOption('saliency'));
    holds((await shown()).dense !== before.dense, 'the map changes');
    holds((await at('map-dense').getAttribute('aria-label')).startsWith('Saliency'), 'the map in words');
    await answered(() => at('method').selectOption('grad-cam'));
  });

  await check('the menu of methods is grouped and offers only what the network can do', async () => {
    const groups = await page.evaluate(() => [...document.querySelectorAll('[data-testid=method] optgroup')]
      .map(group => [group.label, ...[...group.children].map(option => option.value)]));
    equal(groups.map(group => group[0]).join(', '), 'Class activation maps, Gradients, Modified backpropagation, Perturbation', 'the groups');
    holds(groups.flat().includes('lrp') && !groups.flat().includes('attention'), `the methods: ${groups}`);
    const absent = page.getByTestId('absent-method').filter({ hasText: 'Attention rollout' });
    await absent.focus();
    holds((await words('absent-methods')).includes('this network has no attention'), 'the reason is shown on focus');
    const reason = await absent.getAttribute('aria-describedby');
    equal(await page.locator(`#${reason}`).textContent(), 'this network has no attention', 'the reason for those who hear it');
  });

  await check('a parameter has a field, goes into the link, and goes back to usual', async () => {
    await answered(() => at('method').selectOption('integrated-gradients'));
    await page.waitForFunction(() => /(\ss|a second) in all/.test(document.querySelector('[data-testid=cost]').textContent));
    await answered(async () => {
      await at('steps').fill('20');
      await at('steps').press('Enter');
    });
    holds((await fragment()).includes('p.steps=20'), `the link: ${await fragment()}`);
    holds((await words('cost')).startsWith('20 passes with gradients for each network, about'), `the cost: ${await words('cost')}`);
    holds((await words('sum-dense')).includes('of the score’s change of'), `what the values add up to: ${await words('sum-dense')}`);
    await answered(() => at('baseline').selectOption('blur'));
    holds((await fragment()).includes('p.baseline=blur'), `the link: ${await fragment()}`);
    await answered(() => at('settings-reset').click());
    equal(await at('steps').inputValue(), '50', 'the steps');
    holds(!(await fragment()).includes('p.'), `the link: ${await fragment()}`);
    await at('method').selectOption('smoothgrad-ig');
    await at('as-in-paper').waitFor();
    await answered(() => at('method').selectOption('grad-cam'));
  });

  await check('maps are shown in three ways', async () => {
    const heat = await pixels('map-dense');
    await page.getByTestId('mode-contours').check({ force: true });
    const contours = await pixels('map-dense');
    holds((await words('legend')).startsWith('Lines at'), 'the lines have a legend');
    await page.getByTestId('mode-masked').check({ force: true });
    const masked = await pixels('map-dense');
    holds(new Set([heat, contours, masked]).size === 3, 'they differ');
    equal(await at('legend').count(), 0, 'legends beside the picture itself');
    holds((await words('shown-dense')).startsWith('Shown: 20.0'), `what is shown: ${await words('shown-dense')}`);
    await at('share').fill('50');
    await page.getByTestId('of-mass').check({ force: true });
    holds((await words('shown-dense')).includes('with 50.'), `what is shown: ${await words('shown-dense')}`);
    holds((await pixels('map-dense')) !== masked, 'the share changes the picture');
    await page.getByTestId('mode-heat').check({ force: true });
    equal(await pixels('map-dense'), heat, 'back to the colours');
  });

  await closer({ check, equal, holds, page, at, words, answered, pixels, fragment, until });

  await check('what layers see is shown when asked for, and a layer is chosen by keyboard', async () => {
    equal(await at('tap').count(), 0, 'layers before');
    await at('sights').locator('summary').first().click();
    await at('silent').waitFor();
    await idle();
    equal(await at('tap').count(), 12, 'layers');
    equal(await at('sight-detail').locator('.channels canvas').count(), 16, 'channels');
    const before = await pixels('map-dense');
    await page.locator('[data-testid=tap]:checked').focus();
    await answered(() => page.keyboard.press('ArrowLeft'));
    holds((await fragment()).includes('l=features.11'), `the link: ${await fragment()}`);
    holds((await at('sight-detail').innerText()).startsWith('features.11'), 'the detail follows');
    holds((await pixels('map-dense')) !== before, 'the map changes');
    const silent = await words('silent');
    await answered(() => at('sparsity').press('PageUp'));
    await page.waitForFunction(before => document.querySelector('[data-testid=silent]').innerText !== before, silent);
    await idle();
    await answered(() => page.keyboard.press('PageDown'));
    await answered(async () => {
      await page.locator('[data-testid=tap]:checked').focus();
      await page.keyboard.press('ArrowRight');
    });
    holds(!(await fragment()).includes('l='), 'the default layer is not in the link');
    await at('sights').locator('summary').first().click();
  });

  await check('a group is measured, and the measurement can be ended', async () => {
    await at('measure-faithfulness').click();
    await page.waitForFunction(() => /\d+ of \d+/.test(document.querySelector('[data-testid=measuring]')?.textContent ?? ''));
    equal(await words('measure-faithfulness'), 'Cancel', 'the button');
    await at('measure-faithfulness').click();
    await idle();
    equal(await words('measure-faithfulness'), 'Measure', 'the button');
    await at('measure-faithfulness').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=measure-faithfulness]').textContent === 'Measured', null, { timeout: 300_000 });
    await idle();
    const row = await at('measure-deletion').innerText();
    holds((row.match(/%/g) ?? []).length >= 2, `the row of deletion: ${row}`);
  });

  await check('the curve is scrubbed, and its numbers are in a table', async () => {
    await at('course-deletion').locator('summary').first().click();
    const frames = async () => [await pixels('frame-dense'), await pixels('frame-pruned')];
    const before = await frames();
    await at('scrub').focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
    await until(async () => (await frames()).every((pixels, side) => pixels !== before[side]), 'the inputs change');
    holds((await at('scrub').getAttribute('aria-valuetext')).includes('of the pixels: dense'), 'the point in words');
    await at('course-deletion').locator('.numbers summary').click();
    holds(await at('course-deletion').locator('tbody tr').count() > 5, 'the numbers');
  });

  await check('measures of other settings are marked, and come back with the settings', async () => {
    await answered(() => at('sparsity').press('PageUp'));
    await at('measures-stale').first().waitFor();
    equal(await words('measure-faithfulness'), 'Measure', 'the button');
    await answered(() => at('sparsity').press('PageDown'));
    equal(await at('measures-stale').count(), 0, 'marks');
    equal(await words('measure-faithfulness'), 'Measured', 'the button');
  });

  await check('another criterion is chosen, and what it does is told', async () => {
    const before = await words('layers-chart');
    await answered(() => at('criterion').selectOption('lamp'));
    holds((await fragment()).includes('c=lamp'), `the link: ${await fragment()}`);
    holds((await words('criterion-says')).includes('Lee et al., 2021'), 'its source');
    equal(await at('scope-layer').isVisible(), false, 'a scope to choose');
    holds((await words('layers')).includes('LAMP.'), `what was done: ${await words('layers')}`);
    holds(/\u2192.*fewer/s.test(await words('costs')), `what it saves: ${await words('costs')}`);
    holds((await words('layers-chart')) !== before, 'other layers lose');
    await answered(() => at('criterion').selectOption('random'));
    await answered(async () => {
      await at('pruning-seed').fill('7');
      await at('pruning-seed').press('Enter');
    });
    holds((await fragment()).includes('ps=7'), `the link: ${await fragment()}`);
    await answered(async () => {
      await at('pruning-seed').fill('0');
      await at('pruning-seed').press('Enter');
    });
  });

  await check('a fixed pattern settles the sparsity', async () => {
    await answered(() => at('criterion').selectOption('nm-2-4'));
    equal(await at('sparsity').count(), 0, 'sliders');
    holds((await words('fixed-sparsity')).includes('50'), `in words: ${await words('fixed-sparsity')}`);
    holds((await words('pruning-note')).includes('stays whole'), `the note: ${await words('pruning-note')}`);
    holds((await words('pruned-fraction')).startsWith('49.'), `pruned: ${await words('pruned-fraction')}`);
    await answered(() => at('criterion').selectOption('magnitude'));
    await answered(() => page.locator('[data-testid=tick][data-round="4"]').click());
  });

  await check('a slow criterion counts its steps, can be ended, and waits until the control is let go', async () => {
    await at('criterion').selectOption('second-order');
    await page.waitForFunction(() => /Second order\): \d+ of \d+/.test(document.querySelector('[data-testid=progress-words]').textContent));
    await page.keyboard.press('Escape');
    await idle();
    await at('stopped').waitFor();
    const link = await fragment();
    await at('sparsity').evaluate(input => {
      input.value = 60;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    holds((await at('sparsity-number').inputValue()) !== '59.04', 'the number follows');
    equal(await fragment(), link, 'the link while the control moves');
    await at('sparsity').dispatchEvent('change');
    holds((await fragment()) !== link, 'the link when it is let go');
    await answered(async () => {
      await at('criterion').selectOption('magnitude');
      await page.locator('[data-testid=tick][data-round="4"]').click();
    });
  });

  await check('a criterion that cannot be had says why', async () => {
    equal(await page.locator('[data-testid=criterion] option[value=lrr]').getAttribute('disabled'), '', 'the option');
    await page.getByTestId('absent-criterion').filter({ hasText: 'Trained in rounds' }).focus();
    holds((await words('absent-criterions')).includes('shipped'), `the reason: ${await words('absent-criterions')}`);
  });

  await check('a layer is looked into, and another by keyboard', async () => {
    await page.getByTestId('layer-column').first().click({ force: true });
    await at('histogram').waitFor();
    await at('kernels').waitFor();
    equal(await at('weights-layer').inputValue(), 'features.0.weight', 'the layer');
    const before = await words('inside-layer');
    await page.getByTestId('layer-column').first().focus();
    await page.keyboard.press('ArrowRight');
    holds((await words('inside-layer')) !== before, 'another layer is shown');
    // Only a layer that sees colours has kernels to show.
    await at('kernels').waitFor({ state: 'hidden' });
    const shown = await at('inside-layer').innerText();
    await answered(() => at('sparsity').press('PageUp'));
    await page.waitForFunction(before => document.querySelector('[data-testid=inside-layer]').innerText !== before, shown);
    await idle();
    await answered(() => at('sparsity').press('PageDown'));
    await at('inside').locator('summary').first().click();
  });

  await check('both networks are compared on the whole gallery, and the comparison can be ended', async () => {
    await idle();
    await at('agree').click();
    await page.waitForFunction(() => /\d+ of \d+ pictures/.test(document.querySelector('[data-testid=agreeing]').textContent));
    await at('agree').click();
    await idle();
    equal(await words('agree'), 'Compare on the whole gallery', 'the button');
    await at('agree').click();
    await page.waitForFunction(() => /on all \d+ of the gallery/.test(document.querySelector('[data-testid=agreement-rests]')?.textContent ?? ''));
    await idle();
    holds(/^\d+\.\d\u00a0% \(\d+ of \d+; 95\u00a0% interval \d+ to \d+\u00a0%\)$/.test(await words('same-class')), `how alike: ${await words('same-class')}`);
    holds((await words('agreement-numbers')).includes('Pruned right'), 'how right');
  });

  const said = (id, pattern) => page.waitForFunction(
    ([id, source]) => new RegExp(source).test(document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''), [id, pattern.source]);

  await check('the object is looked for when the panel is opened, and by another method without a new run', async () => {
    equal(await at('object-photo-dense').count(), 0, 'pictures before');
    const before = await shown();
    await at('objects').locator('summary').first().click();
    await said('object-verdict-dense', /^(IoU .*: (found|missed)|nothing found)$/);
    await said('object-verdict-pruned', /^(IoU .*: (found|missed)|nothing found)$/);
    await idle();
    holds((await at('object-photo-dense').getAttribute('aria-label')).startsWith('Dense network, LOST: '), 'the picture in words');
    holds((await words('object-map-title')).startsWith('Degree'), `the map: ${await words('object-map-title')}`);
    const [jobs, photo, map] = [await done(), await pixels('object-photo-dense'), await pixels('object-map-dense')];
    await at('object-method').selectOption('tokencut');
    await said('object-map-title', /^Eigenvector/);
    await page.waitForFunction(() => document.querySelector('[data-testid=object-photo-pruned]').getAttribute('aria-label').includes('TokenCut'));
    await idle();
    holds((await fragment()).includes('dm=tokencut'), `the link: ${await fragment()}`);
    holds((await pixels('object-photo-dense')) !== photo && (await pixels('object-map-dense')) !== map, 'another method finds otherwise');
    equal(await done(), jobs, 'runs');
    equal(JSON.stringify(await shown()), JSON.stringify(before), 'what else is shown');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('[data-testid=object-method]').value === 'lost');
    await page.waitForFunction(() => document.querySelector('[data-testid=object-photo-pruned]').getAttribute('aria-label').includes('LOST'));
    await idle();
    equal(await pixels('object-photo-dense'), photo, 'back to the one before');
  });

  await check('a patch is probed by keyboard and by pointer', async () => {
    const map = await pixels('object-map-dense');
    await at('object-grid-dense').focus();
    await page.keyboard.press('ArrowRight');
    await said('probed', /^Patch in row \d+, column \d+\. Dense: goes with \d+ of \d+ other patches/);
    const first = await words('probed');
    holds((await pixels('object-map-dense')) !== map, 'the map is of the patch');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await said('probed', /, column 1\. /);
    holds((await words('probed')) !== first, 'another patch is told');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('[data-testid=probed]').textContent === '');
    equal(await pixels('object-map-dense'), map, 'back to the degrees');
    await at('object-grid-pruned').hover({ position: { x: 20, y: 20 } });
    await said('probed', /^Patch in row 1/);
    await at('object-key').hover();
    await page.waitForFunction(() => document.querySelector('[data-testid=probed]').textContent === '');
  });

  await check('a parameter of the search is set and reset', async () => {
    await at('objects').locator('.inside summary').first().click();
    await at('object-patches').fill('5');
    await at('object-patches').press('Enter');
    await page.waitForFunction(() => location.hash.includes('dp.patches=5'));
    await idle();
    await at('object-settings-reset').click();
    await page.waitForFunction(() => !location.hash.includes('dp.'));
    await idle();
  });

  await check('objects are looked for at every layer and at other sparsities, and both are chosen from the strips', async () => {
    await at('follow-layers').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=spot-layers]').length === 12);
    await idle();
    equal(await words('follow-layers'), 'Search at every layer', 'the button');
    const other = page.locator('[data-testid=spot-layers][data-along="features.9"]');
    await other.check({ force: true });
    await page.waitForFunction(() => location.hash.includes('dl=features.9'));
    await idle();
    equal(await at('object-layer').inputValue(), 'features.9', 'the menu follows');
    await at('object-layer').selectOption('');
    await idle();
    await at('follow-sparsities').click();
    await said('following-sparsities', /\d+ of \d+/);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=spot-sparsities]').length === 10);
    await idle();
    const before = await fragment();
    await answered(() => page.getByTestId('spot-sparsities').nth(1).check({ force: true }));
    holds((await fragment()).includes('s=0.2'), `the link: ${await fragment()}`);
    await idle();
    await answered(() => page.goBack());
    equal(await fragment(), before, 'the link before');
  });

  await check('objects are counted on all photos, and the count can be ended', async () => {
    await idle();
    await at('locate').click();
    await said('locating', /\d+ of \d+ pictures/);
    await at('locate').click();
    await idle();
    equal(await words('locate'), 'Count on all of them', 'the button');
    await at('locate').click();
    await said('located-rests', /on all 52 photos/);
    await idle();
    for (const id of ['located-dense', 'located-pruned']) {
      holds(/^\d+\.\d\u00a0% of 52 photos, 95\u00a0% interval \d+ to \d+\u00a0%$/.test(await words(id)), `how often: ${await words(id)}`);
    }
    holds(/noise|None/.test(await words('located-difference')), `the difference: ${await words('located-difference')}`);
    await at('objects').locator('summary').first().click();
    equal(await at('object-photo-dense').count(), 0, 'pictures afterwards');
  });

  await check('a file that holds no weights gets a sentence, and everything stays', async () => {
    const [before, link] = [await shown(), await fragment()];
    for (const [name, sentence] of [['evil.pth', 'posix'], ['no_tensors.pth', 'no tensors'], ['plain.pth', 'fits']]) {
      await drop(name, 'application/octet-stream', base64(`../files/weights/${name}`));
      await page.getByTestId('own-failed').filter({ hasText: sentence }).waitFor();
    }
    await idle();
    equal(JSON.stringify(await shown()), JSON.stringify(before), 'what is shown');
    equal(await fragment(), link, 'the link');
  });

  await check('weights of the reader\'s own run until the page is reloaded', async () => {
    const file = base64('../../www/models/squeezenet1_1.safetensors');
    await answered(() => drop('mine.safetensors', 'application/octet-stream', file));
    await at('own-found').waitFor();
    holds((await words('own-found')).includes('squeezenet1_1'), `what was found: ${await words('own-found')}`);
    const chosen = await at('network').inputValue();
    holds(chosen.startsWith('own-'), `the network: ${chosen}`);
    holds((await at('network').innerText()).includes('mine.safetensors), until this page is reloaded'), 'the menu');
    holds((await fragment()).includes(`m=${chosen}`), `the link: ${await fragment()}`);
    await answered(() => at('network').selectOption('squeezenet1_1'));
    const stranger = await context.newPage();
    await stranger.goto(`${url}#m=${chosen}&s=0.8`);
    await stranger.getByTestId('alert').filter({ hasText: 'open the same file' }).waitFor();
    await stranger.waitForFunction(() => Number(document.documentElement.dataset.jobDone ?? 0) > 0);
    await stranger.getByTestId('weights-file').setInputFiles({ name: 'mine.safetensors', mimeType: '', buffer: Buffer.from(file, 'base64') });
    await stranger.waitForFunction(chosen => location.hash.includes(`m=${chosen}`) && location.hash.includes('s=0.8'), chosen);
    await stranger.close();
  });

  const index = await page.evaluate(() => fetch('models/index.json').then(answer => answer.json()));
  const small = index.models.find(id => id.startsWith('mini_'));
  if (small) {
    await check('a network of scenes shows scenes, with names and checkpoints of its own', async () => {
      await answered(() => at('network').selectOption(small));
      holds((await fragment()).includes('scene=0'), `the link: ${await fragment()}`);
      equal(await page.getByTestId('gallery-item').count(), 500, 'scenes');
      await at('trained-here').waitFor();
      await answered(() => page.locator('[data-testid=gallery-item][data-id="scene-3"] input').check({ force: true }));
      holds((await words('credits')).includes('Scene 3: '), `the credits: ${await words('credits')}`);
      holds(!(await words('top5-dense')).includes('class '), `class names: ${await words('top5-dense')}`);
      await at('scene-class').selectOption({ label: 'bag' });
      holds(await page.getByTestId('gallery-item').count() < 100, 'bags only');
      await at('scene-class').selectOption('');
      await answered(() => at('criterion').selectOption('lrr'));
      holds((await words('checkpoint')).includes('right: '), `the checkpoint: ${await words('checkpoint')}`);
      const link = await fragment();
      await answered(async () => {
        await at('sparsity').focus();
        await page.keyboard.press('ArrowRight');
      });
      holds((await fragment()) !== link, 'the next stored network');
      await at('objects').locator('summary').first().click();
      await said('object-verdict-pruned', /^(IoU .*: (found|missed)|nothing found)$/);
      await idle();
      equal(await at('album').inputValue(), 'scenes', 'the pictures to count on');
      await at('follow-layers').click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid=spot-layers]').length === 4);
      await idle();
      await at('objects').locator('summary').first().click();
      await answered(() => at('network').selectOption('squeezenet1_1'));
      holds(!(await fragment()).includes('scene='), `the link: ${await fragment()}`);
      equal(await at('criterion').inputValue(), 'magnitude', 'the criterion');
      await answered(() => page.locator('[data-testid=tick][data-round="4"]').click());
    });
  } else {
    console.log('skip  scenes: no miniature network is in www/models/index.json');
  }

  await check('the numbers\' checks are told without leaving the experiment', async () => {
    const link = await fragment();
    await at('audit-open').click();
    await at('audit-table').waitFor();
    equal(await at('audit-row').count(), 49, 'methods, measures and searches');
    await at('audit-search').fill('grad-cam captum');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=audit-row]').length < 49);
    holds(await page.locator('[data-testid=audit-row][data-id="grad-cam"]').count() === 1, 'Grad-CAM is found');
    await page.keyboard.press('Escape');
    equal(await at('audit').isVisible(), false, 'the dialog is open');
    equal(await fragment(), link, 'the link');
  });

  await check('a class is searched for by keyboard', async () => {
    await at('target').selectOption('class');
    await at('class-search').fill('tabby');
    await page.getByTestId('class-option').first().waitFor();
    await answered(async () => {
      await at('class-search').press('ArrowDown');
      await at('class-search').press('ArrowUp');
      await at('class-search').press('Enter');
    });
    holds((await fragment()).includes('t=281'), `the link: ${await fragment()}`);
    holds((await at('map-dense').getAttribute('aria-label')).includes('tabby'), 'the map in words');
    equal(await at('class-list').isVisible(), false, 'the list is open');
    await answered(() => at('target').selectOption('predicted'));
  });

  await check('a file that is no picture gets a sentence, and everything stays', async () => {
    const [before, link] = [await shown(), await fragment()];
    await at('file').setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') });
    await alertWith('notes.jpg').waitFor();
    await idle();
    equal(JSON.stringify(await shown()), JSON.stringify(before), 'what is shown');
    equal(await fragment(), link, 'the link');
    await at('dismiss').first().click();
    equal(await at('alert').count(), 0, 'messages');
  });

  await check('a picture of the reader\'s own is dropped, without a box', async () => {
    const png = await stripes();
    await answered(() => drop('stripes.png', 'image/png', png));
    holds((await words('credits')).includes('stripes.png'), 'it is named');
    await at('no-truth').waitFor();
    holds((await fragment()).includes('own='), `the link: ${await fragment()}`);
    await answered(() => page.goBack());
    holds((await words('credits')).includes('Koala'), 'back to the one before');
  });

  await check('a link that cannot be read gets a sentence, and everything stays', async () => {
    const [before, link] = [await shown(), await fragment()];
    for (const [hash, sentence] of [['#m=resnet9000', "unknown model 'resnet9000'"], ['#a=tea-leaves', "unknown method 'tea-leaves'"], ['#s=2', 'sparsity'], ['#i=unicorn', 'unicorn']]) {
      await page.evaluate(hash => { location.hash = hash; }, hash);
      await alertWith(sentence).waitFor();
      equal(await fragment(), link, `the link after ${hash}`);
    }
    equal(JSON.stringify(await shown()), JSON.stringify(before), 'what is shown');
  });

  await sharing({ check, equal, holds, page, at, words, answered, fragment, alertWith, stripes, drop, shown, idle, open, first });

  await check('a layer that does not exist gets a sentence, and everything stays', async () => {
    const link = await fragment();
    await page.evaluate(hash => { location.hash = hash; }, `${link}&l=attic`);
    await alertWith('attic').waitFor();
    await idle();
    equal(await fragment(), link, 'the link');
  });

  await check('a page opened with an unknown model or method works all the same', async () => {
    for (const [hash, sentence] of [['#m=resnet9000', 'resnet9000'], ['#a=tea-leaves', 'tea-leaves']]) {
      await open(hash);
      await alertWith(sentence).waitFor();
      await first();
      holds(await at('alert').count() === 1, 'one message');
    }
  });

  await check('a whole experiment comes from a link, and the last one is remembered', async () => {
    const link = '#v=1&i=koala&o=layer&s=0.8&a=input-x-gradient&t=105';
    await open(link);
    await first();
    equal(await fragment(), link, 'the link');
    equal(await at('sparsity-number').inputValue(), '80', 'the number');
    equal(await at('method').inputValue(), 'input-x-gradient', 'the method');
    await at('copy-link').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=copy-link]').textContent.includes('copied'));
    equal(await page.evaluate(() => navigator.clipboard.readText()), url.split('#')[0] + link, 'the copied link');
    await open('');
    await first();
    equal(await fragment(), link, 'the remembered link');
  });

  await check('a long computation counts its steps and can be ended', async () => {
    await at('method').selectOption('integrated-gradients');
    await page.waitForFunction(() => /\d+ of \d+ steps/.test(document.querySelector('[data-testid=progress-words]').textContent));
    await page.keyboard.press('Escape');
    await idle();
    await at('stopped').waitFor();
    await answered(() => at('method').selectOption('grad-cam'));
  });

  await check('a drag ends at the newest value', async () => {
    await answered(async () => {
      const box = await at('sparsity').boundingBox();
      await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
      await page.mouse.down();
      for (let i = 0; i < 20; i += 1) await page.mouse.move(box.x + box.width * (0.2 + i * 0.01), box.y + box.height / 2);
      await page.mouse.up();
    });
    await page.waitForFunction(() => {
      const number = document.querySelector('[data-testid=sparsity-number]').value;
      const busy = document.querySelector('[data-testid=job]').dataset.busy === 'true';
      return !busy && document.querySelector('[data-testid=pruned-fraction]').textContent.startsWith(number);
    });
  });

  await alignment({ page, at, check, equal, holds, until, idle, words, first, open });

  await check('a browser that can compute nothing gets one sentence', async () => {
    const old = await context.newPage();
    await old.addInitScript(() => {
      WebAssembly.validate = () => false;
      delete Navigator.prototype.gpu;
    });
    await old.goto(url);
    await old.getByText('neither WebAssembly SIMD nor WebGPU').waitFor();
    await old.close();
  });

  await check('a crashed engine is started again, once, and a second crash offers the CPU', async () => {
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
    const answer = () => crashing.waitForFunction(() => document.querySelector('[data-testid=engine]')?.dataset.state === 'ready'
      && document.querySelector('[data-testid=job]').dataset.busy === 'false' && Number(document.documentElement.dataset.jobDone) > 0);
    await crashing.goto(`${url}#d=cpu`);
    await answer();
    const jobs = () => crashing.evaluate(() => Number(document.documentElement.dataset.jobDone));
    const before = await jobs();
    await crashing.evaluate(() => window.crash());
    await crashing.getByTestId('restarted').waitFor();
    await crashing.waitForFunction(before => Number(document.documentElement.dataset.jobDone) > before, before);
    await crashing.evaluate(() => window.crash());
    await crashing.getByTestId('engine-down').waitFor();
    holds(await crashing.getByTestId('top5-dense').isVisible(), 'the last results stay');
    const last = await jobs();
    await crashing.getByTestId('retry-cpu').click();
    await crashing.waitForFunction(last => Number(document.documentElement.dataset.jobDone) > last, last);
    await crashing.close();
  });

  await check('at 320 px nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await at('sights').locator('summary').first().click();
    await at('silent').waitFor();
    const wide = await page.evaluate(() => [...document.querySelectorAll('body *')]
      .filter(element => element.getBoundingClientRect().right > 320.5 && !element.closest('.table-scroll, .hidden'))
      .map(element => `${element.tagName}.${element.className}`));
    holds(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, `wider: ${wide.slice(0, 8).join(' ')}`);
  });
}

// What checks in files of their own drive the page with.
const hands = { page, context, at, check, equal, holds, open, first, idle, words, fragment, until, answered, done, pixels };
const parts = {
  page: long,
  packs: () => packs({ ...hands, url }),
  lessons: () => lessons(hands),
  languages: () => languages(hands),
  classes: () => classes(hands),
  sweeps: () => sweeps({ check, equal, holds, context, url, patience, complaints }),
};

if (mode === 'gpu') await short();
else {
  for (const [name, part] of Object.entries(parts)) {
    await page.setViewportSize({ width: 1280, height: 900 });
    if (!only || only === name) await part();
  }
}
await check('nothing was complained of in the console', () => holds(complaints.length === 0, complaints.join(' | ')));

await browser.close();
finish();
