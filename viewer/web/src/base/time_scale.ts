import { utcMs, type UtcMs } from './time.ts';

const SLACK = 1e-6;

/**
 * Time to pixels of a chart; immutable. The start is kept on the grid of whole pixels since the epoch, so that one instant
 * falls into the same column however the chart was panned.
 */
export class TimeScale {
  readonly startPx: number;

  constructor(start: number, readonly msPerPx: number, readonly widthPx: number) {
    this.startPx = Math.round(start / msPerPx);
  }

  static over(from: number, to: number, widthPx: number): TimeScale {
    return new TimeScale(from, (to - from) / Math.max(1, widthPx), widthPx);
  }

  get start(): UtcMs {
    return utcMs(this.startPx * this.msPerPx);
  }

  get end(): UtcMs {
    return utcMs((this.startPx + this.widthPx) * this.msPerPx);
  }

  get spanMs(): number {
    return this.widthPx * this.msPerPx;
  }

  /** Column that holds the instant; may lie outside of 0 … width - 1. */
  column(time: number): number {
    return Math.floor(time / this.msPerPx + SLACK) - this.startPx;
  }

  /** Exact position, with a fraction. */
  px(time: number): number {
    return time / this.msPerPx - this.startPx;
  }

  time(px: number): UtcMs {
    return utcMs((this.startPx + px) * this.msPerPx);
  }

  panned(px: number): TimeScale {
    return new TimeScale((this.startPx + Math.round(px)) * this.msPerPx, this.msPerPx, this.widthPx);
  }

  /** The same columns and so many more on both sides. */
  widened(px: number): TimeScale {
    return new TimeScale((this.startPx - px) * this.msPerPx, this.msPerPx, this.widthPx + 2 * px);
  }

  /** Factor > 1 shows more time; the instant under `atPx` stays where it is. */
  zoomed(factor: number, atPx: number, leastMsPerPx: number, mostMsPerPx: number): TimeScale {
    const msPerPx = Math.min(mostMsPerPx, Math.max(leastMsPerPx, this.msPerPx * factor));
    return new TimeScale(this.time(atPx) - atPx * msPerPx, msPerPx, this.widthPx);
  }

  resized(widthPx: number): TimeScale {
    return TimeScale.over(this.start, this.end, widthPx);
  }
}

/**
 * Time to the position of an erase-bar sweep. Positions come from time alone, so lanes of one speed stay aligned for ever.
 * A position is absolute (pixels since the origin); the place on the screen is its remainder by the width.
 */
export class SweepScale {
  constructor(readonly origin: number, readonly pxPerMs: number, readonly widthPx: number) {}

  absolute(time: number): number {
    return (time - this.origin) * this.pxPerMs;
  }

  /** Which turn of the sweep; with `x` = absolute - turn × width. */
  turn(absolute: number): number {
    return Math.floor(absolute / this.widthPx);
  }
}
