// Runs in the browser: draws made-up signals with gaps through the page's own painters on real canvases, and looks for ink where nothing was measured.
import { TimeScale } from '../src/base/time_scale.ts';
import { utcNs } from '../src/base/time.ts';
import { cut, type Piece } from '../src/exact/pieces.ts';
import { PLOT_MM, stripTrace } from '../src/exact/strip.ts';
import { waveColumns } from '../src/exact/wave_columns.ts';
import { DAY, DOT_PX, paintTrace } from '../src/exact/wave_paint.ts';
import { Lane, type Pen } from '../src/sweep/lane.ts';
import { buildColumns, standPx } from '../src/trend/columns.ts';
import { BLEED, paintLane } from '../src/trend/paint.ts';
import { levelFor } from '../src/trend/tile_cache.ts';
import type { SampleBlock } from '../src/wire/block.ts';
import { columnMs, decodeTile, tileMs, type Tile } from '../src/wire/tile.ts';
import { Validity } from '../src/wire/validity.ts';
import { encodeTile } from './encode.mjs';

export interface Seen {
  readonly columns: number;
  readonly inked: number;
  /** The first column with ink in a gap; empty = none. */
  readonly where: string;
}

const T0 = 1_790_000_000_000;
const COLOUR = '#00ff00';

function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where something was measured: from the first to the last of a run of samples that nothing is missing between. */
interface Run {
  readonly from: number;
  readonly to: number;
}

interface MadeWave {
  readonly blocks: readonly SampleBlock[];
  readonly runs: readonly Run[];
  readonly periodMs: number;
  readonly end: number;
}

/** A wave of some rate in blocks of any length, with holes between blocks and unusable samples within. */
function wave(next: () => number, lengthMs: number): MadeWave {
  const hertz = [62, 100, 125, 250, 500][Math.floor(next() * 5)] ?? 250;
  const periodMs = 1000 / hertz;
  const blocks: SampleBlock[] = [];
  const runs: { from: number; to: number }[] = [];
  let usable = -2;
  let index = 0;
  const timeOf = (i: number): number => T0 + i * periodMs;
  while (index * periodMs < lengthMs) {
    const count = 1 + Math.floor(next() * hertz);
    const raw = Int32Array.from({ length: count }, (_, i) => Math.round(400 * Math.sin((index + i) * periodMs * 0.006) + 300 * (next() - 0.5)));
    const validity = next() < 0.3 ? [{ start: Math.floor(next() * count), length: 1 + Math.floor(next() * 40), validity: Validity.NotAvailable }] : [];
    blocks.push({
      kind: 'samples', signal: 7, start: utcNs(BigInt(Math.round(timeOf(index) * 1e6))), end: utcNs(BigInt(Math.round(timeOf(index + count) * 1e6))), uncertaintyUs: 500, clockEpoch: 3,
      deviceNs: null, firstIndex: BigInt(index), numerator: 1, denominator: hertz, scale: { gain: 1, offset: 0 }, raw, validity, codec: 1,
    });
    for (let i = 0; i < count; i++) {
      if (validity.some((run) => i >= run.start && i < run.start + run.length)) continue;
      const last = runs.at(-1);
      if (last !== undefined && usable === index + i - 1) last.to = timeOf(index + i);
      else runs.push({ from: timeOf(index + i), to: timeOf(index + i) });
      usable = index + i;
    }
    index += count;
    // A hole, of one sample or of seconds.
    if (next() < 0.4) index += 1 + Math.floor(Math.exp(next() * Math.log(4 * hertz)));
  }
  return { blocks, runs, periodMs, end: timeOf(index) };
}

/** Columns that no run reaches into, with so many to spare; null = ink is allowed. `timeOf` is the time at the left edge of a column. */
function look(name: string, image: ImageData, runs: readonly Run[], spare: number, timeOf: (x: number) => number | null, allowed: (x: number, y: number) => boolean = () => false, least = 90): Seen {
  let [columns, inked, where] = [0, 0, ''];
  for (let x = 0; x < image.width; x++) {
    const [from, to] = [timeOf(x - spare), timeOf(x + 1 + spare)];
    if (from === null || to === null || runs.some((run) => run.to >= from && run.from <= to)) continue;
    columns++;
    for (let y = 0; y < image.height; y++) {
      const at = (y * image.width + x) * 4;
      const strength = Math.max(image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0) * ((image.data[at + 3] ?? 0) / 255);
      if (strength <= least || allowed(x, y)) continue;
      inked++;
      where ||= `${name}: column ${x}, row ${y}, ${timeOf(x)}`;
      break;
    }
  }
  return { columns, inked, where };
}

