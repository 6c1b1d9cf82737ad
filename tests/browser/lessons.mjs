// Lessons, links for teachers, and languages; page.spec.mjs hands in what it drives the page with.

// A lesson is taken by keyboard alone; a question comes before its answer, and what was predicted stays.
export async function lessons({ page, at, check, equal, holds, open, first, idle, words, fragment, until }) {
  const place = () => words('lesson-place');
  const focused = () => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName);
  const step = async wanted => until(async () => (await place()) === wanted, `step: wanted ${wanted}`);

  await check('a lesson is begun from the list by keyboard', async () => {
    await open('');
    await page.evaluate(() => localStorage.clear());
    await open('');
    await first();
    await at('lessons-open').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('lesson-entry').first().waitFor();
    equal(await page.getByTestId('lesson-entry').count(), 6, 'lessons');
    await page.locator('[data-testid=lesson-entry][data-id=pruning]').focus();
    await page.keyboard.press('Enter');
    await step('Step 1 of 5');
    await page.waitForFunction(() => location.hash === '#v=1&s=0&lesson=pruning');
    await until(async () => (await focused()) === 'lesson-title', 'the focus is on the heading');
    equal(await page.locator('#setup').isVisible(), false, 'the set-up');
    equal(await at('measures').isVisible(), false, 'panels that the step does not ask for');
    await page.waitForFunction(() => /ice bear \d/.test(document.querySelector('[data-testid=lesson]').innerText));
    await idle();
  });

  await check('arrow keys lead through the lesson, where the reader has the focus', async () => {
    await page.keyboard.press('ArrowRight');
    await step('Step 2 of 5');
    await page.waitForFunction(() => location.hash.includes('lesson=pruning.2'));
    await page.keyboard.press('ArrowLeft');
    await step('Step 1 of 5');
    await page.keyboard.press('ArrowRight');
    await step('Step 2 of 5');
    await at('lessons-open').focus();
    await page.keyboard.press('ArrowRight');
    equal(await place(), 'Step 2 of 5', 'the step after an arrow elsewhere');
  });

  await check('the prediction is asked for before the answer is shown', async () => {
    equal(await at('revealed').isVisible(), false, 'the answer before');
    holds((await words('reveal')).includes('without'), `the button before a choice: ${await words('reveal')}`);
    await page.getByTestId('prediction').first().focus();
    await page.keyboard.press('ArrowDown');
    equal(await place(), 'Step 2 of 5', 'arrow keys belong to the choices');
    equal(await words('reveal'), 'Show what happens', 'the button after a choice');
    await at('reveal').focus();
    await page.keyboard.press('Enter');
    await until(async () => (await focused()) === 'revealed', 'the focus is on the answer');
    await page.waitForFunction(() => /At 20\u00a0%.*ice bear \d.*ice bear \d/s.test(document.querySelector('[data-testid=revealed]').innerText));
    holds((await words('chosen')).includes('clearly less surely'), `what was expected: ${await words('chosen')}`);
    holds((await fragment()).includes('s=0.2'), `the link: ${await fragment()}`);
    await idle();
  });

  await check('numbers in a text are those of what is shown, and of nothing else', async () => {
    const shown = await words('top5-pruned');
    const number = shown.match(/\d+\.\d\u00a0%/)[0];
    holds((await words('revealed')).includes(number), `${await words('revealed')} has ${number}`);
    await at('sparsity').focus();
    await page.keyboard.press('PageUp');
    await page.waitForFunction(() => /At 36\u00a0%/.test(document.querySelector('[data-testid=revealed]').innerText));
    await page.waitForFunction(() => !document.querySelector('[data-testid=revealed]').innerText.includes('\u2026'));
    await idle();
    const after = (await words('top5-pruned')).match(/\d+\.\d\u00a0%/)[0];
    holds((await words('revealed')).includes(after), `${await words('revealed')} has ${after}`);
    await at('lesson-show').click();
    await page.waitForFunction(() => location.hash.includes('s=0&'));
    await idle();
  });

  await check('panels that a step asks for unfold and fold with it', async () => {
    await page.evaluate(() => { location.hash = '#lesson=objects'; });
    await step('Step 1 of 5');
    equal(await at('objects').isVisible(), false, 'the panel before the answer');
    await at('reveal').click();
    await page.waitForFunction(() => /overlaps the true one by \d/.test(document.querySelector('[data-testid=revealed]').innerText));
    holds(await at('objects').isVisible(), 'the panel after the answer');
    await at('lesson-next').click();
    await step('Step 2 of 5');
    await at('lesson-back').click();
    await step('Step 1 of 5');
    await page.waitForFunction(() => !document.querySelector('[data-testid=objects]').open);
    await idle();
  });

  await check('a link reopens its lesson at its step, with its experiment', async () => {
    await open('#v=1&s=0.36&lesson=pruning.2');
    await first();
    await step('Step 2 of 5');
    equal(await at('sparsity-number').inputValue(), '36', 'the sparsity');
    equal(await page.getByTestId('prediction').nth(1).isChecked(), true, 'what was predicted before');
    equal(await at('revealed').isVisible(), false, 'the answer');
    await open('#lesson=sweet-spots.2');
    await first();
    await step('Step 2 of 5');
    await page.waitForFunction(() => location.hash === '#v=1&m=mini_resnet_small&scene=2&c=lrr&s=0&lesson=sweet-spots.2');
    await idle();
  });

  await check('the controls are at hand, and leaving the lesson keeps the experiment', async () => {
    await at('controls').click();
    holds(await page.locator('#setup').isVisible(), 'the set-up');
    equal(await at('controls').getAttribute('aria-expanded'), 'true', 'the button says so');
    await at('controls').click();
    const before = (await fragment()).replace('&lesson=sweet-spots.2', '');
    await at('lesson-leave').click();
    await page.waitForFunction(wanted => location.hash === wanted, before);
    equal(await at('lesson').count(), 0, 'the lesson');
    holds(await page.locator('#setup').isVisible(), 'the set-up');
    holds(await at('measures').isVisible(), 'the panels');
    // Back and away again before a frame is drawn, as on a slow device: nothing may be asked of a lesson that is left.
    await page.evaluate(() => {
      const usual = window.requestAnimationFrame;
      window.requestAnimationFrame = body => setTimeout(() => usual.call(window, body), 500);
      window.atUsualPace = () => { window.requestAnimationFrame = usual; };
    });
    await page.goBack();
    await step('Step 2 of 5');
    await page.goForward();
    await at('lesson').waitFor({ state: 'hidden' });
    await page.waitForTimeout(700);
    await page.evaluate(() => window.atUsualPace());
    await idle();
  });

  await check('an unknown lesson gets a sentence, and so does a step that does not exist', async () => {
    await open('#v=1&s=0.36&lesson=alchemy');
    await page.getByTestId('alert').filter({ hasText: "unknown lesson 'alchemy'" }).waitFor();
    await first();
    equal(await fragment(), '#v=1&s=0.36', 'the link');
    await open('#lesson=pruning.25');
    await page.getByTestId('alert').filter({ hasText: 'has 5 steps' }).waitFor();
    await step('Step 5 of 5');
    await open('#hide=moon&lang=tlh&present=maybe');
    await page.getByTestId('alert').filter({ hasText: "hides 'moon'" }).waitFor();
    equal(await page.getByTestId('alert').count(), 3, 'sentences');
    await first();
  });

  await check('the last step tells what was predicted', async () => {
    await open('#lesson=pruning.5');
    await first();
    await at('predicted').locator('summary').click();
    holds((await words('predicted')).includes('clearly less surely'), `what was predicted: ${await words('predicted')}`);
    await at('teacher-note').locator('summary').click();
    holds((await words('teacher-note')).includes('Honesty'), 'the note for teachers');
  });

  await check('every step of every lesson can be shown, in both languages', async () => {
    const index = await page.evaluate(() => fetch('lessons/index.json').then(answer => answer.json()));
    for (const language of ['en', 'it']) {
      for (const { id } of index.lessons) {
        await page.evaluate(hash => { location.hash = hash; }, `#lesson=${id}&lang=${language}`);
        await page.waitForFunction(id => location.hash.includes(`lesson=${id}`) && document.querySelector('[data-testid=lesson-place]')?.textContent, id);
        for (;;) {
          await page.waitForFunction(() => document.querySelector('[data-testid=lesson-figure], [data-testid=question], .words'));
          if (await at('lesson-next').isDisabled()) break;
          const before = await place();
          await at('lesson-next').click();
          await until(async () => (await place()) !== before, 'the next step');
        }
      }
    }
    equal(await page.getByTestId('alert').count(), 0, 'messages');
    await idle();
  });
}

