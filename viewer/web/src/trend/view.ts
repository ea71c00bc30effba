import { Cell } from '../base/cell.ts';
import { TimeScale } from '../base/time_scale.ts';

const HOUR_MS = 3_600_000;
const LEAST_SPAN_MS = 30_000;
const MOST_SPAN_MS = 40 * 24 * HOUR_MS;
/** Share of the width that stays free right of now while following. */
const LEAD = 0.01;

export const SPANS_H = [1, 6, 24, 72, 168, 720] as const;

export interface Cursors {
  readonly a: number | null;
  readonly b: number | null;
  /** The one that was placed last: what is to be seen closer. */
  readonly last: 'a' | 'b';
}

const NO_CURSORS: Cursors = { a: null, b: null, last: 'a' };

/** What part of the past is shown, and the two cursors. */
export class TrendView {
  readonly scale: Cell<TimeScale>;
  readonly following = new Cell(true);
  readonly cursors = new Cell<Cursors>(NO_CURSORS);
  /** Which cursor the next touch places: A, then B, then the nearer of the two, unless a person chose. */
  readonly placing = new Cell<'a' | 'b' | 'near'>('a');
  /** A cursor that a key has placed gets the focus once it is drawn. */
  focusNext: 'a' | 'b' | null = null;

  constructor(spanH: number, now: number, private widthPx: number) {
    this.scale = new Cell(TimeScale.over(now - spanH * HOUR_MS, now, widthPx));
  }

  get spanH(): number {
    return this.scale.value.spanMs / HOUR_MS;
  }

  resize(widthPx: number, now: number): void {
    if (widthPx === this.widthPx || widthPx <= 0) return;
    this.widthPx = widthPx;
    this.scale.set(this.scale.value.resized(widthPx));
    this.keepUp(now);
  }

  show(spanH: number, now: number): void {
    const span = spanH * HOUR_MS;
    const end = this.following.value ? now + span * LEAD : Math.min(now + span * LEAD, this.scale.value.end);
    this.scale.set(TimeScale.over(end - span, end, this.widthPx));
  }

  /** So many hours that end at an instant. */
  showUntil(spanH: number, end: number): void {
    this.following.set(false);
    this.scale.set(TimeScale.over(end - spanH * HOUR_MS, end, this.widthPx));
  }

  /** Brings an instant into the middle. */
  centre(time: number, now: number): void {
    this.pan(this.scale.value.px(time) - this.scale.value.widthPx / 2, now);
  }

  follow(now: number): void {
    this.following.set(true);
    this.keepUp(now);
  }

  /** Moves with time, by whole pixels, while following. */
  keepUp(now: number): void {
    if (!this.following.value) return;
    const { value } = this.scale;
    const shift = Math.floor((now + value.spanMs * LEAD - value.end) / value.msPerPx);
    if (shift !== 0) this.scale.set(value.panned(shift));
  }

  pan(px: number, now: number): void {
    const next = this.scale.value.panned(px);
    const late = next.end - (now + next.spanMs * 0.5);
    this.following.set(false);
    this.scale.set(late > 0 ? next.panned(-Math.ceil(late / next.msPerPx)) : next);
  }

  zoom(factor: number, atPx: number, now: number): void {
    const { value } = this.scale;
    // While following, now is what must stay in its place.
    const at = this.following.value ? value.px(now) : atPx;
    this.scale.set(value.zoomed(factor, at, LEAST_SPAN_MS / value.widthPx, MOST_SPAN_MS / value.widthPx));
    this.keepUp(now);
  }

  toStart(): void {
    this.following.set(false);
    this.scale.set(this.scale.value.panned(-this.scale.value.widthPx));
  }

  place(px: number): void {
    const time = this.scale.value.time(px);
    const { a, b } = this.cursors.value;
    const which = this.placing.value !== 'near' ? this.placing.value : Math.abs((a ?? time) - time) <= Math.abs((b ?? time) - time) ? 'a' : 'b';
    this.cursors.set({ a, b, [which]: time, last: which });
    this.placing.set(this.cursors.value.a === null ? 'a' : this.cursors.value.b === null ? 'b' : 'near');
  }

  /** Moves a cursor that stands by some pixels, within what is shown. */
  nudge(name: 'a' | 'b', px: number): void {
    const time = this.cursors.value[name];
    if (time === null) return;
    const { value } = this.scale;
    this.cursors.set({ ...this.cursors.value, [name]: value.time(Math.min(value.widthPx, Math.max(0, value.px(time) + px))), last: name });
  }

  clear(): void {
    this.cursors.set(NO_CURSORS);
    this.placing.set('a');
  }
}

const TICK_STEPS_MS = [1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000];
const LEAST_TICK_PX = 84;

/** Distance of the time ticks: round, and wide enough for their labels. */
export function tickStep(scale: TimeScale, ratio: number): number {
  return TICK_STEPS_MS.find((step) => step / scale.msPerPx >= LEAST_TICK_PX * ratio) ?? 604_800_000;
}
