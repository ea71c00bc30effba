import { stateOfLink, stateOfValue, turnIn, WAVE_EXPECTED_MS, worst } from '../live/freshness.ts';
import type { SignalDescription, State } from '../wire/api.ts';
import type { WardBed } from './ward_api.ts';

/** Why a tile shows no values. */
export type Missing = 'hub' | 'box' | 'refused' | 'other' | 'never' | 'devices';

export interface TileView {
  /** The best of what it shows, never better than the links. */
  readonly state: State;
  readonly missing: Missing | null;
  /** Since when there is nothing, or how old the newest is; null = there never was anything. */
  readonly since: number | null;
}

/** The link that counts for a bed: the worse of this box's own and that between the boxes. */
export const linkOf = (bed: WardBed, now: number | null, hub: State): State => worst(hub, stateOfLink(now, bed.heard));

const expectedOf = (signal: SignalDescription): number | null => (signal.kind === 'waveform' ? WAVE_EXPECTED_MS : signal.expectedS === null ? null : signal.expectedS * 1000);

const shownOf = (bed: WardBed): SignalDescription[] => [...bed.slots.flatMap((slot) => slot.parts.map((part) => part.signal)), ...(bed.wave === null ? [] : [bed.wave])];

/** In how many ms something of a bed turns to the worse, if nothing comes. */
export function turnOfBed(bed: WardBed, now: number): number {
  const values = shownOf(bed).map((one) => {
    const expectedMs = expectedOf(one);
    return one.last === null || expectedMs === null ? Infinity : turnIn(now - one.last.time, expectedMs);
  });
  return Math.min(bed.heard === null ? Infinity : turnIn(now - bed.heard, 0), ...values);
}

export function stateOfSignal(bed: WardBed, signal: SignalDescription, now: number | null, hub: State): State {
  return stateOfValue({
    time: signal.last?.time ?? null,
    expectedMs: expectedOf(signal),
    device: bed.devices.find((one) => one.device === signal.device),
  }, now, linkOf(bed, now, hub));
}

/** One bed at one moment, by the clock of the box and on the page's own timer: silence lets it grow old. */
export function judgeTile(bed: WardBed, now: number | null, hub: State): TileView {
  const shown = shownOf(bed);
  const newest = shown.reduce<number | null>((last, one) => (one.last === null ? last : Math.max(last ?? 0, one.last.time)), null);
  if (bed.link === 'other-bed' || bed.link === 'refused') return { state: 'lost', missing: bed.link === 'refused' ? 'refused' : 'other', since: bed.since };
  if (hub === 'lost') return { state: 'lost', missing: 'hub', since: bed.heard };
  if (stateOfLink(now, bed.heard) === 'lost') return { state: 'lost', missing: 'box', since: bed.heard ?? bed.since };
  if (newest === null) return { state: 'lost', missing: 'never', since: null };
  const best = shown.map((one) => stateOfSignal(bed, one, now, hub)).reduce<State>((a, b) => (worst(a, b) === a ? b : a), 'lost');
  if (best !== 'lost') return { state: best, missing: null, since: newest };
  // Values are a little older than the last word of their box: what is already late to speak is what failed.
  if (hub !== 'live') return { state: 'lost', missing: 'hub', since: bed.heard };
  return stateOfLink(now, bed.heard) === 'live' ? { state: 'lost', missing: 'devices', since: newest } : { state: 'lost', missing: 'box', since: bed.heard };
}