const picture = (context: OffscreenCanvasRenderingContext2D): ImageData => context.getImageData(0, 0, context.canvas.width, context.canvas.height);

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  return context;
}

/** The live sweep, frame by frame, blocks coming as a device sends them; then the frozen picture. */
export function sweep(seed: number): Seen[] {
  const next = randomOf(seed);
  const made = wave(next, 12_000 + next() * 20_000);
  const ratio = [1, 1, 1.5, 2][Math.floor(next() * 4)] ?? 1;
  const width = Math.round((300 + next() * 700) * ratio);
  const height = Math.round(70 * ratio);
  const context = contextOf(width, height);
  const speed = ([6.25, 25, 50] as const)[Math.floor(next() * 3)] ?? 25;
  const pen: Pen = { context: context as unknown as Pen['context'], ratio, pxPerMm: 3.78, widthPx: width, grey: '#a9b0b6' };
  const origin = T0 - next() * 5000;
  const lane = new Lane({ number: 7, device: 'd', top: 0, height: 70, speed, colour: COLOUR, displayMin: -1, displayMax: 1 }, origin);
  const pxPerMs = (speed * pen.pxPerMm * ratio) / 1000;
  const delay = 300 + next() * 700;
  let sent = 0;
  let time = T0;
  let checked = T0;
  const stop = T0 + (0.4 + 0.6 * next()) * (made.end - T0);
  while (time < stop) {
    time += next() < 0.02 ? 400 : 4 + next() * 30;
    while (sent < made.blocks.length && Number((made.blocks[sent] as SampleBlock).end) / 1e6 <= time + delay) lane.ring.push(made.blocks[sent++] as SampleBlock, false);
    if (time - checked > 1000) {
      checked = time;
      if (lane.range.check()) lane.redraw(pen, time);
    }
    lane.step(pen, time);
  }
  const head = (time - origin) * pxPerMs;
  const spare = Math.ceil(1.6 * ratio) + 1;
  // Each column shows the newest turn that the pen has been over it; the erased part before the pen shows nothing.
  const erased = Math.ceil(4 * pen.pxPerMm * ratio);
  const turn = Math.floor(head / width);
  const timeOf = (x: number): number | null => {
    const at = x + turn * width <= head + spare ? x + turn * width : x + (turn - 1) * width;
    return at < head - width + erased + 2 * spare ? null : origin + at / pxPerMs;
  };
  const live = look(`sweep ${seed}`, picture(context), made.runs, spare, timeOf);
  lane.still(pen, lane.ring.copy(), time);
  const frozen = look(`frozen ${seed}`, picture(context), made.runs, spare, (x) => time - (width - x) / pxPerMs);
  return [live, frozen];
}

const piecesOf = (made: MadeWave): Piece[] => made.blocks.flatMap((block) => cut(block, utcNs(0n), utcNs(1n << 62n)) ?? []);

/** Exact waves at every speed. */
export function exact(seed: number): Seen[] {
  const next = randomOf(seed + 500_000);
  const made = wave(next, 8_000 + next() * 30_000);
  const ratio = [1, 1.5, 2][Math.floor(next() * 3)] ?? 1;
  const width = Math.round(900 * ratio);
  const speed = [5, 12.5, 25, 50, 100, 200, 500][Math.floor(next() * 7)] ?? 25;
  const msPerPx = 1000 / (speed * 3.78 * ratio);
  const scale = new TimeScale(T0 - 500 + next() * Math.max(0, made.end - T0 - width * msPerPx + 1000), msPerPx, width);
  const pieces = piecesOf(made);
  const columns = waveColumns({ pieces, scale, loaded: () => true, now: made.end + 1e6 });
  const context = contextOf(width, 120);
  paintTrace({ context: context as unknown as CanvasRenderingContext2D, width, height: 120, scale, range: { low: -1000, high: 1000, perMm: null }, ratio, colour: COLOUR, inks: DAY, columns, pieces });
  const dotted = made.periodMs / msPerPx >= DOT_PX * ratio;
  const marks = new Set(columns.breaks.flatMap((x) => [x, x + 1]));
  return [look(`exact ${seed}`, picture(context), made.runs, dotted ? Math.ceil(2 * ratio) + 1 : 1, (x) => scale.time(x), (x, y) => marks.has(x) && y < 8 * ratio)];
}

