// The browser tests: playwright test [FILE]... --project NAME; FILE is a part of a file's name. PAGE is the page's address; DIST, for the project
// "offline", the folder it lies in. Every read is repeated until it holds or patience ends, so that nothing depends on how fast a machine is.
import { defineConfig } from '@playwright/test';
import { options } from './chromium.mjs';

// How long one thing may take, and how long one test: ends for what hangs, not measures of what is fast. A busy machine takes many times what an idle one does.
const project = (name, files, { mode = 'cpu', patience = 120_000, test = 1_200_000 } = {}) => ({
  name,
  outputDir: `node_modules/.results/${name}`,
  testMatch: files.map(file => `${file}.spec.mjs`),
  timeout: test,
  expect: { timeout: patience },
  use: { actionTimeout: patience, navigationTimeout: patience, launchOptions: options(mode) },
});

export default defineConfig({
  testDir: '.',
  reporter: 'list',
  forbidOnly: true,
  retries: 0,
  // One page at a time: it computes on every core itself.
  workers: 1,
  projects: [
    project('cpu', ['page', 'closer', 'sharing', 'alignment', 'packs', 'lessons', 'sweeps']),
    // SwiftShader takes up to a minute for a pass.
    project('gpu', ['gpu'], { mode: 'gpu', patience: 600_000, test: 1_800_000 }),
    project('offline', ['offline']),
    project('access', ['access']),
    project('firefox', ['firefox'], { patience: 180_000 }),
    project('monkey', ['monkey'], { patience: 5000, test: 3_600_000 }),
  ],
});
