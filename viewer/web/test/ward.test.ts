import { describe, expect, it } from 'vitest';
import { utcMs } from '../src/base/time.ts';
import type { SignalDescription } from '../src/wire/api.ts';
import { judgeTile, stateOfSignal } from '../src/ward/judge.ts';
import { readWard, type WardBed } from '../src/ward/ward_api.ts';

const T0 = 1_790_000_000_000;

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const signal = (last: number | null, kind: SignalDescription['kind'] = 'numeric'): SignalDescription => ({
  number: 1, id: 'hr', kind, nameFr: 'FC', nameEn: 'HR', short: 'HR', unit: '/min', device: 'm', colour: '#00e676', group: 'ecg', displayMin: null, displayMax: null, expectedS: kind === 'waveform' ? null : 1,
  last: last === null ? null : { time: utcMs(last), value: 80, text: null, validity: 0 },
});

const bed = (heard: number | null, last: number | null, more: Partial<WardBed> = {}): WardBed => ({
  place: 1, bed: '7', own: false, link: 'open', said: '', heard: heard === null ? null : utcMs(heard), since: utcMs(T0 - 60_000), clockOffsetMs: 0, demo: false, devices: [], wave: null, alert: null, alerts: 0,
  slots: [{ key: 'hr', parts: [{ signal: signal(last), decimals: 0 }] }], ...more,
});

describe('a tile of the ward', () => {
  it('is never live when its newest value, its box or the hub is older than two and a half seconds', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const next = random(seed);
      const [valueAge, boxAge] = [next() * 14_000, next() * 14_000];
      const hub = (['live', 'late', 'lost'] as const)[Math.floor(next() * 3)] ?? 'lost';
      const one = bed(T0 - boxAge, T0 - valueAge);
      const { state, missing } = judgeTile(one, T0, hub);
      const allowed = valueAge <= 2_500 && boxAge <= 2_500 && hub === 'live';
      expect(state === 'live' && !allowed, `seed ${seed}`).toBe(false);
      expect((state === 'lost') === (missing !== null), `seed ${seed}`).toBe(true);
      if (Math.max(valueAge, boxAge) > 10_500 || hub === 'lost') expect(state).toBe('lost');
    }
  });

  it('says which of the links failed, from this box outward', () => {
    expect(judgeTile(bed(T0, T0), T0, 'lost').missing).toBe('hub');
    expect(judgeTile(bed(T0 - 42_000, T0 - 42_000), T0, 'live')).toEqual({ state: 'lost', missing: 'box', since: T0 - 42_000 });
    expect(judgeTile(bed(null, null), T0, 'live')).toEqual({ state: 'lost', missing: 'box', since: T0 - 60_000 });
    expect(judgeTile(bed(T0, T0 - 20_000), T0, 'live').missing).toBe('devices');
    expect(judgeTile(bed(T0, null), T0, 'live').missing).toBe('never');
    expect(judgeTile(bed(T0, T0, { link: 'other-bed', said: '8' }), T0, 'live').missing).toBe('other');
    expect(judgeTile(bed(T0, T0, { link: 'refused' }), T0, 'live').missing).toBe('refused');
  });

  it('is as fresh as the freshest of what it shows, and each value speaks for itself', () => {
    const one = bed(T0, T0 - 8_000, { wave: signal(T0 - 500, 'waveform') });
    expect(judgeTile(one, T0, 'live').state).toBe('live');
    expect(stateOfSignal(one, signal(T0 - 8_000), T0, 'live')).toBe('late');
  });

  it('knows nothing while the clock of the box is not known', () => {
    expect(judgeTile(bed(T0, T0), null, 'live').state).toBe('lost');
  });
});

describe('the JSON of the ward', () => {
  it('is read field by field, and what is no ward is none', () => {
    for (const wrong of [null, 1, 'x', [], {}, { beds: 3 }]) expect(readWard(wrong)).toBeNull();
    const read = readWard({ serverTime: '2026-11-21T19:30:00.5Z', isWhole: true, isHub: true, given: { approvedBy: 'A Person' }, beds: [{ place: 2, bed: '7', link: 'nonsense', slots: [{ key: 'x', parts: [{}] }] }, { bed: 'no place' }, 7] });
    expect(read?.beds.map((one) => [one.place, one.bed, one.link, one.slots.length])).toEqual([[2, '7', 'unreachable', 0]]);
    expect(read?.givenBy).toBe('A Person');
  });
});
