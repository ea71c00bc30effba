import type { WardClock } from './local_time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Tick {
  readonly time: number;
  readonly label: string;
  readonly midnight: boolean;
}

/** The same name beside each other, an hour apart at most: both say their offset. */
export function toldApart<T extends { readonly time: number; readonly label: string }>(ward: WardClock, labels: readonly T[]): T[] {
  return labels.map((one, i) => {
    const twin = [labels[i - 1], labels[i + 1]].some((other) => other !== undefined && other.label === one.label && Math.abs(other.time - one.time) <= HOUR_MS);
    return twin ? { ...one, label: `${one.label} ${ward.zoneLabel(one.time)}` } : one;
  });
}

/**
 * Instants that are whole multiples of `stepMs` on the local wall clock (1 min … 1 d … 7 d). In the hour that a zone repeats both instants are given, in
 * the one it skips none.
 */
export function ticksOf(ward: WardClock, from: number, to: number, stepMs: number): Tick[] {
  const grain = Math.min(stepMs, 15 * MINUTE_MS);
  const found: Tick[] = [];
  for (let time = Math.ceil(from / grain) * grain; time <= to; time += grain) {
    const local = time + ward.offset(time);
    const inDay = ((local % DAY_MS) + DAY_MS) % DAY_MS;
    const fits = stepMs <= DAY_MS ? inDay % stepMs === 0 : inDay === 0 && Math.round(local / DAY_MS) % Math.round(stepMs / DAY_MS) === 0;
    if (!fits) continue;
    const midnight = inDay === 0;
    found.push({ time, midnight, label: midnight ? ward.date(time) : stepMs < MINUTE_MS ? ward.time(time) : ward.minute(time) });
  }
  return toldApart(ward, found);
}
