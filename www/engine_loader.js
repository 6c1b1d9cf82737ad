// Starts the engine in its worker. What stands after the question mark of this script's address is passed on, so that a page never meets
// another version's engine in a cache.
const { search } = new URL(import.meta.url);
const { default: init } = await import(`./engine.js${search}`);
await init({ module_or_path: new URL(`engine_bg.wasm${search}`, import.meta.url) });
