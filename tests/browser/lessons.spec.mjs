// Lessons, links for teachers, and languages.
import {
  answered, at, expect, first, fragment, idle, link, open, says, test, last, words,
} from './hands.mjs';

const step = wanted => says('lesson-place').toBe(wanted);
const setup = page => page.locator('#setup');
const number = text => text.match(/\d+\.\d\u00a0%/)[0];

// A lesson is taken by keyboard alone; a question comes before its answer, and what was predicted stays.
test.describe('lessons', () => {
  test.describe.configure({ mode: 'serial' });

  test('a lesson is begun from the list by keyboard', async ({ page }) => {
    await open('');
    await page.evaluate(() => localStorage.clear());
    await open('');
    await first();
    await at('lessons-open').focus();
    await page.keyboard.press('Enter');
    await expect(at('lesson-entry').first()).toBeVisible();
    await expect(at('lesson-entry')).toHaveCount(6);
    await page.locator('[data-testid=lesson-entry][data-id=pruning]').focus();
    await page.keyboard.press('Enter');
    await step('Step 1 of 5');
    await link().toBe('#v=1&s=0&lesson=pruning');
    await expect(at('lesson-title')).toBeFocused();
    await expect(setup(page)).not.toBeVisible();
    await expect(at('measures')).not.toBeVisible();
    await says('lesson').toMatch(/ice bear \d/);
    await idle();
  });

  test('arrow keys lead through the lesson, where the reader has the focus', async ({ page }) => {
    await page.keyboard.press('ArrowRight');
    await step('Step 2 of 5');
    await link().toContain('lesson=pruning.2');
    await expect(at('lesson-title')).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await step('Step 1 of 5');
    await expect(at('lesson-title')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await step('Step 2 of 5');
    await expect(at('lesson-title')).toBeFocused();
    await at('lessons-open').focus();
    await page.keyboard.press('ArrowRight');
    await idle();
    await step('Step 2 of 5');
  });

  test('the prediction is asked for before the answer is shown', async ({ page }) => {
    await expect(at('revealed')).not.toBeVisible();
    await says('reveal').toContain('without');
    await at('prediction').first().focus();
    await page.keyboard.press('ArrowDown');
    await says('reveal').toBe('Show what happens');
    await idle();
    await step('Step 2 of 5');
    await at('reveal').focus();
    await page.keyboard.press('Enter');
    await expect(at('revealed')).toBeFocused();
    await says('revealed').toMatch(/At 20\u00a0%.*ice bear \d.*ice bear \d/s);
    await says('chosen').toContain('clearly less surely');
    await link().toContain('s=0.2');
    await idle();
  });

  test('numbers in a text are those of what is shown, and of nothing else', async ({ page }) => {
    await says('revealed').toContain(number(await words('top5-pruned')));
    await at('sparsity').focus();
    await page.keyboard.press('PageUp');
    await says('revealed').toMatch(/At 36\u00a0%/);
    await says('revealed').not.toContain('\u2026');
    await idle();
    await says('revealed').toContain(number(await words('top5-pruned')));
    await at('lesson-show').click();
    await link().toContain('s=0&');
    await idle();
  });

  test('panels that a step asks for unfold and fold with it', async ({ page }) => {
    const before = await words('lesson-title');
    await page.evaluate(() => { location.hash = '#lesson=objects'; });
    await says('lesson-title').not.toBe(before);
    await step('Step 1 of 5');
    await idle();
    await expect(at('objects')).not.toBeVisible();
    await at('reveal').click();
    await says('revealed').toMatch(/overlaps the true one by \d/);
    await expect(at('objects')).toBeVisible();
    await at('lesson-next').click();
    await step('Step 2 of 5');
    await at('lesson-back').click();
    await step('Step 1 of 5');
    await expect(at('objects')).not.toHaveAttribute('open');
    await idle();
  });

  test('a link reopens its lesson at its step, with its experiment', async () => {
    await open('#v=1&s=0.36&lesson=pruning.2');
    await first();
    await step('Step 2 of 5');
    await expect(at('sparsity-number')).toHaveValue('36');
    await expect(at('prediction').nth(1)).toBeChecked();
    await expect(at('revealed')).not.toBeVisible();
    await open('#lesson=sweet-spots.2');
    await first();
    await step('Step 2 of 5');
    await link().toBe('#v=1&m=mini_resnet_small&scene=2&c=lrr&s=0&lesson=sweet-spots.2');
    await idle();
  });

  test('the controls are at hand, and leaving the lesson keeps the experiment', async ({ page }) => {
    await at('controls').click();
    await expect(setup(page)).toBeVisible();
    await expect(at('controls')).toHaveAttribute('aria-expanded', 'true');
    await at('controls').click();
    await expect(at('controls')).toHaveAttribute('aria-expanded', 'false');
    const before = (await fragment()).replace('&lesson=sweet-spots.2', '');
    await at('lesson-leave').click();
    await link().toBe(before);
    await expect(at('lesson')).toHaveCount(0);
    await expect(setup(page)).toBeVisible();
    await expect(at('measures')).toBeVisible();
    // Back and away again before a frame is drawn, as on a slow device: nothing may be asked of a lesson that is left.
    await page.evaluate(() => {
      const usual = window.requestAnimationFrame;
      const held = [];
      window.requestAnimationFrame = body => held.push(body);
      window.drawFrames = () => {
        window.requestAnimationFrame = usual;
        held.forEach(body => usual.call(window, body));
        return held.length;
      };
    });
    await page.goBack();
    await step('Step 2 of 5');
    await page.goForward();
    await expect(at('lesson')).toBeHidden();
    expect(await page.evaluate(() => window.drawFrames()), 'frames that were held back').toBeGreaterThan(0);
    await idle();
  });

  test('an unknown lesson gets a sentence, and so does a step that does not exist', async ({ page }) => {
    const alert = text => page.getByTestId('alert').filter({ hasText: text });
    await open('#v=1&s=0.36&lesson=alchemy');
    await expect(alert("unknown lesson 'alchemy'")).toBeVisible();
    await first();
    await link().toBe('#v=1&s=0.36');
    await open('#lesson=pruning.25');
    await expect(alert('has 5 steps')).toBeVisible();
    await step('Step 5 of 5');
    await open('#hide=moon&lang=tlh&present=maybe');
    await expect(alert("hides 'moon'")).toBeVisible();
    await expect(at('alert')).toHaveCount(3);
    await first();
  });

  test('the last step tells what was predicted', async () => {
    await open('#lesson=pruning.5');
    await first();
    await at('predicted').locator('summary').click();
    await says('predicted').toContain('clearly less surely');
    await at('teacher-note').locator('summary').click();
    await says('teacher-note').toContain('Honesty');
  });

  test('every step of every lesson can be shown, in both languages', async ({ page }) => {
    const index = await page.evaluate(() => fetch('lessons/index.json').then(answer => answer.json()));
    const places = { en: (at, of) => `Step ${at} of ${of}`, it: (at, of) => `Passo ${at} di ${of}` };
    const place = /^\D+(\d+)\D+(\d+)$/;
    for (const language of ['en', 'it']) {
      for (const { id, title } of index.lessons) {
        await page.evaluate(hash => { location.hash = hash; }, `#lesson=${id}&lang=${language}`);
        await link().toContain(`lesson=${id}`);
        await expect(at('lesson-name')).toContainText(title[language]);
        await says('lesson-place').toMatch(place);
        const steps = Number((await words('lesson-place')).match(place)[2]);
        for (let now = 1; now <= steps; now += 1) {
          await says('lesson-place').toBe(places[language](now, steps));
          await expect(page.locator('[data-testid=lesson-figure], [data-testid=question], .words').first()).toBeAttached();
          if (now < steps) await at('lesson-next').click();
        }
        await expect(at('lesson-next')).toBeDisabled();
      }
    }
    await expect(at('alert')).toHaveCount(0);
    await idle();
  });
});

// Italian, by link and by menu; remembered.
test.describe('languages', () => {
  test.describe.configure({ mode: 'serial' });

  test('the page and its lessons speak Italian', async ({ page }) => {
    await open('#v=1&s=0&lesson=pruning.2&lang=it');
    await first();
    await step('Passo 2 di 5');
    await expect(page.locator('html')).toHaveAttribute('lang', 'it');
    await says('lesson-title').toBe('Togliere i più piccoli');
    await says('lessons-open').toBe('Lezioni');
    await says('copy-link').toBe('Copia il link');
    await says('weights-left').toMatch(/^Restano/);
    await at('language').selectOption('en');
    await step('Step 2 of 5');
    await link().toContain('lang=en');
  });

  test('a language that was chosen is remembered, and links stay without it', async ({ page }) => {
    await open('');
    await first();
    await at('language').selectOption('it');
    await says('lessons-open').toBe('Lezioni');
    await idle();
    await link().not.toContain('lang');
    await open('');
    await first();
    await says('lessons-open').toBe('Lezioni');
    await at('language').selectOption('en');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});

// Links for a class: the projector, and parts left out.
test.describe('classes', () => {
  test.describe.configure({ mode: 'serial' });

  test('a link for a projector shows large type and few controls, and can be left', async ({ page }) => {
    await open('');
    await first();
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.pane h3')).fontSize));
    const usual = await size();
    await open('#v=1&present=1');
    await first();
    await expect.poll(size, 'type').toBeGreaterThan(1.25 * usual);
    await expect(setup(page)).not.toBeVisible();
    await expect(page.locator('#sparsity-hint')).not.toBeVisible();
    await answered(() => at('sparsity').press('PageUp'));
    await link().toMatch(/&present=1$/);
    await at('controls').click();
    await expect(setup(page)).toBeVisible();
    await at('controls').click();
    await at('leave-projector').click();
    await link().not.toContain('present');
    await expect.poll(size, 'the type').toBe(usual);
  });

  test('parts that a link leaves out are not shown, whatever is changed', async () => {
    await open('#v=1&hide=picture,measures,numbers');
    await first();
    await answered(() => at('sparsity').press('PageUp'));
    for (const id of ['gallery', 'measures', 'audit-open']) await expect(at(id)).not.toBeVisible();
    for (const id of ['network', 'layers', 'copy-link']) await expect(at(id)).toBeVisible();
    await link().toMatch(/&hide=picture,measures,numbers$/);
  });

  test('the form for teachers makes such a link', async ({ page }) => {
    await open('#v=1&s=0.36');
    await first();
    await at('teach-open').click();
    await at('teach-present').check();
    await at('hide-weights').check();
    await at('hide-network').check();
    await at('hide-weights').uncheck();
    await at('hide-sweep').check();
    await expect(at('teach-lesson').locator('option')).toHaveCount(7);
    await at('teach-lesson').selectOption('maps');
    await at('teach-language').selectOption('it');
    await expect(at('teach-link')).toHaveValue(/#v=1&s=0\.36&present=1&hide=network,sweep&lesson=maps&lang=it$/);
    const made = await at('teach-link').inputValue();
    await at('teach-copy').click();
    await expect(page.getByTestId('teach-copy').filter({ hasText: 'Link copied' })).toBeVisible();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), 'the clipboard').toBe(made);
    await page.keyboard.press('Escape');
    await link().toBe('#v=1&s=0.36');
  });
});

test(...last);
