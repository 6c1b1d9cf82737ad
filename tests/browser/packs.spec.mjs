// Packs: one made here of shipped pictures, opened from a folder and as a file, named by a link, remembered; broken ones refused. And odd one out.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, database, expect, first, idle, link, open, saved, says, stored, test, last, unfold, url } from './hands.mjs';

test.describe.configure({ mode: 'serial' });

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const PICTURES = { bear: 'gallery/cutouts/fighter-jet.jpg', airplane: 'gallery/cutouts/fighter-jet.jpg' };

// A pack's folder: two pictures with categories, two observers who see them differently.
async function folder() {
  const root = mkdtempSync(join(tmpdir(), 'sweetspot-pack-'));
  mkdirSync(join(root, 'pictures'));
  const stored = (file, bytes) => {
    writeFileSync(join(root, file), bytes);
    return { file, bytes: bytes.length, sha256: sha256(bytes) };
  };
  const images = [];
  for (const [category, source] of Object.entries(PICTURES)) {
    const bytes = Buffer.from(await (await fetch(url + source)).arrayBuffer());
    images.push({ name: `${category}-1`, ...stored(`pictures/${category}.jpg`, bytes), category, condition: 'as-is' });
  }
  const line = (who, category, answer) => `${who},1,1,0.5,${answer},${category},as-is,${category}-1`;
  const answers = [line('ada', 'bear', 'bear'), line('ada', 'airplane', 'dog'), line('bob', 'bear', 'dog'), line('bob', 'airplane', 'airplane')];
  const trials = stored('trials.csv', Buffer.from(`subj,session,trial,rt,object_response,category,condition,imagename\n${answers.join('\n')}\n`));
  const manifest = {
    sha256: '', format: 'sweetspot-pack-1', id: 'two', title: 'Two pictures', source: 'a test', licence: 'CC0-1.0', trials: [trials], images,
  };
  manifest.sha256 = sha256(Buffer.from(JSON.stringify(manifest)));
  writeFileSync(join(root, 'manifest.json'), JSON.stringify(manifest));
  return { root, hash: manifest.sha256 };
}

let pack;
test.beforeAll(async () => { pack = await folder(); });
test.afterAll(() => rmSync(pack.root, { recursive: true }));

const alignment = async () => {
  await unfold('alignment');
  await expect(at('browse-pack')).toBeAttached();
};
const rows = id => at(id).locator('tbody tr');

test('a pack is opened from its folder, and the link names it', async () => {
  await open('');
  await first();
  await alignment();
  await at('pack-folder').setInputFiles(pack.root);
  await says('pack').toContain('Two pictures');
  await says('pack').toContain('2 observers');
  await link().toContain(`pack=${pack.hash}`);
});

test('both networks are set beside its observers', async () => {
  await idle();
  await at('compare').click();
  await expect(rows('align-matrix')).toHaveCount(4);
  await idle();
  await says('align-verdict').toMatch(/^2 pictures in 1 condition and 2 people\./);
});

test('a sweep over the pack measures error consistency', async ({ page }) => {
  await unfold('sweep-run');
  await at('sweep-set').selectOption('pack');
  await expect(at('sweep-set').locator('option[value=pack]')).toContainText('Two pictures', { useInnerText: true });
  await at('sweep-sparsities').fill('36');
  await at('sweep-sparsities').press('Enter');
  const alignment = page.locator('[data-testid=sweep-run] input[value=alignment]');
  await expect(alignment).toBeVisible();
  for (const box of await page.locator('[data-testid=sweep-run] fieldset input').all()) await box.uncheck();
  await alignment.check();
  await at('sweep-start').click();
  await says('sweep-provenance').toContain('a pack');
  await expect(at('sweep-pause')).toBeHidden();
  await idle();
  await expect(page.locator('.sweep-charts svg').filter({ hasText: 'Error consistency' })).not.toHaveCount(0);
  await at('sweep-charts').focus();
  await page.keyboard.press('Home');
  await says('sweep-says').toContain('Error consistency');
  // One that cannot be deleted stays.
  await database('refusing');
  await at('sweep-discard').click();
  await expect(page.getByTestId('alert').filter({ hasText: 'The sweep could not be deleted' })).toBeVisible();
  await says('sweep-provenance').toContain('a pack');
  await database('usual');
  await at('sweep-discard').click();
  await says('sweep-provenance').not.toContain('a pack');
  expect(await stored('sweeps'), 'sweeps that are kept').toEqual([]);
});

