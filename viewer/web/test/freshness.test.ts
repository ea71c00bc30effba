import { describe, expect, it } from 'vitest';
import { ServerClock } from '../src/live/clock.ts';
import { stateOfAge, stateOfDevice, stateOfLink, stateOfValue, turnIn, worst } from '../src/live/freshness.ts';
import { Playout } from '../src/live/playout.ts';
import { shownIn } from '../src/catalog/units.ts';
import { valueText } from '../src/ui/numeric_painter.ts';
import type { Device } from '../src/wire/api.ts';
import { utcMs } from '../src/base/time.ts';

const T0 = 1_790_000_000_000;
const device = (state: Device['state'], lastData: number): Device => ({
  device: 'm', manufacturer: '', model: '', serialNumber: '', firmware: '', protocol: '', demo: false, experimental: false, state, since: null, lastData: utcMs(lastData), reason: '', codeConflicts: '', portFr: '', portEn: '', clock: null,
});

describe('freshness', () => {
  it('is live to 2 s, late to 10 s, then lost', () => {
    expect([0, 2000, 2001, 10_000, 10_001].map((age) => stateOfAge(age, 0))).toEqual(['live', 'live', 'late', 'late', 'lost']);
  });

  it('grants two and four periods to a slow value', () => {
    expect([60_000, 60_001, 120_000, 120_001].map((age) => stateOfAge(age, 30_000))).toEqual(['live', 'late', 'late', 'lost']);
  });

  it('calls a value that is due every second or so late as soon as a wave, so that a cut is seen within 2.5 s', () => {
    expect([2200, 2201].map((age) => stateOfAge(age, 1280))).toEqual(['live', 'late']);
    expect([2200, 2201].map((age) => stateOfAge(age, 1500))).toEqual(['live', 'late']);
    expect([3002, 3003].map((age) => stateOfAge(age, 1501))).toEqual(['live', 'late']);
  });

  it('knows to the millisecond when a value turns, at any age and period', () => {
    for (const expectedMs of [0, 500, 1000, 1100, 1280, 1500, 2000, 30_000]) {
      for (let age = -3000; age < 140_000; age += 777) {
        const inMs = turnIn(age, expectedMs);
        const state = stateOfAge(age, expectedMs);
        if (state === 'lost') expect(inMs).toBe(Infinity);
        else if (age >= 0) expect([stateOfAge(age + inMs, expectedMs), stateOfAge(age + inMs + 1, expectedMs)]).toEqual([state, state === 'live' ? 'late' : 'lost']);
      }
    }
  });

  it('takes a time ahead of the clock for as wrong as one behind it', () => {
    expect(stateOfAge(-3000, 0)).toBe('late');
    expect(stateOfAge(-11_000, 0)).toBe('lost');
  });

  it('is never better than the link, and lost where nothing is known', () => {
    const value = { time: T0, expectedMs: 1000, device: undefined };
    expect(stateOfValue(value, T0 + 500, 'live')).toBe('live');
    expect(stateOfValue(value, T0 + 500, 'late')).toBe('late');
    expect(stateOfValue(value, null, 'live')).toBe('lost');
    expect(stateOfValue({ ...value, time: null }, T0, 'live')).toBe('lost');
    expect(stateOfLink(null, T0)).toBe('lost');
    expect(worst('late', 'live')).toBe('late');
  });

  it('of a slow value follows its device when that is known to be gone', () => {
    const slow = { time: T0, expectedMs: 3000 };
    expect(stateOfValue({ ...slow, device: device('receiving', T0) }, T0 + 5000, 'live')).toBe('live');
    expect(stateOfValue({ ...slow, device: device('unplugged', T0) }, T0 + 5000, 'live')).toBe('late');
    expect(stateOfValue({ ...slow, device: device('unplugged', T0) }, T0 + 10_001, 'live')).toBe('lost');
  });

  it('of a cuff pressure is that of its device', () => {
    const cuff = { time: T0 - 900_000, expectedMs: null };
    expect(stateOfValue({ ...cuff, device: device('receiving', T0) }, T0, 'live')).toBe('live');
    expect(stateOfValue({ ...cuff, device: device('silent', T0 - 5000) }, T0, 'live')).toBe('late');
    expect(stateOfDevice(device('unplugged', T0 - 11_000), T0)).toBe('lost');
    expect(stateOfDevice(undefined, T0)).toBe('lost');
  });

  it('believes the data of a device that is being greeted again while they keep coming, and not longer', () => {
    const peep = { time: T0 - 1000, expectedMs: 3000 };
    expect(stateOfValue({ ...peep, device: device('connecting', T0 - 1000) }, T0, 'live')).toBe('live');
    expect(stateOfValue({ time: T0 - 6000, expectedMs: 20_000, device: device('connecting', T0 - 6000) }, T0, 'live')).toBe('late');
    expect(stateOfValue({ time: T0 - 11_000, expectedMs: 20_000, device: device('connecting', T0 - 11_000) }, T0, 'live')).toBe('lost');
    expect(stateOfDevice(device('silent', T0 - 1000), T0)).toBe('late');
  });
});

