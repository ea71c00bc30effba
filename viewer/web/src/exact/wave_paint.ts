import type { TimeScale } from '../base/time_scale.ts';
import { isHole, timeOf, valueOf, type Piece } from './pieces.ts';
import { Fill, type WaveColumns } from './wave_columns.ts';
import type { WaveRange } from './wave_range.ts';

/** Neutral colours of paper, hatching and what is not known yet. */
export interface Inks {
  readonly minor: string;
  readonly major: string;
  readonly hatch: string;
  readonly future: string;
  readonly note: string;
  readonly ground: string;
}

export const DAY: Inks = { minor: '#11171b', major: '#262f36', hatch: '#39424a', future: '#07090b', note: '#aab4bb', ground: '#000000' };
export const NIGHT: Inks = { minor: '#0e0d0c', major: '#211f1c', hatch: '#2e2c29', future: '#060605', note: '#928f8a', ground: '#000000' };

const MAJOR = 5;
const HATCH_STEP = 8;
const LINE = 1.6;
const LEAST_NOTE_PX = 120;
/** From this many pixels between samples on, each is marked by a dot. */
export const DOT_PX = 5;

interface Ground {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly scale: TimeScale;
  readonly range: WaveRange;
  readonly msPerMm: number;
  readonly pxPerMm: number;
  readonly ratio: number;
  readonly inks: Inks;
  readonly columns: WaveColumns;
  /** Why data are missing at an instant; empty = not known. */
  readonly causeAt: (time: number) => string;
}

export const yOf = (value: number, range: WaveRange, height: number): number => height * (1 - (value - range.low) / (range.high - range.low));

/** Paper, gaps and what has not come yet: everything behind the trace. */
export function paintGround({ context, width, height, scale, range, msPerMm, pxPerMm, ratio, inks, columns, causeAt }: Ground): void {
  context.fillStyle = inks.ground;
  context.fillRect(0, 0, width, height);
  const line = Math.max(1, Math.floor(ratio));
  // One line each millimetre, a stronger one each five, at the same instants in every lane and wherever the chart was panned.
  for (const [step, ink] of [[1, inks.minor], [MAJOR, inks.major]] as const) {
    if (step * pxPerMm < 3 * ratio) continue;
    context.fillStyle = ink;
    const ms = step * msPerMm;
    for (let k = Math.ceil(scale.start / ms); k * ms < scale.end; k++) context.fillRect(Math.floor(scale.px(k * ms)), 0, line, height);
    const per = range.perMm === null ? (range.high - range.low) / (step === MAJOR ? 2 : 4) : step * range.perMm;
    for (let k = Math.ceil(range.low / per - 1e-9); k * per <= range.high + 1e-9 * per; k++) context.fillRect(0, Math.min(height - line, Math.round(yOf(k * per, range, height))), width, line);
  }
  for (const { from, to } of columns.runs(Fill.Future)) {
    context.fillStyle = inks.future;
    context.fillRect(from, 0, to - from, height);
  }
  for (const { from, to } of columns.runs(Fill.Gap)) {
    hatch(context, from, to, height, scale.startPx, ratio, inks);
    const cause = to - from >= LEAST_NOTE_PX * ratio ? causeAt(scale.time((from + to) / 2)) : '';
    if (cause !== '') note(context, cause, (from + to) / 2, height, ratio, inks);
  }
}

function hatch(context: CanvasRenderingContext2D, from: number, to: number, height: number, phase: number, ratio: number, inks: Inks): void {
  const step = HATCH_STEP * ratio;
  context.save();
  context.beginPath();
  context.rect(from, 0, to - from, height);
  context.clip();
  context.fillStyle = inks.ground;
  context.fillRect(from, 0, to - from, height);
  context.strokeStyle = inks.hatch;
  context.lineWidth = ratio;
  context.beginPath();
  const offset = ((phase % step) + step) % step;
  for (let x = from - height - step; x < to + step; x += step) {
    const at = Math.floor(x / step) * step - offset;
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
  context.restore();
}

function note(context: CanvasRenderingContext2D, text: string, x: number, height: number, ratio: number, inks: Inks): void {
  context.font = `${13 * ratio}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const half = context.measureText(text).width / 2 + 6 * ratio;
  context.fillStyle = inks.ground;
  context.fillRect(x - half, height / 2 - 11 * ratio, 2 * half, 22 * ratio);
  context.fillStyle = inks.note;
  context.fillText(text, x, height / 2);
}

interface Trace {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly scale: TimeScale;
  readonly range: WaveRange;
  readonly ratio: number;
  readonly colour: string;
  readonly inks: Inks;
  readonly columns: WaveColumns;
  readonly pieces: readonly Piece[];
}

/** The trace alone, on a canvas of its own that is clear elsewhere. What passes an edge is drawn on it, and the edge says so. */
export function paintTrace({ context, width, height, scale, range, ratio, colour, inks, columns, pieces }: Trace): void {
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  const thick = LINE * ratio;
  const edge = (y: number): number => Math.min(height - thick / 2, Math.max(thick / 2, y));
  const outside: number[] = [];
  for (let x = 0; x < width; x++) {
    if (columns.fill[x] !== Fill.Data) continue;
    const [low, high] = [columns.min[x] as number, columns.max[x] as number];
    const top = edge(yOf(high, range, height));
    const bottom = edge(yOf(low, range, height));
    context.fillRect(x, top - thick / 2, 1, bottom - top + thick);
    if (high > range.high || low < range.low) outside.push(x);
  }
  dots(context, { scale, range, height, ratio, pieces });
  context.fillStyle = inks.note;
  for (const x of columns.breaks) context.fillRect(x, 0, Math.max(1, ratio), 7 * ratio);
  // One wedge for a run of columns that leave the lane.
  let last = -Infinity;
  for (const x of outside) {
    if (x - last > 24 * ratio) wedge(context, x, (columns.max[x] as number) > range.high ? 0 : height, ratio);
    last = x;
  }
}

function wedge(context: CanvasRenderingContext2D, x: number, y: number, ratio: number): void {
  const into = y === 0 ? 1 : -1;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 6 * ratio, y + into * 8 * ratio);
  context.lineTo(x + 6 * ratio, y + into * 8 * ratio);
  context.fill();
}

/** Where samples are far enough apart to be told from one another, each is a dot on the stroke. */
function dots(context: CanvasRenderingContext2D, { scale, range, height, ratio, pieces }: Pick<Trace, 'scale' | 'range' | 'height' | 'ratio' | 'pieces'>): void {
  const side = 4 * ratio;
  for (const piece of pieces) {
    if (piece.periodMs / scale.msPerPx < DOT_PX * ratio) continue;
    const first = Math.max(0, Math.floor((scale.start - piece.start) / piece.periodMs));
    const end = Math.min(piece.raw.length, Math.ceil((scale.end - piece.start) / piece.periodMs) + 1);
    for (let i = first; i < end; i++) {
      if (!isHole(piece, i)) context.fillRect(scale.px(timeOf(piece, i)) - side / 2, yOf(valueOf(piece, i), range, height) - side / 2, side, side);
    }
  }
}
