import { describe, expect, it } from 'vitest';
import { utcNs } from '../src/base/time.ts';
import { Playout } from '../src/live/playout.ts';
import { Lane, type Pen } from '../src/sweep/lane.ts';
import type { SampleBlock } from '../src/wire/block.ts';
import { seeded } from './simulation/random.ts';

const T0 = 1_790_000_000_000;
const BLOCK_MS = 256;
const HOUR_MS = 3_600_000;

/** A canvas that only notes how opaque each stroke was and where the path and the erasing went last. */
function paper(widthPx: number): { readonly pen: Pen; readonly alphas: Set<number>; readonly ended: () => number } {
  const alphas = new Set<number>();
  let alpha = 1;
  let at = 0;
  const context = {
    beginPath: () => undefined, stroke: () => alphas.add(alpha), clearRect: () => undefined,
    moveTo: (x: number) => { at = x; }, lineTo: (x: number) => { at = x; },
    set globalAlpha(value: number) { alpha = value; },
    strokeStyle: '', lineWidth: 1, lineJoin: 'round', lineCap: 'round',
  } as unknown as OffscreenCanvasRenderingContext2D;
  return { pen: { context, ratio: 1, pxPerMm: 3.7795275591, widthPx, grey: '#888' }, alphas, ended: () => at };
}

function laneOf(number: number, speed: 25 | 6.25 = 25): Lane {
  return new Lane({ number, device: 'm', top: number * 80, height: 80, speed, colour: '#fff', displayMin: -1, displayMax: 1 }, T0);
}

function block(number: number, rate: number, index: number): SampleBlock {
  const count = Math.floor(((index + 1) * BLOCK_MS * rate) / 1000) - Math.floor((index * BLOCK_MS * rate) / 1000);
  const first = Math.floor((index * BLOCK_MS * rate) / 1000);
  const start = utcNs(BigInt(T0) * 1_000_000n + (BigInt(first) * 1_000_000_000n) / BigInt(rate));
  return {
    kind: 'samples', signal: number, start, end: start, uncertaintyUs: 0, clockEpoch: 1, deviceNs: null, firstIndex: BigInt(first), numerator: 1, denominator: rate,
    scale: { gain: 1, offset: 0 }, raw: new Int32Array(count), validity: [], codec: 0,
  };
}

describe('eight lanes over a day', () => {
  it('keep their erase bars and their pens within a pixel of each other', () => {
    const sheet = paper(1000);
    const rates = [500, 500, 250, 250, 250, 250, 125, 125];
    const lanes = rates.map((_, i) => laneOf(i + 1));
    let spread = 0;
    let tips = 0;
    let compared = 0;
    const random = seeded(1);
    // Half a minute of full frames every quarter of an hour, and a picture now and then between: the counters run through all of it.
    for (let from = 0; from < 24 * HOUR_MS; from += HOUR_MS / 4) {
      const firstBlock = Math.floor(from / BLOCK_MS);
      for (let ms = 0, pushed = firstBlock; ms < 30_000; ms += 15 + random() * 4) {
        const now = T0 + from + ms;
        for (; T0 + (pushed + 1) * BLOCK_MS <= now; pushed++) lanes.forEach((lane, i) => lane.ring.push(block(i + 1, rates[i] ?? 0, pushed), false));
        const time = now - 600;
        const ends = lanes.map((lane) => {
          lane.step(sheet.pen, time, now);
          return sheet.ended();
        });
        const edges = lanes.map((lane) => lane.edge(sheet.pen, time));
        const erased = edges.map((one) => one.erased);
        const pens = edges.map((one) => one.pen);
        spread = Math.max(spread, Math.max(...erased) - Math.min(...erased), Math.max(...pens) - Math.min(...pens));
        // Where the trace of each lane ends, once all of them have samples up to the pen and none is at the edge of the sheet.
        if (ms < 2_000 || Math.min(...ends) < 10 || Math.max(...ends) > 990) continue;
        tips = Math.max(tips, Math.max(...ends) - Math.min(...ends));
        compared++;
      }
      for (let ms = 31_000; ms < HOUR_MS / 4; ms += 20_000) for (const lane of lanes) lane.step(sheet.pen, T0 + from + ms - 600, T0 + from + ms);
    }
    console.log(`erase bars of 8 lanes over 24 h: ${spread.toFixed(3)} px apart at most, ends of their traces ${tips.toFixed(3)} px (${compared} pictures)`);
    expect(compared).toBeGreaterThan(50_000);
    expect(spread).toBeLessThanOrEqual(1);
    expect(tips).toBeLessThanOrEqual(1);
  }, 60_000);
});