/** The strip as it is printed, at four pixels a millimetre; and that what is hatched on it holds no sample. */
export function print(seed: number): Seen[] {
  const next = randomOf(seed + 900_000);
  const made = wave(next, 8_000 + next() * 30_000);
  const speed = [12.5, 25, 50][Math.floor(next() * 3)] ?? 25;
  const from = T0 - 500 + next() * 3000;
  const trace = stripTrace(piecesOf(made), from, speed, { low: -1000, high: 1000, perMm: null }, 30);
  const px = 4;
  const context = contextOf(PLOT_MM * px, 30 * px);
  context.scale(px, px);
  context.strokeStyle = COLOUR;
  context.lineWidth = 0.25;
  context.lineJoin = 'round';
  context.stroke(new Path2D(trace.path));
  const timeOf = (x: number): number => from + (x / px / speed) * 1000;
  const ink = look(`print ${seed}`, picture(context), made.runs, 2, timeOf);
  const end = from + (PLOT_MM / speed) * 1000;
  const hatched = trace.gaps.map((gap) => ({ from: from + (gap.from / speed) * 1000 + made.periodMs, to: from + (gap.to / speed) * 1000 - made.periodMs * 0.01 - 0.01 }));
  const wrong = hatched.filter((gap) => gap.to > gap.from && made.runs.some((run) => run.to > gap.from && run.from < Math.min(gap.to, end)));
  return [ink, { columns: 0, inked: wrong.length, where: wrong.length > 0 ? `print ${seed}: hatched over samples at ${wrong[0]?.from}` : '' }];
}

/** Tiles as the box makes them, of readings or samples at given times. */
function tilesOf(level: number, from: number, to: number, times: readonly number[], value: (i: number) => number): { readonly tiles: Tile[]; readonly tilesFrom: number } {
  const width = tileMs(level);
  const tilesFrom = Math.floor(from / width) * width;
  const tiles: Tile[] = [];
  let i = times.findIndex((time) => time >= tilesFrom);
  if (i < 0) i = times.length;
  for (let start = tilesFrom; start < to; start += width) {
    const columns: ({ min: number; max: number; mean: number; count: number } | null)[] = new Array(512).fill(null);
    for (; i < times.length && (times[i] as number) < start + width; i++) {
      const x = Math.floor(((times[i] as number) - start) / columnMs(level));
      const raw = value(i);
      const old = columns[x] ?? null;
      columns[x] = old === null ? { min: raw, max: raw, mean: raw, count: 1 } : { min: Math.min(old.min, raw), max: Math.max(old.max, raw), mean: (old.mean * old.count + raw) / (old.count + 1), count: old.count + 1 };
    }
    const tile = decodeTile(encodeTile({ level, index: Math.round(start / width), gain: 1, offset: 0, columns }).buffer as ArrayBuffer);
    if (!tile.ok) throw new Error(tile.fault);
    tiles.push(tile.value);
  }
  return { tiles, tilesFrom };
}

/** A trend of readings that are not punctual, some of which were missed, at any zoom; and the narrower chart over the waves. */
export function trend(seed: number): Seen[] {
  const next = randomOf(seed + 700_000);
  const period = [1000, 1024, 2000, 5000, 60_000][Math.floor(next() * 5)] ?? 1000;
  const msPerPx = 30 * Math.exp(next() * Math.log(3_000_000 / 30));
  const found: Seen[] = [];
  for (const [name, width] of [['trend', 900], ['quick', 420]] as const) {
    const span = Math.min(width * msPerPx * 1.2, period * 20_000);
    const times: number[] = [];
    const runs: { from: number; to: number }[] = [];
    let time = T0 - span;
    let missed = true;
    while (time < T0) {
      const at = time + (next() - 0.5) * 0.1 * period;
      times.push(at);
      const last = runs.at(-1);
      if (last !== undefined && !missed) last.to = at + period;
      else runs.push({ from: at, to: at + period });
      missed = next() < 0.04;
      time += missed ? period * (1 + Math.floor(Math.exp(next() * Math.log(3000)))) : period;
    }
    const scale = new TimeScale(T0 - span * (0.3 + 0.7 * next()), msPerPx, width);
    const reach = standPx(period, msPerPx);
    const wide = scale.widened(BLEED + reach);
    const level = levelFor(msPerPx);
    const { tiles, tilesFrom } = tilesOf(level, wide.start, wide.end, times, (i) => 60 + ((i * 7919) % 50));
    const columns = buildColumns({ scale: wide, tiles, tilesFrom, tileMs: tileMs(level), periodMs: period, now: T0 }).inner(reach);
    const context = contextOf(width, 60);
    const image = context.createImageData(width + 2 * BLEED, 60);
    paintLane(image, { columns, low: 0, high: 150, colour: COLOUR, ratio: 1, aperiodic: false, grid: [], phase: scale.startPx - BLEED });
    context.putImageData(image, -BLEED, 0);
    found.push(look(`${name} ${seed}`, picture(context), runs, 1, (x) => scale.time(x)));
  }
  return found;
}
