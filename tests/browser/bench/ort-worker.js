// onnxruntime-web in a worker of its own, as the engine is: one thread, SIMD, every graph optimisation.
import * as ort from '/ort/ort.wasm.min.mjs';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = '/ort/';

const picture = side => new ort.Tensor('float32', Float32Array.from({ length: 3 * side * side }, (_, i) => ((i % 251) - 127) / 128), [1, 3, side, side]);
let session, input;

onmessage = async ({ data: { load, side, runs } }) => {
  try {
    if (load) {
      await session?.release();
      session = await ort.InferenceSession.create(load, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
      input = picture(side);
      return postMessage({ millis: [] });
    }
    const millis = [];
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      await session.run({ input });
      millis.push(performance.now() - began);
    }
    postMessage({ millis });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
