import type { Device, State } from '../wire/api.ts';

// Fresh, late or lost by capture time, decided on a timer; the worst of link, device and parameter counts. It cannot be switched off.

export const LIVE_MS = 2_000;
export const LATE_MS = 10_000;
/**
 * Monitors hand over waves in blocks of up to a second, so the newest sample of a healthy wave may be two seconds old just before the next block. A wave
 * is late after 2.2 s, by capture time: with the page's own timer that is seen within the 2.5 s of the goal.
 */
export const WAVE_EXPECTED_MS = 1_100;
const LIVE_PERIODS = 2;
const LATE_PERIODS = 4;
/** A sample that is older is never drawn as the present. */
export const LIVE_WAVE_MS = LIVE_PERIODS * WAVE_EXPECTED_MS;
/** What is due at least this often belongs to the second in which one looks: it is late as soon as a wave, and not after two of its periods. */
const PROMPT_MS = 1_500;

/** How old a value may be and still be live, in ms. */
function liveAtMost(expectedMs: number): number {
  const periods = LIVE_PERIODS * expectedMs;
  return Math.max(LIVE_MS, expectedMs <= PROMPT_MS ? Math.min(periods, LIVE_WAVE_MS) : periods);
}

const lateAtMost = (expectedMs: number): number => Math.max(LATE_MS, LATE_PERIODS * expectedMs);

/** A time ahead of the box's clock is as wrong as one behind it, so the distance counts. */
export function stateOfAge(ageMs: number, expectedMs: number): State {
  const distance = Math.abs(ageMs);
  if (distance <= liveAtMost(expectedMs)) return 'live';
  return distance <= lateAtMost(expectedMs) ? 'late' : 'lost';
}

/** In how many ms its state turns to the worse, if nothing comes; a screen need not wait for its next look. */
export function turnIn(ageMs: number, expectedMs: number): number {
  const state = stateOfAge(ageMs, expectedMs);
  return state === 'lost' ? Infinity : (state === 'live' ? liveAtMost(expectedMs) : lateAtMost(expectedMs)) - ageMs;
}

export function stateOfLink(serverNow: number | null, lastFrame: number | null): State {
  return serverNow === null || lastFrame === null ? 'lost' : stateOfAge(serverNow - lastFrame, 0);
}

/** A device that the box is greeting again is not gone while its data keep coming; the box tells of them once a second. */
const HEARD_MS = 5_000;

/** State of a value that comes when it comes: that of its device. */
export function stateOfDevice(device: Device | undefined, serverNow: number | null): State {
  if (device === undefined || serverNow === null) return 'lost';
  if (device.state === 'receiving') return 'live';
  const age = device.lastData === null ? Infinity : Math.abs(serverNow - device.lastData);
  if (device.state === 'connecting' && age <= HEARD_MS) return 'live';
  return age <= LATE_MS ? 'late' : 'lost';
}

const ORDER: readonly State[] = ['live', 'late', 'lost'];

export const worst = (a: State, b: State): State => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);

export interface Sighted {
  /** Capture time of the last value; null = there never was one. */
  readonly time: number | null;
  /** Null = aperiodic. */
  readonly expectedMs: number | null;
  readonly device: Device | undefined;
}

export function stateOfValue(value: Sighted, serverNow: number | null, link: State): State {
  if (serverNow === null || value.time === null) return 'lost';
  if (value.expectedMs === null) return worst(link, stateOfDevice(value.device, serverNow));
  const own = worst(link, stateOfAge(serverNow - value.time, value.expectedMs));
  // A device that is known to be silent or unplugged takes its slow values with it, however seldom they are due.
  return value.device === undefined || value.device.state === 'receiving' ? own : worst(own, stateOfDevice(value.device, serverNow));
}
