// Registers the service worker, and tells the page how things are: the event "sweetspot:offline", whose detail is a JSON text with any of
//   kept, all   bytes that are kept on this device, and that there are
//   used        bytes this site uses in all, where the browser tells
//   doing       how far everything is being kept, 0 to 1
//   failed      a sentence
//   update      a newer version waits
// The page asks with the events "sweetspot:keep-all", "sweetspot:forget" and "sweetspot:update". The same facts stand in attributes of the
// document (data-offline, data-update), for those who come later.

const state = {};

function tell(news) {
  for (const [key, value] of Object.entries(news)) {
    if (value === undefined) delete state[key];
    else state[key] = value;
  }
  const root = document.documentElement;
  if (state.kept !== undefined) root.dataset.offline = "ready";
  if (state.update) root.dataset.update = "ready";
  window.dispatchEvent(new CustomEvent("sweetspot:offline", { detail: JSON.stringify(state) }));
}

// Asks a worker; `onProgress` hears what comes before the answer.
function ask(worker, wish, onProgress) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      if ("ok" in data) resolve(data.ok);
      else if ("failed" in data) reject(new Error(data.failed));
      else onProgress?.(data);
    };
    worker.postMessage(wish, [port2]);
  });
}

async function account(worker) {
  const [known, estimate] = await Promise.all([ask(worker, { do: "account" }), navigator.storage?.estimate?.().catch(() => undefined)]);
  tell({ ...known, used: estimate?.usage });
}

async function follow(registration) {
  const waits = () => registration.waiting && registration.active && tell({ update: true });
  waits();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", waits);
  });
  window.addEventListener("sweetspot:update", () => {
    // Every open tab gets the new version's files from then on, so each reloads; the address holds the experiment.
    registration.waiting?.postMessage({ do: "activate" });
  });
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
    controlled = true;
  });

  const { active } = await navigator.serviceWorker.ready;
  const current = () => registration.active ?? active;
  await account(current());
  const work = (wish, onProgress) => ask(current(), wish, onProgress)
    .then(() => account(current()), error => tell({ failed: `Not everything could be kept: ${error.message}.` }))
    .finally(() => tell({ doing: undefined }));
  window.addEventListener("sweetspot:keep-all", () => {
    tell({ failed: undefined, doing: 0 });
    navigator.storage?.persist?.().catch(() => undefined);
    work({ do: "keep-all" }, ({ done, total }) => tell({ doing: done / total }));
  });
  window.addEventListener("sweetspot:forget", () => work({ do: "forget" }));

  // What was fetched before the service worker was there: by the page, and by the engine's worker, which says so on a channel.
  const names = entries => entries.map(entry => entry.name);
  await work({ do: "keep", paths: names(performance.getEntriesByType("resource")) });
  const channel = new BroadcastChannel("sweetspot-fetched");
  let fetched = [];
  let timer;
  channel.onmessage = ({ data }) => {
    fetched.push(...data);
    clearTimeout(timer);
    timer = setTimeout(() => work({ do: "keep", paths: fetched.splice(0) }), 1000);
  };
  channel.postMessage("tell");
}

// Without a secure connection there are no service workers, and in some private windows they are refused; the page works all the same.
if (navigator.serviceWorker && window.isSecureContext) {
  navigator.serviceWorker.register("service_worker.js", { updateViaCache: "none" }).then(follow).catch(error => console.info(`no offline copy: ${error.message}`));
}