describe('the box’s clock as the screen knows it', () => {
  it('goes on while nothing comes, so that ages grow', () => {
    const clock = new ServerClock();
    clock.frame(T0, 1000);
    expect(clock.now(1000)).toBe(T0);
    expect(clock.now(601_000)).toBe(T0 + 600_000);
  });

  it('is not made younger by frames that were held back', () => {
    const clock = new ServerClock();
    clock.frame(T0, 0);
    clock.frame(T0 + 1000, 31_000);
    expect(clock.now(31_000)).toBe(T0 + 31_000);
  });

  it('believes the pong when all frames are held back from the start', () => {
    const clock = new ServerClock();
    clock.frame(T0, 8000);
    clock.pong(T0 + 8000, 8000, 16_000);
    expect(clock.now(16_000)).toBe(T0 + 16_000);
  });

  it('follows a box whose clock was set back, by the contradiction of the pong', () => {
    const clock = new ServerClock();
    clock.frame(T0 + 3_600_000, 0);
    clock.pong(T0, 10, 12);
    clock.frame(T0 + 40, 50);
    expect(clock.now(50)).toBe(T0 + 40);
  });

  it('is unknown before the first word', () => {
    expect(new ServerClock().now(5)).toBeNull();
  });
});

describe('the playout delay', () => {
  it('covers the longest block, in tenths of a second between 0.3 and 1.5', () => {
    const playout = new Playout();
    expect(playout.delayMs).toBe(300);
    playout.see(1, T0, T0 + 410, 0);
    expect(playout.delayMs).toBe(500);
    playout.see(1, T0, T0 + 4000, 10);
    expect(playout.delayMs).toBe(1500);
  });

  it('is twice the interval at which blocks come, when they come without delay', () => {
    const playout = new Playout();
    for (let at = 0; at <= 10_240; at += 512) for (const signal of [1, 2, 3]) playout.see(signal, T0 + at - 520, T0 + at, at);
    expect(playout.delayMs).toBe(1100);
  });

  it('stands as long as the blocks come alike, and gives way for a lasting change only', () => {
    const playout = new Playout();
    const shown = new Set<number>();
    for (let at = 0; at < 60_000; at += 256) {
      playout.see(1, T0 + at - 290 - ((at * 7919) % 40), T0 + at, at);
      if (at > 5_000) shown.add(playout.delayMs);
    }
    expect([...shown]).toEqual([600]);
    playout.see(1, T0 + 60_000 - 1_100, T0 + 60_000, 60_000);
    expect(playout.delayMs).toBe(1200);
    for (let at = 60_256; at < 80_000; at += 256) playout.see(1, T0 + at - 300, T0 + at, at);
    expect(playout.delayMs).toBe(600);
  });

  it('never runs backwards or stands when the delay grows, and is caught up with slowly', () => {
    const playout = new Playout();
    const first = playout.advance(T0, 0);
    playout.see(1, T0 - 900, T0, 0);
    const second = playout.advance(T0 + 16, 16);
    expect(second - first).toBeCloseTo(15.2, 3);
    let head = second;
    for (let at = 32; at < 20_000; at += 16) head = playout.advance(T0 + at, at);
    expect(T0 + 19_984 - head).toBeCloseTo(1000, 1);
  });
});

describe('the text of a value', () => {
  const asSent = shownIn({ id: 'spo2', group: 'spo2', unit: '%' }, undefined);
  const known = { number: 1, time: T0, value: 95, decimals: 1, text: null, validity: 0 };

  it('keeps the decimals of the device and loses every digit when lost', () => {
    expect(valueText(known, 'live', asSent)).toBe('95,0');
    expect(valueText(known, 'late', asSent)).toBe('95,0');
    expect(valueText(known, 'lost', asSent)).toBe('---');
  });

  it('says what is invalid, unavailable or missing', () => {
    expect(valueText({ ...known, validity: 0x8000 }, 'live', asSent)).toBe('-?-');
    expect(valueText({ ...known, validity: 0x2000 }, 'live', asSent)).toBe('---');
    expect(valueText({ ...known, value: null }, 'live', asSent)).toBe('---');
    expect(valueText(undefined, 'live', asSent)).toBe('---');
    expect(valueText({ ...known, value: null, text: 'SIMV' }, 'live', asSent)).toBe('SIMV');
  });
});
