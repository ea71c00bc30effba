import { niceRange } from '../sweep/range.ts';
import type { SignalDescription } from '../wire/api.ts';
import { isHole, valueOf, type Piece } from './pieces.ts';
import type { PaperGain } from './wave_view.ts';

export interface WaveRange {
  readonly low: number;
  readonly high: number;
  /** Value of one millimetre of paper; null where the height is no paper. */
  readonly perMm: number | null;
}

/** mV for each unit in which ECGs come. */
const MILLIVOLTS: { readonly [ucum: string]: number } = { mV: 1, uV: 0.001, V: 1000 };

/** True for waves that have paper of their own: 10 mm/mV. */
export const isPaper = (signal: SignalDescription): boolean => signal.group === 'ecg' && MILLIVOLTS[signal.unit] !== undefined;

export function extentOf(pieces: readonly Piece[]): { readonly min: number; readonly max: number } | null {
  let [min, max] = [Infinity, -Infinity];
  for (const piece of pieces) {
    for (let i = 0; i < piece.raw.length; i++) {
      if (isHole(piece, i)) continue;
      const value = valueOf(piece, i);
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min > max ? null : { min, max };
}

/** What the height of a lane spans: on ECG paper by its millimetres, with whole ones around the middle of the data; else a round range around them. */
export function rangeOf(signal: SignalDescription, pieces: readonly Piece[], heightMm: number, gain: PaperGain): WaveRange {
  const extent = extentOf(pieces);
  const millivolt = MILLIVOLTS[signal.unit];
  if (isPaper(signal) && millivolt !== undefined) {
    const perMm = 1 / (gain * millivolt);
    const middle = extent === null ? 0 : Math.round((extent.min + extent.max) / 2 / perMm) * perMm;
    return { low: middle - (heightMm / 2) * perMm, high: middle + (heightMm / 2) * perMm, perMm };
  }
  const least = ((signal.displayMax ?? 1) - (signal.displayMin ?? 0)) / 12;
  const { low, high } = extent === null ? niceRange(signal.displayMin ?? 0, signal.displayMax ?? 1, 1e-6) : niceRange(extent.min, extent.max, least > 0 ? least : 1e-6);
  return { low, high, perMm: null };
}
