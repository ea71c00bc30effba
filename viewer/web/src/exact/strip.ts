import { isHole, joins, timeOf, valueOf, type Piece } from './pieces.ts';
import type { WaveRange } from './wave_range.ts';

// A paper strip in millimetres, as paths: every sample of the time is a point of one of them.

/** A4 landscape within margins of 10 mm, less the room for labels. */
export const PLOT_MM = 250;
export const LABEL_MM = 27;

export interface StripTrace {
  readonly path: string;
  /** Where nothing is stored, mm from the left. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly samples: number;
}

const mm = (value: number): string => value.toFixed(3);

/** Values beyond the lane are drawn on its edge. */
export function stripTrace(pieces: readonly Piece[], from: number, speed: number, range: WaveRange, heightMm: number): StripTrace {
  const mmPerMs = speed / 1000;
  const end = from + PLOT_MM / mmPerMs;
  const yOf = (value: number): number => Math.min(heightMm, Math.max(0, heightMm * (1 - (value - range.low) / (range.high - range.low))));
  const parts: string[] = [];
  const gaps: { from: number; to: number }[] = [];
  let samples = 0;
  let covered = from;
  let before: Piece | null = null;
  let penDown = false;
  const gapTo = (time: number, slack: number): void => {
    if (time - covered > slack) gaps.push({ from: (covered - from) * mmPerMs, to: (Math.min(end, time) - from) * mmPerMs });
  };
  for (const piece of pieces) {
    if (before !== null && !joins(before, piece)) penDown = false;
    before = piece;
    for (let i = 0; i < piece.raw.length; i++) {
      const time = timeOf(piece, i);
      if (time < from || time >= end) continue;
      if (isHole(piece, i)) {
        penDown = false;
        continue;
      }
      gapTo(time, 1.5 * piece.periodMs);
      parts.push(`${penDown ? 'L' : 'M'}${mm((time - from) * mmPerMs)} ${mm(yOf(valueOf(piece, i)))}`);
      covered = time + piece.periodMs;
      penDown = true;
      samples++;
    }
  }
  gapTo(end, 1);
  return { path: parts.join(''), gaps, samples };
}