// Italian, by link and by menu; remembered.
export async function languages({ page, at, check, equal, holds, open, first, words, fragment, until }) {
  await check('the page and its lessons speak Italian', async () => {
    await open('#v=1&s=0&lesson=pruning.2&lang=it');
    await first();
    await until(async () => (await words('lesson-place')) === 'Passo 2 di 5', 'the step');
    equal(await page.evaluate(() => document.documentElement.lang), 'it', 'the language of the page');
    equal(await words('lesson-title'), 'Togliere i più piccoli', 'the heading');
    holds((await words('lessons-open')) === 'Lezioni' && (await words('copy-link')) === 'Copia il link', 'the head');
    holds((await words('weights-left')).startsWith('Restano'), `the control: ${await words('weights-left')}`);
    await at('language').selectOption('en');
    await until(async () => (await words('lesson-place')) === 'Step 2 of 5', 'the step in English');
    holds((await fragment()).includes('lang=en'), `the link follows: ${await fragment()}`);
  });

  await check('a language that was chosen is remembered, and links stay without it', async () => {
    await open('');
    await first();
    await at('language').selectOption('it');
    await until(async () => (await words('lessons-open')) === 'Lezioni', 'Italian');
    holds(!(await fragment()).includes('lang'), `the link: ${await fragment()}`);
    await open('');
    await first();
    equal(await words('lessons-open'), 'Lezioni', 'after a reload');
    await at('language').selectOption('en');
    equal(await page.evaluate(() => document.documentElement.lang), 'en', 'the language of the page');
  });
}

