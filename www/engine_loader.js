// Starts the engine in its worker: fetches its program, says how far that is, checks it, and starts it. What stands after the question mark of
// this script's address is passed on, so that a page never meets another version's engine in a cache.

// Filled in by scripts/finish.
const SIZE = 0;
const HASH = "";

const { search } = new URL(import.meta.url);
const address = new URL(`engine_bg.wasm${search}`, import.meta.url);

// Tells the page what this worker fetches, so that it can be kept for use without a network.
function tellFetches() {
  if (typeof BroadcastChannel !== "function" || typeof PerformanceObserver !== "function") return;
  const channel = new BroadcastChannel("sweetspot-fetched");
  const all = [];
  const tell = entries => {
    const names = entries.map(entry => entry.name).filter(name => name.startsWith("http"));
    all.push(...names);
    if (names.length > 0) channel.postMessage(names);
  };
  channel.onmessage = ({ data }) => data === "tell" && all.length > 0 && channel.postMessage(all);
  new PerformanceObserver(list => tell(list.getEntries())).observe({ type: "resource", buffered: true });
}

// The body of an answer, counted on its way.
function counted(answer) {
  let done = 0;
  let told = 0;
  const tell = new TransformStream({
    transform(chunk, controller) {
      done += chunk.byteLength;
      if (done - told > 100000 || done === SIZE) {
        told = done;
        self.postMessage(`bytes: ${done} ${SIZE}`);
      }
      controller.enqueue(chunk);
    },
  });
  return answer.body.pipeThrough(tell);
}

// Whether bytes are those of this build. Without a secure connection the browser has no means to tell.
async function check(stream) {
  const bytes = await new Response(stream).arrayBuffer();
  if (HASH === "" || !self.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
  if (btoa(String.fromCharCode(...digest)) !== HASH) throw new Error("the engine's program is damaged or of another version: reload the page");
}

async function program() {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the engine's program cannot be fetched (${answer.status})`);
  const [one, other] = counted(answer).tee();
  const checked = check(other);
  const module = WebAssembly.compileStreaming(new Response(one, { headers: { "Content-Type": "application/wasm" } }));
  await checked;
  return module;
}

try {
  tellFetches();
  const [{ default: init }, module] = await Promise.all([import(`./engine.js${search}`), program()]);
  self.postMessage("compiled");
  const engine = await init({ module_or_path: module });
  // For whoever watches what the engine takes: a test, or a curious person in the browser's tools.
  self.engineBytes = () => engine.memory.buffer.byteLength;
} catch (error) {
  // As a panic: the page says why and offers to try again.
  self.postMessage(`panic: ${error?.message ?? error}`);
}
