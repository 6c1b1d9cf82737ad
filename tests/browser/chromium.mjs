// The browser that the tests and the benchmark drive.
import { chromium } from 'playwright-core';

// As root Chromium has no sandbox; the rest keeps it from doing anything of its own while it is watched.
const quiet = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

// Without a flag headless Chromium has no WebGPU adapter: that is the mode "cpu". SwiftShader emulates one: slow, but the same numbers.
const modes = { cpu: [], gpu: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] };

// How it is started. scripts/test and scripts/bench-browser set CHROME.
export function options(mode) {
  if (!(mode in modes)) throw new Error(`mode '${mode}' is neither cpu nor gpu`);
  return { executablePath: process.env.CHROME || '/usr/bin/chromium', args: [...quiet, ...modes[mode]] };
}

// A browser with nothing remembered.
export const launch = mode => chromium.launch(options(mode));

// A browser that keeps its cache in a folder from one start to the next; answers the context.
export const launchIn = (folder, mode) => chromium.launchPersistentContext(folder, options(mode));
