// A static host that misbehaves when told to: serves a folder under a sub-path, on a port of its own.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = {
  '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8', '.png': 'image/png', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json', '.webp': 'image/webp',
};

// Starts the host; answers its address, and `misbehave`: a function that may answer a path's bytes with others ({ body }), with an error ({ status }), with a
// connection that breaks after some bytes ({ breaksAfter }), or with nothing ({ hangs }); undefined for what is to be served as usual.
export async function host(folder, below = '/a class/sweetspot/') {
  const state = { misbehave: () => undefined, requests: [] };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (!path.startsWith(below)) {
      response.writeHead(404).end();
      return;
    }
    const name = normalize(path.slice(below.length) || 'index.html');
    state.requests.push(name);
    const odd = state.misbehave(name) ?? {};
    let body;
    try {
      body = odd.body ?? await readFile(join(folder, name));
    } catch {
      response.writeHead(404).end();
      return;
    }
    if (odd.hangs) return;
    const headers = { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Length': body.length, 'Cache-Control': 'no-cache' };
    if (odd.status) {
      response.writeHead(odd.status).end();
    } else if (odd.breaksAfter !== undefined) {
      response.writeHead(200, headers);
      response.write(body.subarray(0, odd.breaksAfter), () => response.destroy());
    } else {
      response.writeHead(200, headers).end(body);
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(below, `http://127.0.0.1:${server.address().port}`).href;
  return Object.assign(state, { url, close: () => new Promise(resolve => { server.close(resolve); server.closeAllConnections(); }) });
}
