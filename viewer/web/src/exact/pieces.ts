import { nsToMs, utcNs, type UtcMs, type UtcNs } from '../base/time.ts';
import { decodeBlock, type SampleBlock } from '../wire/block.ts';
import { splitBlocks } from '../wire/frame.ts';
import { isUsable } from '../wire/validity.ts';

// Samples exactly as the store has them: cut out of blocks, never resampled.

const NS_PER_S = 1_000_000_000n;
/** Two samples belong together when the second comes within half a period of when it was due. */
const JOIN = 0.5;

/** A run of samples at one period and scale, ascending. Sample i was taken at start + i × period. */
export interface Piece {
  readonly startNs: UtcNs;
  /** The same in ms; lossy below a quarter microsecond, which is far below a pixel. */
  readonly start: UtcMs;
  readonly periodMs: number;
  readonly raw: Int32Array;
  readonly gain: number;
  readonly offset: number;
  /** False: the device has not told the scale, values are raw counts. */
  readonly scaled: boolean;
  /** 1 where the device had no usable value. Null = all are usable. */
  readonly holes: Uint8Array | null;
  readonly epoch: number;
  /** Half-width of the interval that holds the true time; null = unknown. */
  readonly uncertaintyUs: number | null;
  /** What the device's own counter read at the first sample; null = it has none. */
  readonly deviceNs: bigint | null;
}

export const timeOf = (piece: Piece, i: number): number => piece.start + i * piece.periodMs;
export const valueOf = (piece: Piece, i: number): number => (piece.raw[i] ?? 0) * piece.gain + piece.offset;
export const isHole = (piece: Piece, i: number): boolean => piece.holes?.[i] === 1;
export const endOf = (piece: Piece): number => timeOf(piece, piece.raw.length);

/** True when nothing is missing between the two, and both mean the same by a count. */
export function joins(before: Piece, after: Piece): boolean {
  return Math.abs(after.start - endOf(before)) < JOIN * before.periodMs && before.scaled === after.scaled;
}

/** Samples of a block that lie in [from, to), exactly, so that ranges that touch have each sample once. Null = none. */
export function cut(block: SampleBlock, from: UtcNs, to: UtcNs): Piece | null {
  const numerator = BigInt(block.numerator) * NS_PER_S;
  const denominator = BigInt(block.denominator);
  const indexAt = (time: UtcNs): number => {
    const distance = (time - block.start) * denominator;
    return distance <= 0n ? 0 : Number((distance + numerator - 1n) / numerator);
  };
  const first = indexAt(from);
  const end = Math.min(block.raw.length, indexAt(to));
  if (end <= first) return null;
  const before = (BigInt(first) * numerator) / denominator;
  const startNs = utcNs(block.start + before);
  return {
    startNs,
    start: nsToMs(startNs),
    periodMs: (block.numerator / block.denominator) * 1000,
    raw: block.raw.subarray(first, end),
    gain: block.scale?.gain ?? 1,
    offset: block.scale?.offset ?? 0,
    scaled: block.scale !== null,
    holes: holesOf(block, first, end),
    epoch: block.clockEpoch,
    uncertaintyUs: block.uncertaintyUs,
    deviceNs: block.deviceNs === null ? null : block.deviceNs + before,
  };
}

function holesOf(block: SampleBlock, first: number, end: number): Uint8Array | null {
  let holes: Uint8Array | null = null;
  for (const run of block.validity) {
    if (isUsable(run.validity)) continue;
    const [from, to] = [Math.max(first, run.start), Math.min(end, run.start + run.length)];
    if (to <= from) continue;
    holes ??= new Uint8Array(end - first);
    holes.fill(1, from - first, to - first);
  }
  return holes;
}

export interface Read {
  readonly pieces: readonly Piece[];
  /** Blocks that could not be read. */
  readonly faults: number;
}

/** The answer of `/samples` in its binary form, cut to [from, to) and ascending. */
export function readPieces(body: Uint8Array, signal: number, from: UtcNs, to: UtcNs): Read {
  const pieces: Piece[] = [];
  let faults = 0;
  for (const bytes of splitBlocks(body)) {
    const block = bytes === null ? null : decodeBlock(bytes);
    if (block === null || !block.ok) {
      faults++;
      continue;
    }
    if (block.value.kind !== 'samples' || block.value.signal !== signal) continue;
    const piece = cut(block.value, from, to);
    if (piece !== null) pieces.push(piece);
  }
  pieces.sort((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  return { pieces, faults };
}

export interface Summary {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

/** Of the usable samples in [from, to). */
export function summaryOf(pieces: readonly Piece[], from: number, to: number): Summary {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (const piece of pieces) {
    const first = Math.max(0, Math.ceil((from - piece.start) / piece.periodMs));
    const end = Math.min(piece.raw.length, Math.ceil((to - piece.start) / piece.periodMs));
    for (let i = first; i < end; i++) {
      if (isHole(piece, i)) continue;
      const value = valueOf(piece, i);
      count++;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return count === 0 ? { count, min: null, mean: null, max: null } : { count, min, mean: sum / count, max };
}

export interface Sample {
  readonly time: number;
  /** Null: the device had no usable value there. */
  readonly value: number | null;
  readonly piece: Piece;
  readonly index: number;
}

/** The sample taken nearest to an instant, at most half a period away; null = a gap. Nothing is made up between two. */
export function sampleAt(pieces: readonly Piece[], time: number): Sample | null {
  let best: Sample | null = null;
  for (const piece of pieces) {
    if (time < piece.start - piece.periodMs || time > endOf(piece)) continue;
    const index = Math.min(piece.raw.length - 1, Math.max(0, Math.round((time - piece.start) / piece.periodMs)));
    const at = timeOf(piece, index);
    const distance = Math.abs(at - time);
    if (distance > JOIN * piece.periodMs * 1.001 || (best !== null && distance >= Math.abs(best.time - time))) continue;
    best = { time: at, value: isHole(piece, index) ? null : valueOf(piece, index), piece, index };
  }
  return best;
}

/** The instant of the sample that lies `steps` samples on, over gaps too; the instant itself where there are none. */
export function stepFrom(pieces: readonly Piece[], time: number, steps: number): number {
  const here = sampleAt(pieces, time);
  const period = here?.piece.periodMs ?? pieces[0]?.periodMs ?? 1;
  if (here !== null && here.index + steps >= 0 && here.index + steps < here.piece.raw.length) return timeOf(here.piece, here.index + steps);
  const wanted = (here?.time ?? time) + steps * period;
  const there = sampleAt(pieces, wanted);
  if (there !== null) return there.time;
  // Into a gap: on to its other side, where there is one.
  const edges = pieces.flatMap((piece) => [piece.start, timeOf(piece, piece.raw.length - 1)]);
  const beyond = edges.filter((edge) => (steps > 0 ? edge >= wanted : edge <= wanted));
  return beyond.length === 0 ? wanted : steps > 0 ? Math.min(...beyond) : Math.max(...beyond);
}