test('a link to a pack that is not here says so; one that is remembered opens it', async ({ page }) => {
  await open(`#v=1&pack=${pack.hash}`);
  await expect(page.getByTestId('alert').filter({ hasText: `the pack ${pack.hash.slice(0, 12)}` }).first()).toBeVisible();
  await alignment();
  await says('pack-state').toContain('not on this device');
  await first();
  await at('pack-folder').setInputFiles(pack.root);
  await says('pack').toContain('Two pictures');
  await at('remember-pack').click();
  await expect(at('remembered').locator('li')).toHaveCount(1);
  await page.reload();
  await first();
  await says('pack').toContain('Two pictures');
  const forget = at('remembered').locator('button', { hasText: 'Forget' });
  await expect(forget).toHaveCount(1);
  await forget.click();
  await expect(forget).toHaveCount(0);
  await at('close-pack').click();
  await link().not.toContain('pack=');
});

test('a folder that is no pack, and one with a changed picture, are told', async ({ page }) => {
  const broken = await folder();
  writeFileSync(join(broken.root, 'pictures', 'bear.jpg'), 'changed');
  await at('pack-folder').setInputFiles(broken.root);
  await says('pack').toContain('Two pictures');
  await at('compare').click();
  await expect(page.getByTestId('alert').filter({ hasText: 'bear.jpg' }).first()).toBeVisible();
  await at('close-pack').click();
  rmSync(join(broken.root, 'manifest.json'));
  await at('pack-folder').setInputFiles(broken.root);
  await says('pack-state').toContain('no manifest.json');
  rmSync(broken.root, { recursive: true });
});

test('odd one out is answered by keyboard, survives a reload, and is compared', async ({ page }) => {
  await open('');
  await first();
  await alignment();
  await unfold('odd');
  await at('odd-name').fill('ada');
  await at('odd-count').fill('4');
  await at('odd-count').press('Enter');
  await at('odd-begin').click();
  await at('odd-1').focus();
  const shown = () => page.locator('.odd-picture').evaluateAll(all => all.map(one => one.dataset.image).join());
  const one = await shown();
  await page.keyboard.press('1');
  await expect.poll(shown, 'the next three').not.toBe(one);
  await at('odd-3').click();
  await says('odd-far').toContain('3 of 4');
  await expect.poll(async () => (await stored('trials', 'odd ')).map(choices => choices.made.length), 'choices that are kept').toEqual([2]);
  await page.reload();
  await first();
  await alignment();
  await unfold('odd');
  await at('odd-name').fill('ada');
  await at('odd-name').press('Tab');
  await expect(at('odd-json')).toBeEnabled();
  await at('odd-begin').click();
  await says('odd-far').toContain('3 of 4');
  await at('odd-2').click();
  await says('odd-far').toContain('4 of 4');
  await at('odd-1').click();
  await says('odd-done').toContain('thank you');
  await idle();
  await at('odd-compare').click();
  await expect(rows('odd-table').first()).toBeVisible();
  await idle();
  await says('odd-table').toContain('ada');
  await says('odd-table').toMatch(/, 4\)/);
  await says('odd-says').toContain('Layer features.12');
});

test('choices are exported, and imported for a class', async () => {
  const text = (await saved(() => at('odd-json').click())).bytes.toString('utf8');
  expect(JSON.parse(text).made.length, 'choices').toBe(4);
  const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await at('odd-file').setInputFiles([file('bob.json', text.replace('"ada"', '"bob"')), file('bad.json', '{"made":[]}')]);
  await expect(rows('odd-table')).toHaveCount(2);
  await says('odd').toContain('1 files read, 1 refused.');
  await says('odd-table').toContain('100\u00a0%');
});

test('choices are gone from sight when they are gone from the device', async () => {
  const forget = async () => {
    await at('odd-forget').click();
    await at('odd-forget-really').click();
  };
  await database('refusing');
  await forget();
  await says('odd').toContain('could not be deleted');
  await expect(rows('odd-table')).toHaveCount(2);
  await database('usual');
  await forget();
  await expect(at('odd-json')).toBeDisabled();
  expect(await stored('trials', 'odd '), 'choices that are kept').toEqual([]);
});

test(...last);
