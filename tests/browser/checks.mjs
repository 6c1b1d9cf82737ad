// What every browser test needs: checks that are counted, and words for what went wrong.

let passed = 0;
let failed = 0;
// The check that is going on.
let current = 'before the first check';

export async function check(name, body) {
  const began = Date.now();
  current = name;
  try {
    await body();
    passed += 1;
    console.log(`ok    ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}: ${String(error.message ?? error).split('\n')[0]}`);
  }
}

export function equal(got, wanted, what) {
  if (got !== wanted) throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

// Notes what a page complains of in its console, or throws, with the check during which it did. What is expected in the console is left out.
export function listen(page, complaints, expected = /^$/) {
  const note = said => complaints.push(`during '${current}': ${said}`);
  page.on('console', message => message.type() === 'error' && !expected.test(message.text()) && note(`console: ${message.text()}`));
  page.on('pageerror', error => note(`page: ${error.message}`));
}

// Waits until something holds, and fails with the words if it does not within seconds.
export async function until(condition, what, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await condition()) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(what);
}

// The last line, and the exit code.
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
