import { Fill, type PixelColumns } from './columns.ts';

export interface LanePaint {
  readonly columns: PixelColumns;
  readonly low: number;
  readonly high: number;
  /** #rrggbb */
  readonly colour: string;
  readonly ratio: number;
  /** A value that comes when it comes: drawn as marks, its absence is no gap. */
  readonly aperiodic: boolean;
  /** Columns of the time ticks. */
  readonly grid: readonly number[];
  /** Keeps the hatching on the data while the chart is panned. */
  readonly phase: number;
}

const GRID = 0x1e262c;
const HATCH = 0x3a434a;
const LOADING = 0x0b0f12;
const FUTURE = 0x07090b;
const HATCH_STEP = 8;
/** What a column draws may reach over this many others, CSS px: a lane is painted with as much more on both sides, so that its edges change nothing. */
export const BLEED = 4;

/** Opaque pixel in the byte order of ImageData. */
const pixel = (rgb: number): number => (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;

function shade(rgb: number, share: number): number {
  const part = (shift: number): number => Math.round(((rgb >>> shift) & 0xff) * share) << shift;
  return part(16) | part(8) | part(0);
}

/** One lane as pixels: min to max of every column as a band, the mean as a line, gaps hatched. */
export function paintLane(image: ImageData, lane: LanePaint): void {
  const data = new Uint32Array(image.data.buffer);
  const { width, height } = image;
  const { columns } = lane;
  const rgb = Number.parseInt(lane.colour.slice(1), 16);
  const [line, band] = [pixel(rgb), pixel(shade(rgb, 0.55))];
  const [grid, hatch, loading, future, ground] = [pixel(GRID), pixel(HATCH), pixel(LOADING), pixel(FUTURE), pixel(0)];
  const ticks = new Set(lane.grid);
  const thick = Math.max(1, Math.round(1.5 * lane.ratio));
  const step = HATCH_STEP * Math.max(1, Math.round(lane.ratio));
  const phase = ((lane.phase % step) + step) % step;
  const pad = Math.round(3 * lane.ratio);
  const yOf = (value: number): number => {
    const share = (value - lane.low) / (lane.high - lane.low);
    return Math.round(pad + (height - 1 - 2 * pad) * (1 - Math.min(1, Math.max(0, share))));
  };
  // What lies behind is the same in every row, and rows are what is quick to write.
  const behind = new Uint32Array(width);
  for (let x = 0; x < width; x++) {
    const fill = columns.fill[x] ?? Fill.None;
    behind[x] = ticks.has(x) ? grid : fill === Fill.Future ? future : fill === Fill.Loading ? loading : ground;
  }
  for (let y = 0; y < height; y++) data.set(behind, y * width);
  let meanBefore = -1;
  for (let x = 0; x < width; x++) {
    const fill = columns.fill[x] ?? Fill.None;
    if (fill === Fill.None && !lane.aperiodic) for (let y = (step - ((x + phase) % step)) % step; y < height; y += step) data[y * width + x] = hatch;
    if (fill !== Fill.Data && fill !== Fill.Held) {
      meanBefore = -1;
      continue;
    }
    const mean = yOf(columns.mean[x] ?? 0);
    if (fill === Fill.Data) {
      const top = yOf(columns.max[x] ?? 0);
      const bottom = yOf(columns.min[x] ?? 0);
      for (let y = top; y <= bottom; y++) data[y * width + x] = band;
      if (lane.aperiodic) mark(data, width, height, x, mean, Math.round(3 * lane.ratio), line);
    }
    // The line steps from one column's mean to the next: both are real, nothing lies between them.
    const from = meanBefore < 0 ? mean : Math.min(meanBefore, mean);
    const to = meanBefore < 0 ? mean : Math.max(meanBefore, mean);
    for (let y = from; y < Math.min(height, to + thick); y++) data[y * width + x] = line;
    meanBefore = mean;
  }
}

function mark(data: Uint32Array, width: number, height: number, x: number, y: number, radius: number, colour: number): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) data[(y + dy) * width + x + dx] = colour;
    }
  }
}
