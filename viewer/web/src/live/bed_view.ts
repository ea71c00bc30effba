import type { Device, SignalDescription, State } from '../wire/api.ts';
import { LIVE_MS, stateOfAge, stateOfValue, turnIn, WAVE_EXPECTED_MS, worst } from './freshness.ts';

/** One device as the screen judges it, by the newest of its data and not by what the box last said of it. */
export interface DeviceView {
  readonly device: string;
  readonly name: string;
  /** What reads it was never tried on a real device. */
  readonly experimental: boolean;
  readonly monitor: boolean;
  readonly state: State;
  /** Capture time of its newest data; null = none ever came. */
  readonly last: number | null;
}

export interface BedView {
  /** The worst of the devices that ever sent data. */
  readonly state: State;
  readonly devices: readonly DeviceView[];
  /** In how many ms one of its devices, values or waves turns to the worse, if nothing comes. */
  readonly turnMs: number;
}

export interface Judged {
  readonly signals: readonly SignalDescription[];
  readonly device: (name: string) => Device | undefined;
  readonly monitors: ReadonlySet<string>;
  /** Capture time of the newest value or sample; null = none. */
  readonly lastOf: (signal: SignalDescription) => number | null;
  /** How long ago its newest came to this screen, in ms: it is no younger, whatever the clocks say. */
  readonly sinceOf?: (signal: SignalDescription) => number;
  /** False while only numbers come: then a silent wave says nothing of its device. */
  readonly waves: boolean;
}

/** Data of a device that ended this long before its newest do not say how often it is to be heard. */
const GONE_MS = 10_000;

interface Heard {
  readonly last: number;
  readonly sinceMs: number;
  readonly expectedMs: number | null;
}

/** A device is as fresh as its newest data, measured by what it should send most often, of what it still sends. */
export function judgeBed({ signals, device, monitors, lastOf, sinceOf, waves }: Judged, now: number | null, link: State): BedView {
  const known = new Map<string, Heard[]>();
  for (const signal of signals) {
    const wave = signal.kind === 'waveform';
    const last = lastOf(signal);
    if (last === null || (wave && !waves)) continue;
    const expectedMs = wave ? WAVE_EXPECTED_MS : signal.expectedS === null ? null : signal.expectedS * 1000;
    const one = { last, sinceMs: sinceOf?.(signal) ?? 0, expectedMs };
    const heard = known.get(signal.device);
    if (heard === undefined) known.set(signal.device, [one]);
    else heard.push(one);
  }
  let turnMs = Infinity;
  const devices = [...known].map(([name, all]): DeviceView => {
    // What is ahead of the box's time is from before its clock was set back: it says nothing of now, but still what is to come.
    const past = all.filter((one) => now === null || one.last - now <= LIVE_MS);
    const heard = past.length > 0 ? past : all;
    const last = Math.max(...heard.map((one) => one.last));
    // What comes when it comes does not say that the others ended.
    const newest = Math.max(...heard.map((one) => (one.expectedMs === null ? -Infinity : one.last)));
    const due = all.flatMap((one) => (one.expectedMs === null || one.last < newest - GONE_MS ? [] : [one.expectedMs]));
    const expectedMs = due.length === 0 ? null : Math.min(...due);
    const since = expectedMs === null ? 'live' : stateOfAge(Math.min(...all.map((one) => one.sinceMs)), expectedMs);
    const ages = now === null ? [] : [...all.map((one) => [now - one.last, one.expectedMs] as const), [now - last, expectedMs] as const];
    for (const [ageMs, dueMs] of ages) if (dueMs !== null) turnMs = Math.min(turnMs, turnIn(ageMs, dueMs));
    const described = device(name);
    return {
      device: name, name: described?.model || described?.manufacturer || name, experimental: described?.experimental ?? false, monitor: monitors.has(name), last,
      state: worst(since, stateOfValue({ time: last, expectedMs, device: described }, now, link)),
    };
  });
  return { state: devices.reduce<State>((state, one) => worst(state, one.state), 'live'), devices, turnMs };
}
