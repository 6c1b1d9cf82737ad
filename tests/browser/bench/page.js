// What bench.mjs calls in the browser: the engine's worker and onnxruntime-web's, each idle while the other works.
import * as postcard from './postcard.js';

const root = new URL('/', location.href).href;

// Sends a message and answers with the first thing `take` makes of the messages that come back.
const ask = (worker, message, take) => new Promise((resolve, reject) => {
  worker.onerror = event => reject(new Error(event.message || 'the worker cannot be loaded'));
  worker.onmessage = ({ data }) => {
    try {
      const taken = take(data);
      if (taken !== undefined) resolve(taken);
    } catch (error) {
      reject(error);
    }
  };
  if (message !== undefined) worker.postMessage(message);
});

const fromEngine = wanted => data => {
  if (typeof data === 'string') throw new Error(`the engine says ${data}`);
  const reply = postcard.reply(data);
  if (reply.is === 'failed') throw new Error(`the engine failed: ${reply.text}`);
  return reply.is === wanted ? reply : undefined;
};
const fromPeer = ({ error, millis }) => {
  if (error) throw new Error(`onnxruntime-web failed: ${error}`);
  return millis;
};

let engine, peer, job = 0;

window.startEngine = async () => {
  engine = new Worker(`${root}engine_loader.js`, { type: 'module' });
  await ask(engine, undefined, data => data === 'awake' || undefined);
  return (await ask(engine, postcard.start(root), fromEngine('ready'))).name;
};
// The timings of one request, by what was timed.
window.timeEngine = async (model, group, runs) => {
  const { timings } = await ask(engine, postcard.bench(++job, model, group, runs), fromEngine('timings'));
  return timings;
};
window.startPeer = () => { peer = new Worker('ort-worker.js', { type: 'module' }); };
window.loadPeer = (address, side) => ask(peer, { load: address, side }, fromPeer);
window.timePeer = runs => ask(peer, { runs }, fromPeer);
window.ready = true;
