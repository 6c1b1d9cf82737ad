// Random use: a seeded hand clicks, types, drags, drops files, goes back and follows odd links, for MONKEY_MINUTES, with MONKEY_SEED. Afterwards nothing was
// complained of, memory has not grown, and the page still answers.
import { expect, listen, plain as test, url } from './hands.mjs';

const minutes = Number(process.env.MONKEY_MINUTES ?? 3);
const seed = Number(process.env.MONKEY_SEED ?? 1);

test.describe.configure({ mode: 'serial' });

// Mulberry32: the same use for the same seed, as far as the page's own timing allows.
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = n => Math.floor(random() * n);
const one = list => list[below(list.length)];

let context;
let page;
let session;
const complaints = [];
// What a random hand is told is no fault: a link to what is not there, a refused clipboard or camera.
const expected = /net::ERR_|Failed to load resource|NotAllowedError|Permission|preload/;
test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(5000);
  listen(page, complaints, expected);
  page.on('dialog', dialog => dialog.dismiss().catch(() => undefined));
  page.on('filechooser', () => undefined);
  page.on('popup', popup => popup.close().catch(() => undefined));
  session = await context.newCDPSession(page);
  await start();
});
test.afterAll(() => context?.close());

const home = '#v=1&m=mini_resnet_small&c=lrr&scene=3&s=0.5904';
const answered = (after, timeout) => page.waitForFunction(after => Number(document.documentElement.dataset.jobDone ?? 0) > after
  && document.querySelector('[data-testid=job]').dataset.busy === 'false', after, { timeout });
// Goes to another experiment and waits for its answer.
async function follow(hash) {
  const before = await page.evaluate(() => Number(document.documentElement.dataset.jobDone ?? 0));
  await page.evaluate(hash => { location.hash = hash; }, hash);
  await answered(before, 60_000);
}
async function start() {
  await page.goto('about:blank');
  await page.goto(url + home);
  await answered(0, 120_000);
}

// Bytes of the page's heap once its rubbish is gone, of its own program's memory and of the engine's, and how many nodes there are. The size of the
// browser's process would say nothing: it holds what a test's connection can ask for again, up to 200 MB of everything fetched.
async function memory() {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  const kind = await session.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: kind.result.objectId });
  const sum = 'function() { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }';
  const { result } = await session.send('Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration: sum, returnByValue: true });
  await session.send('Runtime.releaseObject', { objectId: objects.objectId });
  let engine = 0;
  for (const worker of page.workers()) engine += await worker.evaluate(() => self.engineBytes?.() ?? 0);
  return { heap, nodes, program: result.value, engine };
}

const told = ({ heap, nodes, program, engine }) =>
  `heap ${(heap / 1e6).toFixed(2)} MB, ${nodes} nodes, page's program ${(program / 1e6).toFixed(2)} MB, engine ${(engine / 1e6).toFixed(2)} MB`;

// Something that can be pressed, whatever it is, where it can be seen; answers what it was.
async function press() {
  return page.evaluate(roll => {
    const dialog = document.querySelector('dialog[open]');
    const all = [...(dialog ?? document).querySelectorAll('button, summary, label, a[href^="#"], [role=option], [tabindex="0"]')]
      .filter(element => element.getClientRects().length > 0 && !element.disabled && !element.closest('[data-testid=camera-dialog]')
        && !['camera', 'update-now'].includes(element.dataset.testid));
    const element = all[Math.floor(roll * all.length)];
    if (!element) return 'nothing';
    element.scrollIntoView({ block: 'center' });
    element.click();
    return element.dataset.testid ?? element.textContent.trim().slice(0, 30);
  }, random());
}

async function choose() {
  return page.evaluate(([roll, which]) => {
    const lists = [...document.querySelectorAll('select')].filter(element => element.getClientRects().length > 0 && !element.disabled);
    const list = lists[Math.floor(roll * lists.length)];
    // The large network takes its time on a processor; the hand would only wait.
    const options = [...(list?.options ?? [])].filter(option => !option.disabled && !/efficientnet/.test(option.value));
    if (options.length === 0) return 'nothing';
    list.value = options[Math.floor(which * options.length)].value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    return `${list.dataset.testid}=${list.value}`;
  }, [random(), random()]);
}

async function type() {
  return page.evaluate(([roll, text]) => {
    const fields = [...document.querySelectorAll('input:not([type=file]):not([type=radio]):not([type=checkbox]), textarea')]
      .filter(element => element.getClientRects().length > 0 && !element.disabled && !element.readOnly);
    const field = fields[Math.floor(roll * fields.length)];
    if (!field) return 'nothing';
    field.value = text;
    for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
    return `${field.dataset.testid}="${text}"`;
  }, [random(), one(['', '0', '50', '99.9', '1e9', '-3', 'NaN', 'cat', '<b>&', '\u202e\u0000', '7'.repeat(300)])]);
}

async function drop() {
  const name = one(['a.png', 'b.jpg', 'c.safetensors', 'd.pth', 'e.csv', 'f.json', 'g.zip', 'h']);
  const bytes = Array.from({ length: below(2000) }, () => below(256));
  await page.evaluate(([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], name));
    for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, bytes]);
  return `drop ${name}`;
}

// Looks on for some frames, as a reader does; a page that is just being left has none.
const linger = frames => page.evaluate(frames => new Promise(resolve => {
  const frame = left => (left > 0 ? requestAnimationFrame(() => frame(left - 1)) : resolve());
  frame(frames);
}), frames).catch(() => undefined);

