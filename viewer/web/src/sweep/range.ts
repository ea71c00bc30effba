const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const CHECKS_BEFORE_SHRINKING = 12;
const USED_ENOUGH = 0.5;
const LEAST_SHARE = 1 / 12;

/** The smallest "round" number that is not below. */
export function roundUp(value: number): number {
  if (value <= 0) return 0;
  const decade = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((one) => one * decade >= value * 0.999999) ?? 10;
  return Number((step * decade).toPrecision(6));
}

/** The nearest 1, 2 or 5 of a decade that is not below. */
function tickOf(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((one) => one * decade >= value * 0.999999) ?? 10) * decade;
}

/** A round span that covers the values; keeps zero on an edge or inside when the values are near it. */
export function niceRange(min: number, max: number, leastSpan: number): { readonly low: number; readonly high: number } {
  const span = Math.max(max - min, leastSpan);
  if (min >= 0 && min <= 0.4 * max) return { low: 0, high: roundUp(Math.max(max * 1.04, span)) };
  const step = tickOf(span / 10);
  const low = Math.floor((min - 0.04 * span) / step) * step;
  const steps = Math.max(Math.ceil((max + 0.04 * span - low) / step - 1e-9), Math.ceil(span / step - 1e-9));
  return { low: Number(low.toPrecision(6)), high: Number((low + steps * step).toPrecision(6)) };
}

/**
 * What the height of a lane spans. It grows at once when the wave leaves it, and shrinks only after the wave used less than half of it for a
 * while, so that a lane does not breathe. Begins with the display range of the dictionary.
 */
export class LaneRange {
  low: number;
  high: number;
  private readonly leastSpan: number;
  private readonly recent: { min: number; max: number }[] = [];
  private second = { min: Infinity, max: -Infinity };
  private fitted = false;

  constructor(displayMin: number | null, displayMax: number | null) {
    this.low = displayMin ?? 0;
    this.high = displayMax !== null && displayMax > this.low ? displayMax : this.low + 1;
    this.leastSpan = (this.high - this.low) * LEAST_SHARE;
  }

  see(value: number): void {
    if (value < this.second.min) this.second.min = value;
    if (value > this.second.max) this.second.max = value;
  }

  /** Min and max of the last whole second; null = nothing was drawn. */
  get lastSecond(): { readonly min: number; readonly max: number } | null {
    return this.recent.at(-1) ?? null;
  }

  /** To be called once a second; true when the lane must be drawn anew. */
  check(): boolean {
    const seen = this.second;
    this.second = { min: Infinity, max: -Infinity };
    if (seen.min > seen.max) return false;
    this.recent.push(seen);
    if (this.recent.length > CHECKS_BEFORE_SHRINKING) this.recent.shift();
    const min = Math.min(...this.recent.map((one) => one.min));
    const max = Math.max(...this.recent.map((one) => one.max));
    const outside = min < this.low || max > this.high;
    const small = max - min < (this.high - this.low) * USED_ENOUGH && (this.recent.length >= CHECKS_BEFORE_SHRINKING || (!this.fitted && this.recent.length >= 2));
    if (!outside && !small) return false;
    const wanted = niceRange(min, max, this.leastSpan);
    if (wanted.low === this.low && wanted.high === this.high) return false;
    if (!outside && wanted.high - wanted.low > (this.high - this.low) * 0.8) return false;
    this.low = wanted.low;
    this.high = wanted.high;
    this.fitted = true;
    return true;
  }
}
