import type { WardClock } from './local_time.ts';

const MINUTE_MS = 60_000;
const HALF_DAY_MS = 720 * MINUTE_MS;

/**
 * The night that was last, or that is now: the twelve hours of the wall clock before the ward's day begins (`dayStart` HH:MM). From 12 h after that on, the
 * night that has begun, until now. In the zone of the ward, so a night with a change of time is 11 or 13 hours long.
 */
export function lastNight(ward: WardClock, dayStart: string, now: number): { readonly from: number; readonly to: number } {
  const [hours = 7, minutes = 0] = dayStart.split(':').map(Number);
  const start = (hours * 60 + minutes) * MINUTE_MS;
  const day = 2 * HALF_DAY_MS;
  const local = now + ward.offset(now);
  const begun = Math.floor((local - start) / day) * day + start;
  // What the clock of the ward read, as an instant.
  const instant = (reading: number): number => reading - ward.offset(reading - ward.offset(now));
  const evening = begun + HALF_DAY_MS;
  return local >= evening ? { from: instant(evening), to: now } : { from: instant(begun - HALF_DAY_MS), to: instant(begun) };
}
