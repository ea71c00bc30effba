import type { Device, SignalDescription, State } from '../wire/api.ts';
import { stateOfValue, WAVE_EXPECTED_MS, worst } from './freshness.ts';

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
}

export interface Judged {
  readonly signals: readonly SignalDescription[];
  readonly device: (name: string) => Device | undefined;
  readonly monitors: ReadonlySet<string>;
  /** Capture time of the newest value or sample; null = none. */
  readonly lastOf: (signal: SignalDescription) => number | null;
  /** False while only numbers come: then a silent wave says nothing of its device. */
  readonly waves: boolean;
}

/** Data of a device that ended this long before its newest do not say how often it is to be heard. */
const GONE_MS = 10_000;

interface Heard {
  readonly last: number;
  readonly expectedMs: number | null;
}

/** A device is as fresh as its newest data, measured by what it should send most often, of what it still sends. */
export function judgeBed({ signals, device, monitors, lastOf, waves }: Judged, now: number | null, link: State): BedView {
  const known = new Map<string, Heard[]>();
  for (const signal of signals) {
    const wave = signal.kind === 'waveform';
    const last = lastOf(signal);
    if (last === null || (wave && !waves)) continue;
    const expectedMs = wave ? WAVE_EXPECTED_MS : signal.expectedS === null ? null : signal.expectedS * 1000;
    const heard = known.get(signal.device);
    if (heard === undefined) known.set(signal.device, [{ last, expectedMs }]);
    else heard.push({ last, expectedMs });
  }
  const devices = [...known].map(([name, heard]): DeviceView => {
    const last = Math.max(...heard.map((one) => one.last));
    const due = heard.flatMap((one) => (one.expectedMs === null || one.last < last - GONE_MS ? [] : [one.expectedMs]));
    const expectedMs = due.length === 0 ? null : Math.min(...due);
    const described = device(name);
    return {
      device: name, name: described?.model || described?.manufacturer || name, experimental: described?.experimental ?? false, monitor: monitors.has(name), last,
      state: stateOfValue({ time: last, expectedMs, device: described }, now, link),
    };
  });
  return { state: devices.reduce<State>((state, one) => worst(state, one.state), 'live'), devices };
}
