// The page on an emulated GPU.
import { answered, at, drawn, expect, first, open, pixels, says, shown, test, last } from './hands.mjs';

test.describe.configure({ mode: 'serial' });

test('the page is there at once', async ({ page }) => {
  await open('#d=gpu');
  await expect(page.getByRole('heading', { name: 'Sweetspot', level: 1 })).toBeVisible();
});

test('the first live result comes, and the status names the GPU', async () => {
  await first();
  await says('status').toMatch(/^GPU/);
  await expect(at('top5-dense').locator('li')).toHaveCount(5);
  await expect.poll(async () => (await pixels('map-dense')) !== (await pixels('map-pruned')), 'the two maps differ').toBe(true);
});

test('the slider changes what the pruned network shows, and nothing else', async () => {
  const before = await shown();
  await answered(() => at('sparsity').press('PageUp'));
  await drawn('map-pruned').not.toBe(before.pruned);
  await says('top5-dense').toBe(before.denseTop);
});

test(...last);
