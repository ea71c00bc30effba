import { describe, expect, it } from 'vitest';
import { TimeScale } from '../src/base/time_scale.ts';
import { utcNs } from '../src/base/time.ts';
import { clocksOf, decimalsOf, measure, waveOf } from '../src/exact/reading.ts';
import { cut, endOf, joins, readPieces, sampleAt, stepFrom, summaryOf, timeOf, valueOf, type Piece } from '../src/exact/pieces.ts';
import { stripTrace, PLOT_MM } from '../src/exact/strip.ts';
import { Fill, waveColumns } from '../src/exact/wave_columns.ts';
import { isPaper, rangeOf } from '../src/exact/wave_range.ts';
import { SPEEDS, WaveView } from '../src/exact/wave_view.ts';
import { readDevice, readSignal, type SignalDescription } from '../src/wire/api.ts';
import type { SampleBlock } from '../src/wire/block.ts';
import { Validity } from '../src/wire/validity.ts';

const T0 = 1_763_760_000_000;
const HOLE = Validity.NotAvailable;

/** Numbers from a seed, the same in every run. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function block(startMs: number, raw: readonly number[], more: Partial<SampleBlock> = {}): SampleBlock {
  const start = utcNs(BigInt(Math.round(startMs * 1e6)));
  return {
    kind: 'samples', signal: 7, start, end: start, uncertaintyUs: 500, clockEpoch: 3, deviceNs: 1_000_000_000n, firstIndex: 0n, numerator: 1, denominator: 500,
    scale: { gain: 0.005, offset: 0 }, raw: Int32Array.from(raw), validity: [], codec: 1, ...more,
  };
}

function piece(startMs: number, raw: readonly number[], more: Partial<SampleBlock> = {}): Piece {
  const made = cut(block(startMs, raw, more), utcNs(0n), utcNs(1n << 62n));
  if (made === null) throw new Error('no piece');
  return made;
}

const everywhere = { loaded: () => true, now: T0 + 1e9 };
const ramp = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('samples out of blocks', () => {
  it('cuts ranges that touch so that each sample is there once, whatever the period and the edges', () => {
    const next = random(11);
    for (let run = 0; run < 300; run++) {
      const denominator = [500, 250, 125, 128, 300, 62][Math.floor(next() * 6)] ?? 500;
      const whole = block(T0 + next() * 10, ramp(200 + Math.floor(next() * 800)), { denominator });
      const edges = [0n, ...Array.from({ length: 5 }, () => whole.start + BigInt(Math.floor(next() * 3e9))), 1n << 62n].sort((a, b) => (a < b ? -1 : 1));
      const pieces = edges.slice(1).flatMap((edge, i) => cut(whole, utcNs(edges[i] as bigint), utcNs(edge)) ?? []);
      expect(pieces.flatMap((one) => [...one.raw])).toEqual([...whole.raw]);
      for (const [i, one] of pieces.entries()) {
        const before = pieces[i - 1];
        if (before !== undefined) expect(joins(before, one)).toBe(true);
      }
    }
  });

  it('cuts exactly at a sample: it belongs to the later range', () => {
    const whole = block(T0, ramp(10));
    const at = utcNs(whole.start + 6_000_000n);
    expect(cut(whole, utcNs(0n), at)?.raw.length).toBe(3);
    const later = cut(whole, at, utcNs(1n << 62n));
    expect([later?.raw[0], later?.startNs, later?.deviceNs]).toEqual([3, at, 1_006_000_000n]);
    expect(cut(whole, utcNs(whole.start + (1n << 50n)), utcNs(1n << 62n))).toBeNull();
  });

  it('keeps what is not usable as a hole, and no scale as no scale', () => {
    const one = piece(T0, ramp(6), { scale: null, validity: [{ start: 2, length: 2, validity: HOLE }, { start: 5, length: 1, validity: Validity.Questionable }] });
    expect([...(one.holes ?? [])]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([one.scaled, valueOf(one, 4)]).toEqual([false, 4]);
  });

  it('survives bytes that are no blocks', () => {
    const next = random(5);
    for (let run = 0; run < 200; run++) {
      const bytes = Uint8Array.from({ length: Math.floor(next() * 200) }, () => Math.floor(next() * 256));
      expect(readPieces(bytes, 7, utcNs(0n), utcNs(1n << 62n)).pieces).toEqual([]);
    }
  });
});

describe('the sample at an instant', () => {
  const pieces = [piece(T0, ramp(100)), piece(T0 + 400, ramp(50, 1000))];

  it('is the nearest one, and in a gap there is none', () => {
    expect(sampleAt(pieces, T0 + 10.9)?.index).toBe(5);
    expect(sampleAt(pieces, T0 + 300)).toBeNull();
    expect(sampleAt(pieces, T0 - 5)).toBeNull();
    expect(sampleAt([piece(T0, ramp(4), { validity: [{ start: 1, length: 1, validity: HOLE }] })], T0 + 2)?.value).toBeNull();
  });

  it('is left by whole samples, over gaps too, and back again', () => {
    const last = T0 + 198;
    expect(stepFrom(pieces, T0 + 10, 1)).toBeCloseTo(T0 + 12, 3);
    expect(stepFrom(pieces, T0 + 10, 10)).toBeCloseTo(T0 + 30, 3);
    expect(stepFrom(pieces, last, 1)).toBeCloseTo(T0 + 400, 3);
    expect(stepFrom(pieces, T0 + 400, -1)).toBeCloseTo(last, 3);
    expect(stepFrom([], T0, 3)).toBe(T0 + 3);
  });

  it('sums up what is in view, holes left out', () => {
    expect(summaryOf(pieces, T0, T0 + 20)).toMatchObject({ count: 10, min: 0, max: 9 * 0.005 });
    expect(summaryOf(pieces, T0 + 250, T0 + 350)).toEqual({ count: 0, min: null, mean: null, max: null });
  });
});

describe('columns of exact samples', () => {
  it('never lose a spike: each column reaches at least as far as its samples, at every speed', () => {
    const next = random(99);
    for (let run = 0; run < 250; run++) {
      const raw = Array.from({ length: 3000 }, () => Math.round(next() * 10));
      for (let k = 0; k < 5; k++) raw[Math.floor(next() * raw.length)] = (next() < 0.5 ? -1 : 1) * 30_000;
      const one = piece(T0 + next() * 100, raw);
      const speed = SPEEDS[run % SPEEDS.length] ?? 25;
      const scale = new TimeScale(T0 + next() * 3000, 1000 / (speed * 3.78), 400);
      const columns = waveColumns({ pieces: [one], scale, ...everywhere });
      const counts = new Uint32Array(400);
      let lost = 0;
      for (let i = 0; i < raw.length; i++) {
        const x = Math.floor(scale.px(timeOf(one, i)));
        if (x < 0 || x >= 400) continue;
        counts[x] = (counts[x] ?? 0) + 1;
        if (!((columns.min[x] ?? Infinity) <= valueOf(one, i) && (columns.max[x] ?? -Infinity) >= valueOf(one, i))) lost++;
      }
      expect(lost).toBe(0);
      expect([...columns.count]).toEqual([...counts]);
    }
  });

  it('draw nothing beyond what was measured: no column leaves the range of the samples beside it', () => {
    const next = random(3);
    for (let run = 0; run < 100; run++) {
      const one = piece(T0, Array.from({ length: 400 }, () => Math.round((next() - 0.5) * 2000)));
      const scale = new TimeScale(T0 + 100, 0.3 + next() * 4, 300);
      const columns = waveColumns({ pieces: [one], scale, ...everywhere });
      for (let x = 0; x < 300; x++) {
        if (columns.fill[x] !== Fill.Data) continue;
        const first = Math.max(0, Math.floor((scale.time(x) - one.start) / one.periodMs) - 1);
        const beside = [...one.raw.subarray(first, Math.ceil((scale.time(x + 1) - one.start) / one.periodMs) + 2)].map((raw) => raw * one.gain);
        expect(columns.max[x]).toBeLessThanOrEqual(Math.max(...beside) + 1e-9);
        expect(columns.min[x]).toBeGreaterThanOrEqual(Math.min(...beside) - 1e-9);
      }
    }
  });

  it('draw a gap as a gap: not one column of stroke between two pieces that do not join', () => {
    const next = random(21);
    for (let run = 0; run < 200; run++) {
      const count = 50 + Math.floor(next() * 200);
      const pause = 20 + next() * 400;
      const before = piece(T0, ramp(count));
      const after = piece(endOf(before) + pause, ramp(count));
      const scale = new TimeScale(T0 - 20, 0.5 + next() * 3, 600);
      const columns = waveColumns({ pieces: [before, after], scale, ...everywhere });
      const from = Math.floor(scale.px(endOf(before))) + 1;
      const to = Math.min(600, Math.floor(scale.px(after.start)));
      for (let x = from; x < to; x++) expect(columns.fill[x]).toBe(Fill.Gap);
      if (from < 600) expect(columns.breaks).toContain(from - 1);
    }
  });

  it('lift the pen where the device had no value, and tell what is loading and what has not come', () => {
    const one = piece(T0, ramp(100), { validity: [{ start: 40, length: 20, validity: HOLE }] });
    const scale = new TimeScale(T0, 1, 400);
    const columns = waveColumns({ pieces: [one], scale, now: T0 + 300, loaded: (time) => time < T0 + 250 });
    expect([columns.fill[60], columns.fill[100], columns.fill[150], columns.fill[220], columns.fill[270], columns.fill[350]]).toEqual([Fill.Data, Fill.Gap, Fill.Data, Fill.Gap, Fill.Loading, Fill.Future]);
  });

  it('put one instant of all lanes into one column', () => {
    const scale = new TimeScale(T0, 2.1, 500);
    const at = T0 + 500;
    const peak = (denominator: number): Piece => piece(at - 20 * (1000 / denominator), ramp(41).map((i) => (i === 20 ? 1000 : 0)), { denominator });
    const columns = [500, 250, 125].map((denominator) => waveColumns({ pieces: [peak(denominator)], scale, ...everywhere }));
    expect(new Set(columns.map((one) => one.max.indexOf(5))).size).toBe(1);
  });
});

describe('paper', () => {
  const signal = (group: string, unit: string): SignalDescription => readSignal({ number: 1, id: 'x', kind: 'waveform', group, unit, display_min: 0, display_max: 200 }) as SignalDescription;

  it('has 10 mm for each millivolt, in whole millimetres around the wave', () => {
    const range = rangeOf(signal('ecg', 'mV'), [piece(T0, [-100, 300])], 40, 10);
    expect(range.perMm).toBeCloseTo(0.1);
    expect(range.high - range.low).toBeCloseTo(4);
    expect((range.low + range.high) / 2 / 0.1).toBeCloseTo(5);
    expect(rangeOf(signal('ecg', 'uV'), [], 40, 5).perMm).toBeCloseTo(200);
    expect([isPaper(signal('ecg', 'mV')), isPaper(signal('art', 'mm[Hg]')), isPaper(signal('ecg', '1'))]).toEqual([true, false, false]);
  });

  it('is a round range for everything else', () => {
    const range = rangeOf(signal('art', 'mm[Hg]'), [piece(T0, [62, 118], { scale: { gain: 1, offset: 0 } })], 40, 10);
    expect(range.low).toBeLessThanOrEqual(62);
    expect(range.high).toBeGreaterThanOrEqual(118);
    expect(range.perMm).toBeNull();
  });

  it('has every sample on the strip, true to scale, and its gaps', () => {
    const pieces = [piece(T0, ramp(1000)), piece(T0 + 4000, ramp(3000))];
    const strip = stripTrace(pieces, T0, 25, { low: 0, high: 20, perMm: null }, 30);
    expect(strip.samples).toBe(4000);
    expect(strip.path.match(/M/g)).toHaveLength(2);
    expect(strip.path.startsWith('M0.000 30.000L0.050 ')).toBe(true);
    expect(strip.gaps).toEqual([{ from: expect.closeTo(50, 3), to: expect.closeTo(100, 3) }]);
    expect(stripTrace([], T0, 25, { low: 0, high: 1, perMm: null }, 30).gaps).toEqual([{ from: 0, to: expect.closeTo(PLOT_MM, 6) }]);
  });
});

describe('moving over exact samples', () => {
  const now = T0 + 1e7;

  it('keeps the instant under the finger, and steps between paper speeds', () => {
    const view = new WaveView(T0, 3.78, 1000);
    const before = view.scale.value.time(200);
    view.setSpeed(50, 200, now);
    expect(Math.abs(view.scale.value.time(200) - before)).toBeLessThan(view.scale.value.msPerPx);
    for (let i = 0; i < 20; i++) view.zoom(1.1, 500, now);
    expect(SPEEDS).toContain(view.speed.value);
    expect(view.speed.value).toBeLessThan(25);
    for (let i = 0; i < 20; i++) view.stepSpeed(1, now);
    expect(view.speed.value).toBe(500);
  });

  it('takes its window of ±30 s along when the view leaves it, and never runs ahead of now', () => {
    const view = new WaveView(T0, 3.78, 1000);
    view.pan(1000, now);
    expect(view.centre.value).toBe(T0);
    for (let i = 0; i < 5; i++) view.pan(1000, now);
    expect(Math.abs(view.centre.value - view.middle)).toBeLessThan(30_001);
    expect(view.centre.value).not.toBe(T0);
    view.show(now + 1e6, now);
    expect(view.middle).toBeLessThan(now + 2000);
  });

  it('measures: Δt, and the rate it stands for', () => {
    expect(measure(T0, T0 + 800)).toEqual({ ms: 800, perMinute: 75 });
    expect(measure(T0, T0).perMinute).toBeNull();
    const view = new WaveView(T0, 3.78, 900);
    view.place(100);
    expect(view.callipers.value).toEqual({ on: false, one: T0, two: T0 });
    view.toggleCallipers((time) => time);
    const { one, two } = view.callipers.value;
    expect(two - one).toBeGreaterThan(1000);
    view.place(view.scale.value.px(two) + 10);
    expect([view.callipers.value.one, view.callipers.value.two > two]).toEqual([one, true]);
  });
});

describe('whose time it is', () => {
  const device = (epoch: number, offsetMs: number | null) => readDevice({ device: 'm', clock: { offsetMs, driftPpm: 1, uncertaintyUs: 2000, epoch } }) ?? undefined;
  const sample = sampleAt([piece(T0, ramp(100))], T0 + 20);

  it('says box time, device time, the offset and how sure they are', () => {
    if (sample === null) throw new Error('no sample');
    expect(clocksOf(sample, device(3, 2300))).toMatchObject({ box: expect.closeTo(T0 + 20, 3), uncertaintyMs: 0.5, device: expect.closeTo(T0 + 2320, 3), offsetMs: 2300, offsetUncertaintyMs: 2, counter: '1.020', sameEpoch: true });
  });

  it('does not lend today’s offset to a time when the device’s clock was another', () => {
    if (sample === null) throw new Error('no sample');
    expect(clocksOf(sample, device(4, 2300))).toMatchObject({ device: null, offsetMs: null, sameEpoch: false });
    expect(clocksOf(sample, undefined)).toMatchObject({ device: null, sameEpoch: false });
    expect(clocksOf(sample, device(3, null))).toMatchObject({ device: null, sameEpoch: true });
  });

  it('knows which wave a number stands beside', () => {
    const one = (id: string, kind: string): SignalDescription => readSignal({ number: 1, id, kind }) as SignalDescription;
    const lanes = [{ wave: one('ecg-ii', 'waveform'), numerics: [{ parts: [one('hr', 'numeric')] }] }, { wave: one('pleth', 'waveform'), numerics: [{ parts: [one('spo2', 'numeric')] }] }];
    expect(['spo2', 'ecg-ii', 'pleth', 'bis'].map((id) => waveOf(id, lanes)?.id)).toEqual(['pleth', 'ecg-ii', 'pleth', 'ecg-ii']);
    expect(waveOf('hr', [])).toBeNull();
    expect([decimalsOf(0.005), decimalsOf(1), decimalsOf(0.1), decimalsOf(0)]).toEqual([3, 0, 1, 0]);
  });
});
