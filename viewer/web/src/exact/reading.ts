import type { SignalDescription, Device } from '../wire/api.ts';
import { timeOf, type Sample } from './pieces.ts';

/** What the callipers measure between two instants. */
export interface Measured {
  readonly ms: number;
  /** 1 / Δt; null where the two lie on each other. */
  readonly perMinute: number | null;
}

export function measure(one: number, two: number): Measured {
  const ms = Math.abs(two - one);
  return { ms, perMinute: ms > 0 ? 60_000 / ms : null };
}

/** Decimals that tell one step of the raw counts from the next. */
export function decimalsOf(gain: number): number {
  if (!(gain > 0)) return 0;
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(gain) - 1e-9)));
}

/** When a sample was taken, by all who have a clock. */
export interface Clocks {
  readonly box: number;
  /** Half-width of the box's own time, ms; null = unknown. */
  readonly uncertaintyMs: number | null;
  /** What the device's wall clock read; null = it tells none, or its clock was set since. */
  readonly device: number | null;
  /** Device minus box, ms. */
  readonly offsetMs: number | null;
  /** Uncertainty of that, ms. */
  readonly offsetUncertaintyMs: number | null;
  /** The device's own counter, seconds as a decimal text; empty = it has none. */
  readonly counter: string;
  /** False: the device's clock was set or its counter began anew since, so today's offset says nothing of then. */
  readonly sameEpoch: boolean;
}

const NS_PER_MS = 1_000_000n;

export function clocksOf(sample: Sample, device: Device | undefined): Clocks {
  const { piece, index } = sample;
  const clock = device?.clock ?? null;
  const sameEpoch = clock !== null && clock.epoch === piece.epoch;
  const offsetMs = sameEpoch ? clock.offsetMs : null;
  const ticks = piece.deviceNs === null ? null : piece.deviceNs + BigInt(Math.round(index * piece.periodMs * 1e6));
  return {
    box: timeOf(piece, index),
    uncertaintyMs: piece.uncertaintyUs === null ? null : piece.uncertaintyUs / 1000,
    device: offsetMs === null ? null : timeOf(piece, index) + offsetMs,
    offsetMs,
    offsetUncertaintyMs: sameEpoch && clock.uncertaintyUs !== null ? clock.uncertaintyUs / 1000 : null,
    counter: ticks === null ? '' : `${ticks / 1000n / NS_PER_MS}.${String((ticks / NS_PER_MS) % 1000n).padStart(3, '0')}`,
    sameEpoch,
  };
}

/** The wave that a number belongs to is the one beside which it stands; a wave is its own. */
export function waveOf(id: string, lanes: readonly { readonly wave: SignalDescription; readonly numerics: readonly { readonly parts: readonly SignalDescription[] }[] }[]): SignalDescription | null {
  const own = lanes.find((lane) => lane.wave.id === id);
  const beside = lanes.find((lane) => lane.numerics.some((slot) => slot.parts.some((part) => part.id === id)));
  return (own ?? beside ?? lanes[0])?.wave ?? null;
}
