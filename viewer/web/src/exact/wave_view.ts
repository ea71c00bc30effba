import { Cell } from '../base/cell.ts';
import { TimeScale } from '../base/time_scale.ts';

/** Paper speeds, mm/s: the three of paper strips, wider to look around, and narrower down to single samples. */
export const SPEEDS = [5, 12.5, 25, 50, 100, 200, 500] as const;
export const PAPER_SPEEDS = [12.5, 25, 50] as const;
/** mm/mV of ECG paper. */
export const GAINS = [5, 10, 20] as const;
export type PaperGain = (typeof GAINS)[number];

/** What is loaded and looked over on both sides of the instant. */
export const HALF_WINDOW_MS = 30_000;
const LEAD_MS = 1_000;

export interface Callipers {
  readonly on: boolean;
  readonly one: number;
  readonly two: number;
}

/** What part of the time around an instant is shown, at what paper speed, and where the callipers stand. */
export class WaveView {
  readonly scale: Cell<TimeScale>;
  readonly speed: Cell<number>;
  /** The middle of the window of ±30 s. */
  readonly centre: Cell<number>;
  readonly gain = new Cell<PaperGain>(10);
  readonly callipers: Cell<Callipers>;
  /** Where a pinch or a wheel would be if speeds were not steps. */
  private wanted: number;

  /** `pxPerMm` in pixels of the canvas. */
  constructor(readonly at: number, private readonly pxPerMm: number, private widthPx: number, speed = 25) {
    this.speed = new Cell(speed);
    this.wanted = speed;
    this.centre = new Cell(at);
    this.callipers = new Cell<Callipers>({ on: false, one: at, two: at });
    this.scale = new Cell(this.scaleAround(at, speed, widthPx / 2));
  }

  private msPerPx(speed: number): number {
    return 1000 / (speed * this.pxPerMm);
  }

  private scaleAround(time: number, speed: number, px: number): TimeScale {
    const msPerPx = this.msPerPx(speed);
    return new TimeScale(time - px * msPerPx, msPerPx, this.widthPx);
  }

  get middle(): number {
    return this.scale.value.time(this.scale.value.widthPx / 2);
  }

  resize(widthPx: number): void {
    if (widthPx === this.widthPx || widthPx <= 0) return;
    const middle = this.middle;
    this.widthPx = widthPx;
    this.scale.set(this.scaleAround(middle, this.speed.value, widthPx / 2));
  }

  /** The instant under `px` stays where it is. */
  setSpeed(speed: number, px: number, now: number): void {
    this.wanted = speed;
    const time = this.scale.value.time(px);
    this.speed.set(speed);
    this.take(this.scaleAround(time, speed, px), now);
  }

  /** Factor > 1 shows more time, as in the trends; the speed is the nearest of the steps. */
  zoom(factor: number, px: number, now: number): void {
    const [slowest, fastest] = [SPEEDS[0], SPEEDS[SPEEDS.length - 1] as number];
    this.wanted = Math.min(fastest, Math.max(slowest, this.wanted / factor));
    const distance = (speed: number): number => Math.abs(Math.log(speed / this.wanted));
    const nearest = SPEEDS.reduce<number>((best, one) => (distance(one) < distance(best) ? one : best), slowest);
    if (nearest === this.speed.value) return;
    const { wanted } = this;
    this.setSpeed(nearest, px, now);
    this.wanted = wanted;
  }

  /** One step of the speeds. */
  stepSpeed(steps: number, now: number): void {
    const index = SPEEDS.findIndex((speed) => speed === this.speed.value);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index + steps))];
    if (next !== undefined) this.setSpeed(next, this.widthPx / 2, now);
  }

  pan(px: number, now: number): void {
    this.take(this.scale.value.panned(px), now);
  }

  /** Shows an instant in the middle. */
  show(time: number, now: number): void {
    this.take(this.scaleAround(time, this.speed.value, this.widthPx / 2), now);
  }

  /** A touch on the waves: while the callipers are out, the nearer one comes there. */
  place(px: number): void {
    const { on, one, two } = this.callipers.value;
    if (!on) return;
    const time = this.scale.value.time(px);
    this.callipers.set(Math.abs(one - time) <= Math.abs(two - time) ? { on, one: time, two } : { on, one, two: time });
  }

  /** Takes the callipers out, a third from each edge, or away. */
  toggleCallipers(snap: (time: number) => number): void {
    const { scale, callipers } = this;
    const third = scale.value.widthPx / 3;
    callipers.set(callipers.value.on ? { ...callipers.value, on: false } : { on: true, one: snap(scale.value.time(third)), two: snap(scale.value.time(2 * third)) });
  }

  move(which: 'one' | 'two', time: number): void {
    this.callipers.set({ ...this.callipers.value, [which]: time });
  }

  private take(scale: TimeScale, now: number): void {
    const late = scale.end - (now + Math.max(LEAD_MS, scale.spanMs / 2));
    this.scale.set(late > 0 ? scale.panned(-Math.ceil(late / scale.msPerPx)) : scale);
    // The window follows when the view leaves it.
    if (Math.abs(this.middle - this.centre.value) > HALF_WINDOW_MS) this.centre.set(this.middle);
  }
}

const TICKS_MS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
const LEAST_TICK_PX = 92;

/** Distance of the labels of time: round, and wide enough for them. */
export function tickMs(scale: TimeScale, ratio: number): number {
  return TICKS_MS.find((step) => step / scale.msPerPx >= LEAST_TICK_PX * ratio) ?? 20_000;
}
