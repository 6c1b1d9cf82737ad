// Keeps the page for use without a network. scripts/finish puts FILES before this text: every file of this build, by its path, with its size
// and its hash (as in the integrity attribute), and CORE, the paths without which nothing works.
//
// A file is kept under its path and hash. So a build is served as a whole, never mixed with another one, and files that did not change are not
// fetched again for the next build, which waits until the reader asks for it.

const CACHE = "sweetspot";
const root = new URL(self.registration.scope);

// The address under which this build's version of a file is kept.
const keyOf = path => new URL(`${path}?hash=${encodeURIComponent(FILES[path].hash)}`, root).href;

// A request's path in FILES, or undefined.
function pathOf(address) {
  const url = new URL(address);
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) return undefined;
  let path;
  try {
    path = decodeURIComponent(url.pathname.slice(root.pathname.length)) || "index.html";
  } catch {
    return undefined;
  }
  return Object.hasOwn(FILES, path) ? path : undefined;
}

// Fetches a file as it is in this build; another version of it, in the middle of an upload, is an error. The page itself goes by its folder:
// some hosts answer its file's name with a redirection, which no navigation may be answered with.
const fetchChecked = path => fetch(new URL(path === "index.html" ? "" : path, root), { cache: "no-cache", integrity: FILES[path].hash });

// Keeps a file, unless it is kept already. Whoever denies the space still gets the file.
async function keep(path) {
  const cache = await caches.open(CACHE);
  if (await cache.match(keyOf(path))) return;
  const answer = await fetchChecked(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  await cache.put(keyOf(path), answer);
}

async function keepAll(paths, tell) {
  let done = 0;
  const total = paths.reduce((sum, path) => sum + FILES[path].size, 0);
  const waiting = [...paths];
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      await keep(path);
      done += FILES[path].size;
      tell?.(done, total);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}

// What is kept of this build, in bytes, and how much there is.
async function account() {
  const kept = new Set((await (await caches.open(CACHE)).keys()).map(request => request.url));
  const bytes = paths => paths.reduce((sum, path) => sum + FILES[path].size, 0);
  const all = Object.keys(FILES);
  return { kept: bytes(all.filter(path => kept.has(keyOf(path)))), all: bytes(all) };
}

async function answer(path, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(path));
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && fresh.status === 200) {
    const copy = fresh.clone();
    cache.put(keyOf(path), copy).catch(() => {});
  }
  return fresh;
}

self.addEventListener("install", event => event.waitUntil(keepAll(CORE)));

self.addEventListener("activate", event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  const wanted = new Set(Object.keys(FILES).map(keyOf));
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) await cache.delete(request);
  }
  await self.clients.claim();
})()));

self.addEventListener("fetch", event => {
  const path = event.request.method === "GET" ? pathOf(event.request.url) : undefined;
  if (path !== undefined && !event.request.headers.has("range")) event.respondWith(answer(path, event.request));
});

// What the page asks for: { do: "activate" | "account" | "keep" | "keep-all" | "forget", paths }, answered on the port that came with it.
self.addEventListener("message", event => {
  const port = event.ports[0];
  const tell = message => port?.postMessage(message);
  const wish = event.data ?? {};
  const work = {
    activate: () => self.skipWaiting(),
    account,
    keep: async () => {
      const paths = (wish.paths ?? []).map(address => pathOf(address)).filter(path => path !== undefined);
      await keepAll([...new Set(paths)]);
    },
    "keep-all": async () => {
      await keepAll(Object.keys(FILES), (done, total) => tell({ done, total }));
    },
    forget: async () => {
      const core = new Set(CORE.map(keyOf));
      const cache = await caches.open(CACHE);
      for (const request of await cache.keys()) {
        if (!core.has(request.url)) await cache.delete(request);
      }
    },
  }[wish.do];
  if (!work) return;
  event.waitUntil(Promise.resolve().then(work).then(
    value => tell({ ok: value ?? null }),
    error => tell({ failed: error.name === "QuotaExceededError" ? "the browser gives no more space" : String(error.message ?? error) }),
  ));
});