// Links for a class: the projector, and parts left out.
export async function classes({ page, at, check, equal, holds, open, first, idle, fragment, answered }) {
  await check('a link for a projector shows large type and few controls, and can be left', async () => {
    await open('');
    await first();
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.pane h3')).fontSize));
    const usual = await size();
    await open('#v=1&present=1');
    await first();
    holds((await size()) > 1.25 * usual, `type: ${usual} and ${await size()}`);
    equal(await page.locator('#setup').isVisible(), false, 'the set-up');
    equal(await page.locator('#sparsity-hint').isVisible(), false, 'a note');
    await answered(() => at('sparsity').press('PageUp'));
    holds((await fragment()).endsWith('&present=1'), `the link keeps it: ${await fragment()}`);
    await at('controls').click();
    holds(await page.locator('#setup').isVisible(), 'the set-up when it is asked for');
    await at('controls').click();
    await at('leave-projector').click();
    holds(!(await fragment()).includes('present'), `the link: ${await fragment()}`);
    equal(await size(), usual, 'the type');
  });

  await check('parts that a link leaves out are not shown, whatever is changed', async () => {
    await open('#v=1&hide=picture,measures,numbers');
    await first();
    await answered(() => at('sparsity').press('PageUp'));
    for (const id of ['gallery', 'measures', 'audit-open']) equal(await at(id).isVisible(), false, id);
    for (const id of ['network', 'layers', 'copy-link']) equal(await at(id).isVisible(), true, id);
    holds((await fragment()).endsWith('&hide=picture,measures,numbers'), `the link: ${await fragment()}`);
  });

  await check('the form for teachers makes such a link', async () => {
    await open('#v=1&s=0.36');
    await first();
    await at('teach-open').click();
    await at('teach-present').check();
    await at('hide-weights').check();
    await at('hide-network').check();
    await at('hide-weights').uncheck();
    await at('hide-sweep').check();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=teach-lesson] option').length === 7);
    await at('teach-lesson').selectOption('maps');
    await at('teach-language').selectOption('it');
    const link = await at('teach-link').inputValue();
    holds(link.endsWith('#v=1&s=0.36&present=1&hide=network,sweep&lesson=maps&lang=it'), `the link: ${link}`);
    await at('teach-copy').click();
    await page.getByTestId('teach-copy').filter({ hasText: 'Link copied' }).waitFor();
    equal(await page.evaluate(() => navigator.clipboard.readText()), link, 'the clipboard');
    await page.keyboard.press('Escape');
    equal(await fragment(), '#v=1&s=0.36', 'the address stays');
    await open('');
    await first();
    await idle();
  });
}
