// Starts the page's program, or says in one sentence why it cannot run here.

// A module with one 128-bit vector instruction: () -> v128, i32.const 0, i8x16.splat, i8x16.popcnt.
const VECTOR_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

const TOO_OLD =
  "This browser offers neither WebAssembly SIMD nor WebGPU, and the networks need one of them: please use a current Chrome, Edge, Firefox or Safari.";
const NOT_LOADED = "The page's program could not be loaded: check the connection, then reload.";

function say(sentence) {
  const place = document.getElementById("boot");
  if (place) {
    place.textContent = sentence;
    place.closest(".status").dataset.state = "down";
  }
}

function canCompute() {
  const simd = typeof WebAssembly === "object" && WebAssembly.validate(VECTOR_MODULE);
  return simd || "gpu" in navigator;
}

async function start() {
  if (!canCompute()) {
    say(TOO_OLD);
    return;
  }
  const { js, wasm, wasmIntegrity } = document.querySelector("script[data-js]").dataset;
  try {
    // The browser checks the program against the hash that index.html gives; js was checked when it was preloaded.
    const program = fetch(new URL(wasm, document.baseURI), wasmIntegrity ? { integrity: wasmIntegrity } : {});
    const { default: init } = await import(new URL(js, document.baseURI));
    await init({ module_or_path: program });
  } catch (error) {
    say(error instanceof WebAssembly.CompileError ? TOO_OLD : NOT_LOADED);
    console.error(error);
    return;
  }
  // After the first paint: nobody waits for it.
  import("./offline.js");
}

start();
