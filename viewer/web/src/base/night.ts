import type { WardClock } from './local_time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NIGHT_MS = 12 * HOUR_MS;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The instant at which the ward's clock reads `local` (ms as if it were UTC); of an hour that comes twice the first. */
function instantOf(ward: WardClock, local: number): number {
  return local - ward.offset(local - ward.offset(local - DAY_MS));
}

/**
 * The last night of the ward: the twelve hours on its clock before its day begins (`dayStart`, HH:MM), those that ended today, or in the small hours those that
 * still go on, until now. In the night of a change of clocks they are eleven or thirteen hours long.
 */
export function lastNight(ward: WardClock, dayStart: string, now: number): Span {
  const [hours = 7, minutes = 0] = dayStart.split(':').map(Number);
  const local = now + ward.offset(now);
  const today = Math.floor(local / DAY_MS) * DAY_MS + (hours * 60 + minutes) * 60_000;
  // A day that begins in the afternoon: before its night begins, the last one is that of yesterday.
  const day = today - NIGHT_MS > local ? today - DAY_MS : today;
  return { from: instantOf(ward, day - NIGHT_MS), to: Math.min(now, instantOf(ward, day)) };
}
