import type { TimeScale } from '../base/time_scale.ts';
import { LATE_MS } from '../live/freshness.ts';
import type { Tile } from '../wire/tile.ts';

export const Fill = {
  /** The box has nothing here: a gap, drawn as one. */
  None: 0,
  Data: 1,
  /** After a reading, while it stands: for its own period, or until the next one where none was missed between. */
  Held: 2,
  /** Not fetched yet: neither data nor gap. */
  Loading: 3,
  /** Later than now. */
  Future: 4,
} as const;

/** Min, max and mean of each pixel column of a lane. Every sample of every tile is in exactly one column; nothing is smoothed. */
export class PixelColumns {
  readonly fill: Uint8Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;

  constructor(readonly width: number) {
    this.fill = new Uint8Array(width);
    this.min = new Float64Array(width).fill(Infinity);
    this.max = new Float64Array(width).fill(-Infinity);
    this.mean = new Float64Array(width);
    this.count = new Float64Array(width);
  }

  /** True where no column has more than one sample: what is drawn are the values themselves. */
  get exact(): boolean {
    return this.count.every((n) => n <= 1) && this.count.some((n) => n > 0);
  }

  /** Without so many columns on both sides. */
  inner(px: number): PixelColumns {
    if (px === 0) return this;
    const part = new PixelColumns(Math.max(0, this.width - 2 * px));
    for (const name of ['fill', 'min', 'max', 'mean', 'count'] as const) part[name].set(this[name].subarray(px, px + part.width));
    return part;
  }

  extent(): { readonly min: number; readonly max: number } | null {
    let min = Infinity;
    let max = -Infinity;
    for (let x = 0; x < this.width; x++) {
      if (this.fill[x] !== Fill.Data) continue;
      min = Math.min(min, this.min[x] ?? Infinity);
      max = Math.max(max, this.max[x] ?? -Infinity);
    }
    return min <= max ? { min, max } : null;
  }
}

export interface ColumnRequest {
  readonly scale: TimeScale;
  readonly tiles: readonly (Tile | null)[];
  /** Start of the first tile and width of each, ms. */
  readonly tilesFrom: number;
  readonly tileMs: number;
  /** How often a reading is due; 0 = a wave or an aperiodic value. */
  readonly periodMs: number;
  readonly now: number;
}

export function buildColumns({ scale, tiles, tilesFrom, tileMs, periodMs, now }: ColumnRequest): PixelColumns {
  const columns = new PixelColumns(scale.widthPx);
  tiles.forEach((tile, i) => {
    if (tile === null) markLoading(columns, scale, tilesFrom + i * tileMs, tileMs);
    else mergeTile(columns, scale, tile);
  });
  for (let x = 0; x < columns.width; x++) {
    if ((columns.count[x] ?? 0) > 0) columns.mean[x] = (columns.mean[x] ?? 0) / (columns.count[x] ?? 1);
  }
  hold(columns, periodMs, scale.msPerPx);
  const future = Math.max(0, scale.column(settledUntil(columns, scale, now)) + 1);
  for (let x = future; x < columns.width; x++) if (columns.fill[x] !== Fill.Data) columns.fill[x] = Fill.Future;
  return columns;
}

/** What follows the newest data is a gap only once it would count as lost; until then it is still to come. */
function settledUntil(columns: PixelColumns, scale: TimeScale, now: number): number {
  let last = columns.width - 1;
  while (last >= 0 && columns.fill[last] !== Fill.Data && columns.fill[last] !== Fill.Held) last--;
  const newest = scale.time(last + 1);
  return last >= 0 && now - newest <= LATE_MS ? Math.min(now, newest - scale.msPerPx) : now;
}

function markLoading(columns: PixelColumns, scale: TimeScale, from: number, width: number): void {
  const first = Math.max(0, scale.column(from));
  const last = Math.min(columns.width, scale.column(from + width));
  for (let x = first; x < last; x++) columns.fill[x] = Fill.Loading;
}

function mergeTile(columns: PixelColumns, scale: TimeScale, tile: Tile): void {
  let begin = scale.column(tile.start);
  for (let i = 0; i < tile.count.length; i++) {
    const n = tile.count[i] ?? 0;
    const first = begin;
    begin = scale.column(tile.start + (i + 1) * tile.columnMs);
    if (n === 0 || begin < 0) continue;
    if (first >= columns.width) return;
    const end = Math.max(first + 1, begin);
    for (let x = Math.max(0, first); x < end && x < columns.width; x++) {
      columns.fill[x] = Fill.Data;
      columns.min[x] = Math.min(columns.min[x] ?? Infinity, tile.min[i] ?? Infinity);
      columns.max[x] = Math.max(columns.max[x] ?? -Infinity, tile.max[i] ?? -Infinity);
      columns.mean[x] = (columns.mean[x] ?? 0) + (tile.mean[i] ?? 0) * n;
      columns.count[x] = (columns.count[x] ?? 0) + n;
    }
  }
}

/** Two readings with at most this many periods between them follow one another: a device is not punctual, but none is missing. */
const FOLLOWS = 1.5;
const MISSED = 2;

/** Columns before and after a chart whose readings may stand within it. */
export const standPx = (periodMs: number, msPerPx: number): number => Math.ceil((FOLLOWS * periodMs) / msPerPx) + 2;

/** A reading stands for its own period, and until the next one where that follows. Where one was missed, what is after the period is a gap. */
function hold(columns: PixelColumns, periodMs: number, msPerPx: number): void {
  if (periodMs <= 0) return;
  // A reading is somewhere in its column: what could be two periods apart is not bridged.
  const follows = Math.max(periodMs, Math.min(FOLLOWS * periodMs, MISSED * periodMs - 2 * msPerPx)) / msPerPx;
  const own = Math.ceil(periodMs / msPerPx);
  let last = -1;
  for (let x = 0; x <= columns.width; x++) {
    if (x < columns.width && columns.fill[x] !== Fill.Data) continue;
    if (last >= 0) stand(columns, last, x < columns.width && x - last - 1 <= follows ? x : Math.min(x, last + 1 + own));
    last = x;
  }
}

function stand(columns: PixelColumns, from: number, to: number): void {
  for (let x = from + 1; x < to; x++) {
    if (columns.fill[x] !== Fill.None) continue;
    columns.fill[x] = Fill.Held;
    columns.mean[x] = columns.mean[from] ?? 0;
  }
}

/** The middle of the tile column in [from, to) whose minimum or maximum lies furthest from the mean of all; null = a tile is on its way, or there is nothing. */
export function extremeIn(tiles: readonly (Tile | null)[], from: number, to: number): number | null {
  let [sum, count] = [0, 0];
  const inside: { readonly time: number; readonly min: number; readonly max: number }[] = [];
  for (const tile of tiles) {
    if (tile === null) return null;
    for (let i = Math.max(0, Math.floor((from - tile.start) / tile.columnMs)); i < tile.count.length && tile.start + i * tile.columnMs < to; i++) {
      const n = tile.count[i] ?? 0;
      if (n === 0) continue;
      sum += (tile.mean[i] ?? 0) * n;
      count += n;
      inside.push({ time: tile.start + (i + 0.5) * tile.columnMs, min: tile.min[i] ?? 0, max: tile.max[i] ?? 0 });
    }
  }
  if (count === 0) return null;
  const mean = sum / count;
  const off = (one: (typeof inside)[number]): number => Math.max(one.max - mean, mean - one.min);
  return inside.reduce((best, one) => (off(one) > off(best) ? one : best)).time;
}
