// Packs: one made here of shipped pictures, opened from a folder and as a file, named by a link, remembered; broken ones refused. And odd one out.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const PICTURES = { bear: 'gallery/cutouts/fighter-jet.jpg', airplane: 'gallery/cutouts/fighter-jet.jpg' };

// A pack's folder: two pictures with categories, two observers who see them differently.
async function folder(url) {
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

export async function packs({ page, at, check, equal, holds, until, idle, words, first, open, url }) {
  const pack = await folder(url);
  const unfold = async id => {
    const details = at(id);
    await details.waitFor();
    if (!(await details.evaluate(details => details.open))) await details.locator('summary').first().click();
  };
  const alignment = async () => {
    await unfold('alignment');
    await at('browse-pack').waitFor({ state: 'attached' });
  };
  const fragment = () => page.evaluate(() => location.hash);
  const forgetAll = async () => {
    while (await at('remembered').locator('button', { hasText: 'Forget' }).count()) {
      const before = await at('remembered').locator('li').count();
      await at('remembered').locator('button', { hasText: 'Forget' }).first().click();
      await until(async () => (await at('remembered').locator('li').count()) < before, 'a pack is forgotten');
    }
  };

  await check('a pack is opened from its folder, and the link names it', async () => {
    await open('');
    await first();
    await alignment();
    await at('pack-folder').setInputFiles(pack.root);
    await until(async () => (await words('pack')).includes('Two pictures'), 'the pack is open');
    holds((await words('pack')).includes('2 observers'), `what it is: ${await words('pack')}`);
    await until(async () => (await fragment()).includes(`pack=${pack.hash}`), `the link: ${await fragment()}`);
  });

  await check('both networks are set beside its observers', async () => {
    await idle();
    await at('compare').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=align-matrix] tbody tr').length === 4);
    await idle();
    holds((await words('align-verdict')).startsWith('2 pictures in 1 condition and 2 people.'), await words('align-verdict'));
  });

  await check('a sweep over the pack measures error consistency', async () => {
    await unfold('sweep-run');
    await at('sweep-set').selectOption('pack');
    holds((await at('sweep-set').locator('option[value=pack]').innerText()).includes('Two pictures'), 'the pack is offered by its title');
    await at('sweep-sparsities').fill('36');
    await at('sweep-sparsities').press('Enter');
    for (const box of await page.locator('[data-testid=sweep-run] fieldset input').all()) await box.uncheck();
    await page.locator('[data-testid=sweep-run] input[value=alignment]').check();
    await at('sweep-start').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=sweep-provenance]')?.innerText.includes('a pack')
      && document.querySelector('[data-testid=sweep-pause]').hidden);
    await idle();
    await page.waitForFunction(() => [...document.querySelectorAll('.sweep-charts svg')].some(svg => svg.textContent.includes('Error consistency')));
    await at('sweep-charts').focus();
    await page.keyboard.press('Home');
    holds((await words('sweep-says')).includes('Error consistency'), await words('sweep-says'));
    await at('sweep-discard').click();
  });

  await check('a link to a pack that is not here says so; one that is remembered opens it', async () => {
    await open(`#v=1&pack=${pack.hash}`);
    await page.getByTestId('alert').filter({ hasText: `the pack ${pack.hash.slice(0, 12)}` }).first().waitFor();
    await alignment();
    holds((await words('pack-state')).includes('not on this device'), await words('pack-state'));
    await first();
    await at('pack-folder').setInputFiles(pack.root);
    await until(async () => (await words('pack')).includes('Two pictures'), 'the pack is open');
    await at('remember-pack').click();
    await until(async () => (await at('remembered').locator('li').count()) === 1, 'it is remembered');
    await page.reload();
    await first();
    await until(async () => (await words('pack')).includes('Two pictures'), 'the pack is open again', 60);
    await forgetAll();
    await at('close-pack').click();
    await until(async () => !(await fragment()).includes('pack='), 'the link names no pack');
  });

  await check('a folder that is no pack, and one with a changed picture, are told', async () => {
    const broken = await folder(url);
    writeFileSync(join(broken.root, 'pictures', 'bear.jpg'), 'changed');
    await at('pack-folder').setInputFiles(broken.root);
    await until(async () => (await words('pack')).includes('Two pictures'), 'the rest of the pack is open');
    await at('compare').click();
    await page.getByTestId('alert').filter({ hasText: 'bear.jpg' }).first().waitFor();
    await at('close-pack').click();
    rmSync(join(broken.root, 'manifest.json'));
    await at('pack-folder').setInputFiles(broken.root);
    await until(async () => (await words('pack-state')).includes('no manifest.json'), `the state: ${await words('pack-state')}`);
    rmSync(broken.root, { recursive: true });
  });

  await check('odd one out is answered by keyboard, survives a reload, and is compared', async () => {
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
    await until(async () => (await shown()) !== one, 'the next three come');
    await at('odd-3').click();
    await until(async () => (await words('odd-far')).includes('3 of 4'), 'two are counted');
    await page.waitForTimeout(300);
    await page.reload();
    await first();
    await alignment();
    await unfold('odd');
    await at('odd-name').fill('ada');
    await at('odd-name').press('Tab');
    await until(async () => !(await at('odd-json').isDisabled()), 'what was chosen is there');
    await at('odd-begin').click();
    await until(async () => (await words('odd-far')).includes('3 of 4'), `it goes on: ${await words('odd-far')}`);
    await at('odd-2').click();
    await at('odd-1').click();
    await until(async () => (await words('odd-done')).includes('thank you'), 'all are chosen');
    await idle();
    await at('odd-compare').click();
    await page.locator('[data-testid=odd-table] tbody tr').first().waitFor();
    await idle();
    holds((await words('odd-table')).includes('ada') && /, 4\)/.test(await words('odd-table')), await words('odd-table'));
    holds((await words('odd-says')).includes('Layer features.12'), await words('odd-says'));
  });

  await check('choices are exported, imported for a class, and deleted', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), at('odd-json').click()]);
    const text = readFileSync(await download.path(), 'utf8');
    equal(JSON.parse(text).made.length, 4, 'choices');
    const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    await at('odd-file').setInputFiles([file('bob.json', text.replace('"ada"', '"bob"')), file('bad.json', '{"made":[]}')]);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=odd-table] tbody tr').length === 2);
    holds((await words('odd')).includes('1 files read, 1 refused.'), 'what was refused is told');
    holds((await words('odd-table')).includes('100\u00a0%'), 'both people agree');
    await at('odd-forget').click();
    await at('odd-forget-really').click();
    await until(async () => at('odd-json').isDisabled(), 'nothing is left');
    await at('alignment').locator('summary').first().click();
  });
  rmSync(pack.root, { recursive: true });
}
