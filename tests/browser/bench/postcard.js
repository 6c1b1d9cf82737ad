// The few messages of crates/protocol that the benchmark needs, in postcard's wire format: whole numbers as little-endian groups of
// seven bits, floats as their little-endian bytes, texts and lists as a length and what is in them, a struct as its fields in order, an
// enum as its variant's index (in the order of the source) and the variant's fields, an Option as 0 or as 1 and its value.

const CPU = 1; // DeviceChoice::Cpu
const BENCHMARK = 15; // Benchmark's place among the tasks; a test of the engine holds it to these bytes

const number = value => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)]);
const text = value => {
  const bytes = new TextEncoder().encode(value);
  return [...number(bytes.length), ...bytes];
};

// Request::Start on the CPU device. `assets` is an address that ends in a slash.
export const start = assets => Uint8Array.from([0, CPU, ...text(assets)]);

// Request::Work with the task Benchmark.
export const bench = (job, model, group, runs) =>
  Uint8Array.from([2, ...number(job), BENCHMARK, ...text(model), ...text(group), ...number(runs)]);

// A Reply, as far as it matters here: { is: 'ready', name } | { is: 'timings', timings } | { is: 'done' } | { is: 'failed', text } | { is: 'other' }.
export function reply(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return new TextDecoder().decode(bytes.subarray(at - length, at));
  };
  const float64 = () => view.getFloat64((at += 8) - 8, true);
  const list = item => Array.from({ length: number() }, item);

  switch (number()) {
    case 0: { // Ready
      if (number() !== CPU) throw new Error('the engine did not take the CPU device');
      return { is: 'ready', name: text() };
    }
    case 2: { // Found
      number(); // the job
      const timings = number() === BENCHMARK;
      return timings ? { is: 'timings', timings: list(() => ({ what: text(), passes: number(), millis: list(float64) })) } : { is: 'other' };
    }
    case 3: return { is: 'done' };
    // An Error has many variants; the words in it say enough.
    case 4: return { is: 'failed', text: new TextDecoder().decode(bytes.subarray(at)).replace(/[^ -~]+/g, ' ').trim() };
    default: return { is: 'other' };
  }
}
