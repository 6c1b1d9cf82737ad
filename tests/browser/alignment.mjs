// Human alignment: a whole short experiment by keyboard, with a reload in the middle; export, import, comparison; what is refused.
import { readFileSync } from 'node:fs';

export async function alignment({ page, at, check, equal, holds, until, idle, words, first, open }) {
  const phase = name => page.waitForFunction(name => document.querySelector('[data-testid=stage]').dataset.phase === name, name);
  const unfold = async () => {
    if (!(await at('alignment').evaluate(details => details.open))) await at('alignment').locator('summary').first().click();
    await page.waitForFunction(() => !document.querySelector('[data-testid=take]')?.disabled);
  };
  // Answers the trial that comes.
  const trial = async key => {
    await phase('Answering');
    await page.keyboard.press(key);
  };
  const rows = id => page.locator(`[data-testid=${id}] tbody tr`).count();
  const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  let exported = '';

  await check('the experiment says which pictures it has, and of what there is none', async () => {
    await open('');
    await first();
    equal(await at('take').count(), 0, 'a form before the panel is opened');
    await unfold();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=plates] tbody tr').length === 16);
    holds((await at('alignment').innerText()).includes('There is none of: keyboard, oven'), 'absent categories are named');
    holds(await at('compare').isDisabled(), 'nobody has answered yet');
  });

  await check('an experiment is begun and answered by keyboard', async () => {
    await at('subject').fill('ada');
    await at('each').fill('3');
    await at('practice').fill('1');
    await at('pause-every').fill('4');
    for (const box of await page.locator('.condition input').all()) await box.uncheck();
    await page.locator('.condition input[value=natural]').check();
    await page.locator('.condition input[value=silhouette]').check();
    await at('take').press('Enter');
    await phase('Ready');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    await trial('a');
    await phase('Feedback');
    holds(/^(Right: airplane|It was a picture of: \w+\. You answered: airplane)\.$/.test(await words('interlude')), `the feedback: ${await words('interlude')}`);
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    await phase('Practised');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    await trial('d');
    await phase('Answering');
    equal(await page.locator('.spoke:visible').count(), 16, 'categories');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await until(async () => (await words('stage-progress')) === '2 of 6 answered', 'two answers are counted');
  });

  await check('Escape pauses, and a reload in the middle loses nothing', async () => {
    await page.keyboard.press('Escape');
    await phase('Paused');
    await page.reload();
    await first();
    await unfold();
    await at('begun').waitFor();
    holds((await words('begun')).includes('ada: 2 of 6 answered'), `what was begun: ${await words('begun')}`);
    await at('go-on').click();
    await phase('Ready');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    await trial('k');
    await trial('p');
    await phase('Break');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    await trial('h');
    await phase('Answering');
    await page.locator('.spoke[data-category=bird]').click();
    await phase('Over');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'go');
    await page.keyboard.press('Enter');
    equal(await at('stage').isVisible(), false, 'the stage is open');
  });

  await check('both networks answer the same pictures at the end', async () => {
    await at('align-facts').waitFor();
    await idle();
    holds((await words('align-facts')).includes('Right answers'), 'the facts');
    holds((await words('align-verdict')).startsWith('6 pictures in 2 conditions and 1 person.'), `the verdict: ${await words('align-verdict')}`);
    equal(await rows('align-conditions'), 2, 'conditions');
    equal(await rows('align-matrix'), 3, 'observers in the matrix');
    holds((await words('answers')).includes('ms in the median'), 'how long pictures were there');
  });

  await check('answers are exported in the published columns', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), at('export-csv').click()]);
    equal(download.suggestedFilename(), 'answers.csv', 'the file');
    exported = readFileSync(await download.path(), 'utf8');
    const lines = exported.trim().split('\n');
    equal(lines[0], 'subj,session,trial,rt,object_response,category,condition,imagename', 'the header');
    equal(lines.length, 7, 'lines');
    holds(lines.slice(1).every(line => line.startsWith('ada,1,')), 'whose they are');
  });

  await check('a class is imported at once, and what cannot be used is told', async () => {
    const bob = exported.replaceAll('ada,', 'bob,');
    const eve = exported.replaceAll('ada,', 'eve,').trim().split('\n');
    eve[1] = eve[1].replace(/^(eve,1,\d+,[^,]+),\w+/, '$1,unicorn');
    await at('answers-file').setInputFiles([
      file('bob.csv', bob), file('eve.csv', eve.join('\n')), file('bad.csv', 'name,answer\nada,dog\n'), file('empty.csv', ''),
    ]);
    await until(async () => (await words('import-report')).includes('11 answers imported, 3 refused.'), 'the report');
    const said = await words('import-report');
    for (const part of ['it lacks the columns subj, object_response', 'it is empty', 'unknown answer \'unicorn\'', 'eve.csv, line 2']) {
      holds(said.includes(part), `the report says '${part}': ${said}`);
    }
    equal(await rows('observers'), 3, 'observers');
  });

  await check('networks are compared with everybody, and people with each other', async () => {
    await at('compare').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=align-matrix] tbody tr').length === 5);
    await idle();
    holds((await words('align-verdict')).includes('People agree with each other at κ = 1.000'), `the verdict: ${await words('align-verdict')}`);
    holds((await words('align-matrix')).includes('bob'), 'the matrix has names');
  });

  await check('answers survive a reload, and one button deletes them all', async () => {
    await page.reload();
    await first();
    await unfold();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=observers] tbody tr').length === 3);
    await at('forget').click();
    await at('forget-really').click();
    await page.waitForFunction(() => !document.querySelector('[data-testid=observers]'));
    await page.reload();
    await first();
    await unfold();
    await page.waitForTimeout(300);
    equal(await at('observers').count(), 0, 'answers after a reload');
    await at('alignment').locator('summary').first().click();
  });
}