describe('the delay at which waves are drawn', () => {
  it('is the same for every sample, within one picture, though blocks and pictures come irregularly', () => {
    const frame = 1000 / 60;
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = seeded(seed);
      const sheet = paper(1000);
      const lane = laneOf(1);
      const playout = new Playout();
      let pushed = 0;
      let dueAt = BLOCK_MS + random() * 80;
      const delays: number[] = [];
      for (let at = 0; at < 60_000; at += frame * (random() < 0.02 ? 2 : 1)) {
        const serverNow = T0 + at;
        while (at >= dueAt) {
          lane.ring.push(block(1, 250, pushed), false);
          playout.see(1, T0 + pushed * BLOCK_MS, serverNow, at);
          pushed++;
          dueAt = (pushed + 1) * BLOCK_MS + random() * 80;
        }
        lane.step(sheet.pen, playout.advance(serverNow, at), serverNow);
        // The youngest sample of each picture: drawn as soon as it was due.
        if (at > 20_000 && lane.ages !== null) delays.push(lane.ages[0]);
        lane.ages = null;
      }
      const jitter = Math.max(...delays) - Math.min(...delays);
      if (seed === 1) console.log(`playout ${playout.delayMs} ms, jitter ${jitter.toFixed(1)} ms over ${delays.length} pictures`);
      expect(delays.length).toBeGreaterThan(1_000);
      expect(jitter).toBeLessThanOrEqual(frame);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(playout.delayMs);
    }
  });
});

describe('samples that were held up', () => {
  it('are drawn as the past, and never count as the present', () => {
    for (const heldMs of [2_300, 6_000, 30_000, 600_000]) {
      const sheet = paper(1000);
      const lane = laneOf(1, 6.25);
      let pushed = 0;
      const upTo = (ms: number): void => {
        for (; (pushed + 1) * BLOCK_MS <= ms; pushed++) lane.ring.push(block(1, 250, pushed), false);
      };
      for (let at = 0; at < 10_000; at += 16) {
        upTo(at);
        lane.step(sheet.pen, T0 + at - 600, T0 + at);
      }
      expect([...sheet.alphas]).toEqual([1]);
      lane.ages = null;
      // Blocks went on coming for two seconds, and nothing was drawn.
      upTo(12_000);
      const { drawn } = lane;
      const now = 10_000 + heldMs;
      lane.step(sheet.pen, T0 + now - 600, T0 + now);
      const ages = lane.ages as readonly [number, number] | null;
      expect(ages === null ? 0 : ages[1]).toBeLessThanOrEqual(2_200);
      if (heldMs >= 6_000) expect(lane.drawn).toBe(drawn);
    }
  });

  it('give way to a clock that was set back: the lane is drawn anew where its time is now', () => {
    const sheet = paper(1000);
    const lane = laneOf(1);
    for (let i = 0; i < 40; i++) lane.ring.push(block(1, 250, i), false);
    lane.step(sheet.pen, T0 + 9_000, T0 + 9_600);
    lane.ring.clear();
    for (let i = 0; i < 12; i++) lane.ring.push(block(1, 250, i), false);
    lane.step(sheet.pen, T0 + 2_000, T0 + 2_600);
    const { erased, pen } = lane.edge(sheet.pen, T0 + 2_000);
    expect(erased - pen).toBeGreaterThan(14);
    expect(erased - pen).toBeLessThan(17);
  });
});
