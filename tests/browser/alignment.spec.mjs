// Human alignment: a whole short experiment by keyboard, with a reload in the middle; export, import, comparison; what is refused.
import { at, database, expect, first, idle, open, saved, says, stored, test, last, unfold } from './hands.mjs';

test.describe.configure({ mode: 'serial' });

const phase = name => expect(at('stage')).toHaveAttribute('data-phase', name);
// The panel, with all its pictures.
const meet = async () => {
  await unfold('alignment');
  await expect(at('take')).toBeEnabled();
};
// Goes on from what is told between two trials.
const go = async page => {
  await expect(at('go')).toBeFocused();
  await page.keyboard.press('Enter');
};
// Answers the trial that comes; how many were answered is kept a moment later, and with it the next trial begins.
const trial = async (page, key) => {
  await phase('Answering');
  await page.keyboard.press(key);
};
const rows = id => at(id).locator('tbody tr');
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
let exported = '';

test('the experiment says which pictures it has, and of what there is none', async () => {
  await open('');
  await first();
  await expect(at('take')).toHaveCount(0);
  await meet();
  await expect(rows('plates')).toHaveCount(16);
  await says('alignment').toContain('There is none of: keyboard, oven');
  await expect(at('compare')).toBeDisabled();
});

test('an experiment is begun and answered by keyboard', async ({ page }) => {
  await at('subject').fill('ada');
  await at('each').fill('3');
  await at('practice').fill('1');
  await at('pause-every').fill('4');
  for (const box of await page.locator('.condition input').all()) await box.uncheck();
  await page.locator('.condition input[value=natural]').check();
  await page.locator('.condition input[value=silhouette]').check();
  await at('take').press('Enter');
  await phase('Ready');
  await go(page);
  await trial(page, 'a');
  await phase('Feedback');
  await says('interlude').toMatch(/^(Right: airplane|It was a picture of: \w+\. You answered: airplane)\.$/);
  await go(page);
  await phase('Practised');
  await go(page);
  await trial(page, 'd');
  await says('stage-progress').toBe('1 of 6 answered');
  await phase('Answering');
  await expect(page.locator('.spoke:visible')).toHaveCount(16);
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
  await says('stage-progress').toBe('2 of 6 answered');
});

test('Escape pauses, and a reload in the middle loses nothing', async ({ page }) => {
  await page.keyboard.press('Escape');
  await phase('Paused');
  await says('interlude').toBe('Paused. Your answers are kept on this device. You can go on now or another day.');
  // With the answer of practice.
  await expect.poll(async () => (await stored('trials', 'sitting ')).map(sitting => sitting.given.length), 'answers that are kept').toEqual([3]);
  await page.reload();
  await first();
  await meet();
  await expect(at('begun')).toBeVisible();
  await says('begun').toContain('ada: 2 of 6 answered');
  await at('go-on').click();
  await phase('Ready');
  await go(page);
  // That answers are kept is said when they are, and why they are not.
  await phase('Answering');
  await database('slow');
  await page.keyboard.press('k');
  await says('stage-progress').toBe('3 of 6 answered');
  await page.keyboard.press('Escape');
  await says('interlude').toContain('are being written');
  await database('refusing');
  await says('interlude').toMatch(/^Paused\. Your answers are not kept on this device: .* Export them/);
  await database('usual');
  await go(page);
  await trial(page, 'p');
  await phase('Break');
  await go(page);
  await trial(page, 'h');
  await says('stage-progress').toBe('5 of 6 answered');
  await phase('Answering');
  await page.locator('.spoke[data-category=bird]').click();
  await phase('Over');
  await says('interlude').toContain('Your answers are kept on this device.');
  await go(page);
  await expect(at('stage')).not.toBeVisible();
});

test('both networks answer the same pictures at the end', async () => {
  await expect(at('align-facts')).toBeVisible();
  await idle();
  await says('align-facts').toContain('Right answers');
  await says('align-verdict').toMatch(/^6 pictures in 2 conditions and 1 person\./);
  await expect(rows('align-conditions')).toHaveCount(2);
  // Observers.
  await expect(rows('align-matrix')).toHaveCount(3);
  await says('answers').toContain('ms in the median');
});

test('answers are exported in the published columns', async () => {
  const { name, bytes } = await saved(() => at('export-csv').click());
  expect(name).toBe('answers.csv');
  exported = bytes.toString('utf8');
  const lines = exported.trim().split('\n');
  expect(lines[0]).toBe('subj,session,trial,rt,object_response,category,condition,imagename');
  expect(lines.length).toBe(7);
  expect(lines.slice(1).every(line => line.startsWith('ada,1,')), 'whose they are').toBe(true);
});

test('a class is imported at once, and what cannot be used is told', async () => {
  const bob = exported.replaceAll('ada,', 'bob,');
  const eve = exported.replaceAll('ada,', 'eve,').trim().split('\n');
  eve[1] = eve[1].replace(/^(eve,1,\d+,[^,]+),\w+/, '$1,unicorn');
  await at('answers-file').setInputFiles([
    file('bob.csv', bob), file('eve.csv', eve.join('\n')), file('bad.csv', 'name,answer\nada,dog\n'), file('empty.csv', ''),
  ]);
  await says('import-report').toContain('11 answers imported, 3 refused.');
  for (const part of ['it lacks the columns subj, object_response', 'it is empty', 'unknown answer \'unicorn\'', 'eve.csv, line 2']) {
    await says('import-report').toContain(part);
  }
  await expect(rows('observers')).toHaveCount(3);
});

test('networks are compared with everybody, and people with each other', async () => {
  await at('compare').click();
  await expect(rows('align-matrix')).toHaveCount(5);
  await idle();
  await says('align-verdict').toContain('People agree with each other at κ = 1.000');
  await says('align-matrix').toContain('bob');
});

test('answers survive a reload, and one button deletes them all', async ({ page }) => {
  // Says in the document that the names of what is kept were read.
  await page.addInitScript(() => {
    const usual = IDBObjectStore.prototype.getAllKeys;
    IDBObjectStore.prototype.getAllKeys = function names(...words) {
      if (this.name === 'trials') this.transaction.addEventListener('complete', () => { document.documentElement.dataset.read = 'yes'; });
      return usual.apply(this, words);
    };
  });
  await page.reload();
  await first();
  await meet();
  await expect(rows('observers')).toHaveCount(3);
  const forget = async () => {
    await at('forget').click();
    await at('forget-really').click();
  };
  // What is not deleted stays in sight.
  await database('refusing');
  await at('remove-import').first().click();
  await says('answers').toContain('bob.csv could not be deleted');
  await forget();
  await says('answers').toContain('are all still there');
  await database('slow');
  await forget();
  // Two were refused before.
  await page.waitForFunction(() => window.asked === 3);
  await expect(rows('observers')).toHaveCount(3);
  // A reload before it is over finds what was there.
  await page.reload();
  await first();
  await meet();
  await expect(rows('observers')).toHaveCount(3);
  await forget();
  await expect(at('observers')).toHaveCount(0);
  expect(await stored('trials'), 'what is gone from sight is gone from the device').toEqual([]);
  await page.reload();
  await first();
  await meet();
  await expect(page.locator('html')).toHaveAttribute('data-read', 'yes');
  await idle();
  await expect(at('observers')).toHaveCount(0);
  expect(await stored('trials'), 'answers after a reload').toEqual([]);
});

test(...last);
