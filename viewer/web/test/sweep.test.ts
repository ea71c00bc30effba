import { describe, expect, it } from 'vitest';
import { utcNs } from '../src/base/time.ts';
import { Lane } from '../src/sweep/lane.ts';
import { LaneRange, niceRange } from '../src/sweep/range.ts';
import { SampleRing } from '../src/sweep/ring.ts';
import type { SampleBlock } from '../src/wire/block.ts';

const T0 = 1_790_000_000_000;

function block(firstIndex: number, count: number, at: number, more: Partial<SampleBlock> = {}): SampleBlock {
  return {
    kind: 'samples', signal: 1, start: utcNs(BigInt(at) * 1_000_000n), end: utcNs(BigInt(at + count * 4) * 1_000_000n), uncertaintyUs: 0, clockEpoch: 1, deviceNs: null,
    firstIndex: BigInt(firstIndex), numerator: 1, denominator: 250, scale: { gain: 1, offset: 0 }, raw: new Int32Array(count), validity: [], codec: 0, ...more,
  };
}

describe('the ring of a wave', () => {
  it('joins blocks by the device’s counter though their times jitter', () => {
    const ring = new SampleRing();
    ring.push(block(0, 64, T0), false);
    ring.push(block(64, 64, T0 + 256 + 9), false);
    expect(ring.at(1)).toMatchObject({ joined: true });
    expect(Math.abs((ring.at(1)?.time ?? 0) - (T0 + 256))).toBeLessThan(1);
  });

  it('leaves a hole where the counter or the clock epoch jumps', () => {
    const ring = new SampleRing();
    ring.push(block(0, 64, T0), false);
    ring.push(block(128, 64, T0 + 512), false);
    ring.push(block(192, 64, T0 + 768, { clockEpoch: 2 }), false);
    expect([ring.at(0)?.joined, ring.at(1)?.joined, ring.at(2)?.joined]).toEqual([false, false, false]);
  });

  it('never shows what is older than what is there', () => {
    const ring = new SampleRing();
    ring.push(block(1000, 64, T0), false);
    ring.push(block(0, 64, T0 - 4000), true);
    expect(ring.to - ring.from).toBe(1);
  });

  it('stays bounded over a day', () => {
    const ring = new SampleRing();
    for (let i = 0; i < 86_400 * 4; i++) ring.push(block(i * 64, 64, T0 + i * 256), false);
    expect(ring.to - ring.from).toBeLessThan(600);
    expect(ring.lastTime).toBeCloseTo(T0 + 86_400 * 4 * 256, 0);
  });

  it('lifts the pen over samples that cannot be used', () => {
    const ring = new SampleRing();
    ring.push(block(0, 8, T0, { validity: [{ start: 2, length: 3, validity: 0x8000 }, { start: 6, length: 1, validity: 0x0400 }] }), false);
    expect([...(ring.at(0)?.holes ?? [])]).toEqual([0, 0, 1, 1, 1, 0, 0, 0]);
    expect(ring.validity).toBe(0x8400);
  });

  it('keeps the frozen picture while it goes on', () => {
    const ring = new SampleRing();
    ring.push(block(0, 64, T0), false);
    const frozen = ring.copy();
    ring.push(block(64, 64, T0 + 256), false);
    expect(frozen.to - frozen.from).toBe(1);
  });
});

describe('the range of a lane', () => {
  it('always covers the values', () => {
    for (const [min, max] of [[-0.3, 1.2], [64, 128], [0, 0.98], [-52, 46], [5.5, 12.2], [300, 300.5], [-7, -6]] as const) {
      const { low, high } = niceRange(min, max, 0.5);
      expect(low).toBeLessThanOrEqual(min);
      expect(high).toBeGreaterThanOrEqual(max);
    }
  });

  it('grows at once and shrinks only after a while', () => {
    const range = new LaneRange(-2, 2);
    const second = (min: number, max: number): boolean => {
      range.see(min);
      range.see(max);
      return range.check();
    };
    expect(second(-3, 3)).toBe(true);
    expect(range.high).toBeGreaterThanOrEqual(3);
    const before = range.high;
    expect(second(-0.5, 0.5)).toBe(false);
    expect(range.high).toBe(before);
    for (let i = 0; i < 30; i++) second(-0.5, 0.5);
    expect(range.high).toBeLessThan(before);
  });
});

describe('a lane of any height', () => {
  it.each([60, 120, 460])('of %d px is never left by its trace, which nothing would blank again', (height) => {
    const tops: number[] = [];
    const context = {
      beginPath: () => undefined, stroke: () => undefined, clearRect: () => undefined,
      moveTo: (_: number, y: number) => { tops.push(y); }, lineTo: (_: number, y: number) => { tops.push(y); },
      globalAlpha: 1, strokeStyle: '', lineWidth: 1, lineJoin: 'round', lineCap: 'round',
    } as unknown as OffscreenCanvasRenderingContext2D;
    const top = 100;
    const lane = new Lane({ number: 1, device: 'm', top, height, speed: 25, colour: '#fff', displayMin: -1, displayMax: 1 }, T0);
    const raw = Int32Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 4000 : -4000));
    lane.ring.push(block(0, raw.length, T0, { raw, scale: { gain: 0.001, offset: 0 } }), false);
    lane.redraw({ context, ratio: 2, pxPerMm: 3.78, widthPx: 1000, grey: '#888' }, T0 + 2000);
    expect(tops.length).toBeGreaterThan(400);
    expect(Math.min(...tops)).toBeGreaterThanOrEqual(2 * top);
    expect(Math.max(...tops)).toBeLessThanOrEqual(2 * (top + height));
  });
});
