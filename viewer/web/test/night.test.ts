import { describe, expect, it } from 'vitest';
import { WardClock } from '../src/base/local_time.ts';
import { lastNight } from '../src/base/night.ts';

const paris = new WardClock('Europe/Paris');
const hours = ({ from, to }: { readonly from: number; readonly to: number }): number => (to - from) / 3_600_000;

describe('the last night of the ward', () => {
  it('is the twelve hours before its day began, seen from the day and from the evening', () => {
    for (const now of ['2026-11-22T06:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T22:59:59Z']) {
      const night = lastNight(paris, '07:00', Date.parse(now));
      expect([paris.stamp(night.from, 0), paris.stamp(night.to, 0)]).toEqual(['21/11 19:00:00', '22/11 07:00:00']);
    }
  });

  it('still goes on in the small hours', () => {
    const now = Date.parse('2026-11-22T02:00:00Z');
    expect(lastNight(paris, '07:00', now)).toEqual({ from: Date.parse('2026-11-21T18:00:00Z'), to: now });
  });

  it('has eleven hours in spring and thirteen in autumn when the clocks change', () => {
    expect(hours(lastNight(paris, '07:00', Date.parse('2026-03-29T10:00:00Z')))).toBe(11);
    expect(hours(lastNight(paris, '07:00', Date.parse('2026-10-25T10:00:00Z')))).toBe(13);
  });

  it('ends at the day start of any ward in any zone and never in the future', () => {
    for (const zone of ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']) {
      const ward = new WardClock(zone);
      for (const start of ['06:30', '07:00', '08:15']) {
        for (let hour = 0; hour < 24 * 400; hour += 31) {
          const now = Date.parse('2026-01-01T00:00:00Z') + hour * 3_600_000;
          const night = lastNight(ward, start, now);
          expect(night.to).toBeLessThanOrEqual(now);
          if (night.to < now) expect(ward.minute(night.to)).toBe(start);
          expect(hours(night)).toBeGreaterThan(2.7);
          expect(hours(night)).toBeLessThanOrEqual(13);
        }
      }
    }
  });
});
