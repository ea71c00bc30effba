import { describe, expect, it } from 'vitest';
import { encodeFrame, encodeJsonBlock, encodeReadings, encodeSamples, joinBlocks } from '../dev/encode.mjs';
import { decodeBlock } from '../src/wire/block.ts';
import { decodeFrame } from '../src/wire/frame.ts';

const START = 1_790_000_000_123_456_789n;

/** Small deterministic generator (mulberry32). */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function samples(raw: number[] | Int32Array, codec: number, parameter?: number): Uint8Array {
  return encodeSamples({
    signal: 7, start: START, raw: Int32Array.from(raw), numerator: 1, denominator: 250, gain: 0.005, offset: -40.96, codec,
    ...(parameter === undefined ? {} : { parameter }), firstIndex: 1000n,
  });
}

describe('a block of samples', () => {
  it('comes back from every codec and predictor order', () => {
    const random = seeded(1);
    for (let round = 0; round < 60; round++) {
      const count = 1 + Math.floor(random() * 200);
      const size = 2 ** Math.floor(random() * 31);
      const raw = Int32Array.from({ length: count }, () => Math.floor((random() - 0.5) * 2 * size) | 0);
      for (let order = 0; order <= 3; order++) {
        const block = decodeBlock(samples(raw, 2, order));
        expect(block.ok && block.value.kind === 'samples' && [...block.value.raw]).toEqual([...raw]);
      }
    }
  });

  it('wraps at 32 bits without loss', () => {
    const raw = [-2147483648, 2147483647, -2147483648, 2147483647, 0, -1, 2147483647, -2147483648];
    for (let order = 0; order <= 3; order++) {
      const block = decodeBlock(samples(raw, 2, order));
      expect(block.ok && block.value.kind === 'samples' && [...block.value.raw]).toEqual(raw);
    }
  });

  it('reads constant and verbatim samples of 1, 2 and 4 bytes', () => {
    const constant = decodeBlock(samples([-5, -5, -5], 0));
    expect(constant.ok && constant.value.kind === 'samples' && [...constant.value.raw]).toEqual([-5, -5, -5]);
    for (const width of [1, 2, 4]) {
      const block = decodeBlock(samples([-128, 0, 127], 1, width));
      expect(block.ok && block.value.kind === 'samples' && [...block.value.raw]).toEqual([-128, 0, 127]);
    }
  });

  it('keeps header, scale, counter and validity exactly', () => {
    const block = decodeBlock(encodeSamples({
      signal: 9, start: START, raw: Int32Array.from([1, 2, 3, 4]), numerator: 8, denominator: 1000, gain: 0.1, offset: 3,
      firstIndex: 2n ** 60n, epoch: 4, validity: [{ start: 1, length: 2, validity: 0x8400 }],
    }));
    expect(block.ok && block.value).toMatchObject({
      kind: 'samples', signal: 9, start: START, end: START + 32_000_000n, uncertaintyUs: 500, clockEpoch: 4, firstIndex: 2n ** 60n,
      numerator: 8, denominator: 1000, scale: { gain: 0.1, offset: 3 }, validity: [{ start: 1, length: 2, validity: 0x8400 }],
    });
  });

  it('has no scale where the device told none', () => {
    const block = decodeBlock(encodeSamples({ signal: 1, start: START, raw: Int32Array.from([1]), numerator: 1, denominator: 1 }));
    expect(block.ok && block.value.kind === 'samples' && block.value.scale).toBeNull();
  });
});

describe('damaged bytes', () => {
  it('give a fault or other samples, never an exception', () => {
    const random = seeded(2);
    const whole = samples(Int32Array.from({ length: 300 }, () => Math.floor(random() * 5000)), 2, 2);
    for (let round = 0; round < 3000; round++) {
      const bytes = whole.slice(0, random() < 0.5 ? Math.floor(random() * whole.length) : whole.length);
      for (let hits = 0; hits < 4 && bytes.length > 0; hits++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      expect(() => decodeBlock(bytes)).not.toThrow();
    }
  });

  it('are refused when version, flags or length are unknown', () => {
    const whole = samples([1, 2, 3], 2);
    for (const at of [1, 2, 3]) {
      const bytes = whole.slice();
      bytes[at] = 9;
      expect(decodeBlock(bytes).ok).toBe(false);
    }
    expect(decodeBlock(whole.slice(0, 31)).ok).toBe(false);
    expect(decodeBlock(whole.slice(0, whole.length - 1)).ok).toBe(false);
    expect(decodeBlock(Uint8Array.from([...whole, 0])).ok).toBe(false);
  });
});

describe('readings and events', () => {
  it('keep mantissa and exponent, and say where there was no value', () => {
    const block = decodeBlock(encodeReadings(3, [
      { time: START, mantissa: 950n, exponent: -1, validity: 0x4000 },
      { time: START + 1_000_000_000n, validity: 0x2000 },
    ]));
    expect(block.ok && block.value.kind === 'readings' && block.value.readings).toEqual([
      { time: START, deviceNs: null, value: { mantissa: 950n, exponent: -1 }, validity: 0x4000 },
      { time: START + 1_000_000_000n, deviceNs: null, value: null, validity: 0x2000 },
    ]);
  });

  it('are read as JSON by kind', () => {
    const block = decodeBlock(encodeJsonBlock(3, 0, START, { device: 'm', alert: { text: 'SpO₂ 84' } }));
    expect(block.ok && block.value).toMatchObject({ kind: 'alert', json: { device: 'm', alert: { text: 'SpO₂ 84' } } });
  });
});

describe('a frame', () => {
  const head = { type: 1, epoch: 77, seq: 5, serverTime: START };

  it('carries blocks and says which of them were damaged', () => {
    const broken = samples([1, 2, 3], 2).slice(0, 40);
    const bytes = encodeFrame({ ...head, history: true }, joinBlocks([samples([4, 5], 1, 2), broken]));
    const frame = decodeFrame(bytes.buffer as ArrayBuffer);
    expect(frame.ok && frame.value).toMatchObject({ type: 'data', history: true, epoch: 77, seq: 5, serverTime: START });
    expect(frame.ok && frame.value.type === 'data' && [frame.value.blocks.length, frame.value.faults.length]).toEqual([1, 1]);
  });

  it('is refused with a wrong magic, version or type', () => {
    for (const [at, value] of [[0, 0], [4, 2], [5, 9]] as const) {
      const bytes = encodeFrame(head, new Uint8Array());
      bytes[at] = value;
      expect(decodeFrame(bytes.buffer as ArrayBuffer).ok).toBe(false);
    }
  });
});
