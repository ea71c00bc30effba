import type { TimeScale } from '../base/time_scale.ts';
import { endOf, isHole, joins, timeOf, valueOf, type Piece } from './pieces.ts';

export const Fill = { Gap: 0, Data: 1, Rest: 2, Loading: 3, Future: 4 } as const;

/** What is drawn in each column of pixels. */
export class WaveColumns {
  readonly fill: Uint8Array;
  /** Of everything drawn in the column: its samples, and the stroke that joins one sample to the next. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Samples that fall into the column. */
  readonly count: Uint32Array;
  /** Where the stroke ends and begins anew because samples are missing, also where that is narrower than a column. */
  readonly breaks: number[] = [];

  constructor(readonly width: number) {
    this.fill = new Uint8Array(width);
    this.min = new Float64Array(width).fill(Infinity);
    this.max = new Float64Array(width).fill(-Infinity);
    this.count = new Uint32Array(width);
  }

  see(x: number, value: number): void {
    if (x < 0 || x >= this.width) return;
    this.fill[x] = Fill.Data;
    if (value < (this.min[x] as number)) this.min[x] = value;
    if (value > (this.max[x] as number)) this.max[x] = value;
  }

  /** Runs of columns with one fill. */
  runs(fill: number): { readonly from: number; readonly to: number }[] {
    const found: { from: number; to: number }[] = [];
    for (let x = 0; x < this.width; x++) {
      if (this.fill[x] !== fill) continue;
      const from = x;
      while (x < this.width && this.fill[x] === fill) x++;
      found.push({ from, to: x });
    }
    return found;
  }
}

export interface ColumnInput {
  readonly pieces: readonly Piece[];
  readonly scale: TimeScale;
  /** False where the box has not answered yet. */
  readonly loaded: (time: number) => boolean;
  readonly now: number;
}

/**
 * Every sample in its column, and straight strokes between neighbours that nothing is missing between: the stroke joins what was measured, it
 * makes no value up. Where samples are missing or unusable the stroke ends. However many samples share a column, its extremes are all there.
 */
export function waveColumns({ pieces, scale, loaded, now }: ColumnInput): WaveColumns {
  const columns = new WaveColumns(scale.widthPx);
  for (let x = 0; x < columns.width; x++) {
    const time = scale.time(x);
    columns.fill[x] = time > now ? Fill.Future : loaded(time) ? Fill.Gap : Fill.Loading;
  }
  let before: Piece | null = null;
  let lastPx = 0;
  let lastValue = 0;
  let penDown = false;
  for (const piece of pieces) {
    if (before !== null && (!penDown || !joins(before, piece))) {
      if (penDown) rest(columns, scale, before);
      if (!joins(before, piece)) {
        const x = Math.floor(scale.px(endOf(before)));
        if (x >= 0 && x < columns.width) columns.breaks.push(x);
      }
      penDown = false;
    }
    before = piece;
    if (endOf(piece) < scale.start - piece.periodMs || piece.start > scale.end + piece.periodMs) {
      penDown = false;
      continue;
    }
    // One sample more on both sides, so that the stroke reaches the edges.
    const first = Math.max(0, Math.floor((scale.start - piece.start) / piece.periodMs) - 1);
    const end = Math.min(piece.raw.length, Math.ceil((scale.end - piece.start) / piece.periodMs) + 2);
    if (first > 0) penDown = false;
    for (let i = first; i < end; i++) {
      if (isHole(piece, i)) {
        penDown = false;
        continue;
      }
      const px = scale.px(timeOf(piece, i));
      const value = valueOf(piece, i);
      if (penDown) stroke(columns, lastPx, lastValue, px, value);
      const x = Math.floor(px);
      columns.see(x, value);
      if (x >= 0 && x < columns.width) columns.count[x] = (columns.count[x] as number) + 1;
      [lastPx, lastValue, penDown] = [px, value, true];
    }
    if (end < piece.raw.length) penDown = false;
  }
  if (penDown && before !== null) rest(columns, scale, before);
  return columns;
}

/** The straight line between two samples, column by column. */
function stroke(columns: WaveColumns, fromPx: number, from: number, toPx: number, to: number): void {
  const [first, last] = [Math.floor(fromPx), Math.floor(toPx)];
  if (first === last) return;
  const slope = (to - from) / (toPx - fromPx);
  for (let x = Math.max(first, 0); x <= Math.min(last, columns.width - 1); x++) {
    // At the edges of the column; at the samples themselves, their own values, not what rounding makes of them.
    columns.see(x, x <= fromPx ? from : from + slope * (x - fromPx));
    columns.see(x, x + 1 >= toPx ? to : from + slope * (x + 1 - fromPx));
  }
}

/** The last sample before a gap stands for its own period: what follows that is missing. */
function rest(columns: WaveColumns, scale: TimeScale, piece: Piece): void {
  const from = Math.floor(scale.px(timeOf(piece, piece.raw.length - 1)));
  const to = Math.floor(scale.px(endOf(piece)));
  for (let x = Math.max(0, from); x <= Math.min(to, columns.width - 1); x++) {
    if (columns.fill[x] === Fill.Gap) columns.fill[x] = Fill.Rest;
  }
}
