import { describe, expect, it } from 'vitest';
import { WardClock, wardClockOf } from '../src/base/local_time.ts';
import { ticksOf } from '../src/base/ticks.ts';
import { msToNs, nsToMs, parseIso, utcMs, utcNs } from '../src/base/time.ts';
import { SweepScale, TimeScale } from '../src/base/time_scale.ts';
import { formatCount } from '../src/i18n/i18n.ts';

describe('time', () => {
  it('survives the way to milliseconds and back within a quarter microsecond', () => {
    for (const ns of [1_790_000_000_123_456_789n, 1_700_000_000_999_999_999n, 0n]) {
      const back = msToNs(nsToMs(utcNs(ns)));
      expect(Number(back - ns)).toBeLessThanOrEqual(250);
      expect(Number(back - ns)).toBeGreaterThanOrEqual(-250);
    }
  });

  it('is read from ISO 8601 with nine decimals, and only with a zone', () => {
    expect(parseIso('2026-11-21T19:48:14.123456789Z')).toBeCloseTo(Date.UTC(2026, 10, 21, 19, 48, 14) + 123.456789, 3);
    expect(parseIso('2026-11-21T19:48:14')).toBeNull();
    expect(parseIso('yesterday')).toBeNull();
    expect(parseIso(5)).toBeNull();
  });
});

describe('the scale of a chart', () => {
  it('keeps an instant in its column however it is panned', () => {
    const scale = TimeScale.over(1_790_000_000_000, 1_790_086_400_000, 977);
    for (let pan = -400; pan <= 400; pan += 37) {
      for (let i = 0; i < 200; i++) {
        const time = 1_790_010_000_000 + i * 311_111;
        expect(scale.panned(pan).column(time)).toBe(scale.column(time) - pan);
      }
    }
  });

  it('keeps the instant under the fingers while zooming, within a pixel', () => {
    const scale = TimeScale.over(1_790_000_000_000, 1_790_086_400_000, 1000);
    const zoomed = scale.zoomed(0.37, 420, 1, 1e9);
    expect(Math.abs(zoomed.px(scale.time(420)) - 420)).toBeLessThanOrEqual(1);
  });
});

describe('the sweep', () => {
  it('keeps lanes of different rates aligned to a pixel after 24 hours', () => {
    const scale = new SweepScale(1_790_000_000_000, (25 * 3.7795) / 1000, 800);
    const day = 86_400;
    const at = [500, 250, 125, 62.5].map((hz) => scale.absolute(1_790_000_000_000 + (day * hz * 1000) / hz));
    expect(Math.max(...at) - Math.min(...at)).toBeLessThan(1);
    const turn = scale.turn(at[0] ?? 0);
    const x = (at[0] ?? 0) - turn * 800;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThan(800);
  });
});

describe('the clock of the ward', () => {
  const paris = new WardClock('Europe/Paris');
  const HOUR = 3_600_000;

  it('has 23 hours on the day summer time begins and 25 on the day it ends', () => {
    const spring = ticksOf(paris, Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 29, 22) - 1, HOUR);
    const autumn = ticksOf(paris, Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23) - 1, HOUR);
    expect(spring).toHaveLength(23);
    expect(spring.map((tick) => tick.label)).not.toContain('02:00');
    expect(autumn).toHaveLength(25);
  });

  it('tells the two 02:00 of autumn apart, and no label stands twice', () => {
    const labels = ticksOf(paris, Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23) - 1, HOUR).map((tick) => tick.label);
    expect(labels).toContain('02:00 UTC+2');
    expect(labels).toContain('02:00 UTC+1');
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('labels midnight with the date and knows zones of half hours', () => {
    expect(ticksOf(paris, Date.UTC(2026, 10, 20, 22), Date.UTC(2026, 10, 21, 1), HOUR)[1]).toMatchObject({ label: '21/11', midnight: true });
    const kolkata = new WardClock('Asia/Kolkata');
    expect(kolkata.zoneLabel(Date.UTC(2026, 0, 1))).toBe('UTC+5:30');
    expect(ticksOf(kolkata, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 2), HOUR)[0]?.label).toBe('06:00');
  });

  it('falls back to UTC for a zone nobody knows', () => {
    expect(new WardClock('Mars/Olympus').minute(utcMs(0))).toBe('00:00');
  });

  it('shows the date whenever it is not today', () => {
    const now = Date.UTC(2026, 10, 21, 12);
    expect(paris.stamp(now - HOUR, now)).toBe('12:00:00');
    expect(paris.stamp(now - 24 * HOUR, now)).toBe('20/11 13:00:00');
  });
});

describe('what every screen asks four times a second', () => {
  it('is the clock of a zone and the count of a language, each made once', () => {
    let made = 0;
    const { DateTimeFormat, NumberFormat } = Intl;
    Intl.DateTimeFormat = new Proxy(DateTimeFormat, { construct: (real, args) => (made++, Reflect.construct(real, args)) });
    Intl.NumberFormat = new Proxy(NumberFormat, { construct: (real, args) => (made++, Reflect.construct(real, args)) });
    try {
      for (let i = 0; i < 100; i++) {
        expect(wardClockOf({ timeZone: 'Asia/Kathmandu' }).minute(Date.UTC(2026, 0, 1))).toBe('05:45');
        expect(wardClockOf({ timeZone: 'America/St_Johns' }).minute(Date.UTC(2026, 0, 1))).toBe('20:30');
        expect(wardClockOf(null).minute(Date.UTC(2026, 0, 1))).toBe('00:00');
        expect(formatCount(1_234_567).replace(/\D/g, '')).toBe('1234567');
      }
    } finally {
      Object.assign(Intl, { DateTimeFormat, NumberFormat });
    }
    expect(made).toBe(4);
  });
});