const keys = ['Tab', 'Tab', 'Enter', 'Space', 'Escape', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', '+', '-', '0', 'a'];
const links = ['', '#', '#v=1', '#v=99', '#m=squeezenet1_1&i=koala', '#a=lrp', '#s=0.999', '#s=-1', '#scene=499', '#scene=500', '#i=unicorn', '#%', '#v=1&v=1&v=1', '#m=own-1234',
  '#present=1', '#hide=all', '#lesson=nowhere', '#lang=xx', `#${'x'.repeat(5000)}`, '#c=snip&s=0.5', '#a=occlusion', '#d=cpu'];

const actions = [
  [6, press], [3, choose], [2, type], [1, drop],
  [4, async () => { const key = one(keys); await page.keyboard.press(key); return key; }],
  [2, async () => { const [x, y] = [below(1200), below(850)]; await page.mouse.move(x, y); await page.mouse.wheel(0, below(900) - 450); return 'wheel'; }],
  [2, async () => {
    await page.mouse.move(below(1200), below(850));
    await page.mouse.down();
    await page.mouse.move(below(1200), below(850), { steps: 4 });
    await page.mouse.up();
    return 'drag';
  }],
  [1, async () => { const link = one(links); await page.evaluate(link => { location.hash = link; }, link); return link.slice(0, 30); }],
  [1, async () => { await page.goBack({ timeout: 3000 }).catch(() => undefined); return 'back'; }],
  [0.3, async () => { await page.setViewportSize(one([{ width: 1280, height: 900 }, { width: 390, height: 800 }, { width: 800, height: 600 }])); return 'resize'; }],
  [0.1, async () => { await page.reload(); return 'reload'; }],
];
const total = actions.reduce((sum, [weight]) => sum + weight, 0);
function next() {
  let roll = random() * total;
  for (const [weight, action] of actions) {
    roll -= weight;
    if (roll < 0) return action;
  }
  return press;
}

const trail = [];
let steps = 0;

// One and the same round trip asks for one and the same memory: what a round adds is lost for good. The first rounds fill what is kept.
const trip = [
  'm=mini_resnet_small&c=lrr&scene=5&s=0.5904', 'm=mini_vit_small&c=lrr&scene=148&s=0.36&a=occlusion', 'i=tiger&s=0.5',
  'm=mini_resnet_small&c=lrr&scene=40&s=0.2&a=integrated-gradients', 'i=koala&c=wanda&s=0.5&a=lrp', 'm=mini_vit_large&c=lrr&scene=9&s=0.59&a=smoothgrad',
];
async function travel() {
  for (const link of trip) await follow(`#v=1&${link}`);
  return memory();
}
test('a round trip over networks, criteria and methods takes no memory with it', async () => {
  for (let round = 0; round < 2; round += 1) await travel();
  const settled = await travel();
  console.log(`      ${told(settled)}`);
  for (let round = 0; round < 6; round += 1) await travel();
  // Rubbish may go in turns.
  await expect(async () => {
    const after = await memory();
    console.log(`      ${told(after)} after six more rounds`);
    // 36 answers: one map of each kept for good would be 7 MB. An allocator may still ask for some more, now and then, to find a place.
    expect(after.engine, 'the engine grows').toBeLessThanOrEqual(settled.engine + 4e6);
    expect(after.program, "the page's program grows").toBeLessThanOrEqual(settled.program + 1e6);
    expect(after.heap, "the page's heap grows").toBeLessThanOrEqual(settled.heap + 0.3e6);
    expect(after.nodes, 'the page grows').toBeLessThanOrEqual(settled.nodes + 100);
  }).toPass({ timeout: 30_000 });
});

test(`${minutes} minutes of random use with seed ${seed} leave no complaint`, async () => {
  const end = Date.now() + minutes * 60_000;
  // However slow the machine, something is done.
  while (Date.now() < end || steps <= 30 * minutes) {
    const did = await next()().catch(error => `failed: ${String(error.message).split('\n')[0].slice(0, 80)}`);
    steps += 1;
    trail.push(did);
    if (!page.url().startsWith(url)) await start();
    if (random() < 0.3) await linger(below(24));
    expect(complaints, `after ${trail.slice(-6).join('; ')}`).toEqual([]);
  }
});

test('the page still answers', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  const dialog = await page.locator('dialog[open]').count();
  for (let tries = 0; tries < dialog; tries += 1) await page.keyboard.press('Escape');
  await follow('#v=1&m=mini_resnet_small&c=lrr&scene=11&s=0.2');
});

test('random use leaves a page of a sensible size', async () => {
  await expect(async () => {
    const after = await memory();
    console.log(`      ${steps} steps; ${told(after)}`);
    // A program's memory never shrinks: it tells the most that any of the hand's deeds took. The rest is what the hand has opened.
    expect(after.engine, 'the most the engine took at once').toBeLessThanOrEqual(400e6);
    expect(after.program, "the most the page's program took at once").toBeLessThanOrEqual(60e6);
    expect(after.heap, "the page's heap").toBeLessThanOrEqual(12e6);
    expect(after.nodes, 'nodes of the page').toBeLessThanOrEqual(40_000);
  }).toPass({ timeout: 30_000 });
});

test('nothing was complained of', () => expect(complaints).toEqual([]));
