import { SweepScale } from '../base/time_scale.ts';
import type { LaneLayout } from '../live/messages.ts';
import { LIVE_WAVE_MS } from '../live/freshness.ts';
import { LaneRange } from './range.ts';
import { SampleRing, type Piece } from './ring.ts';

/** Millimetres that stay blank before the pen. */
const ERASE_MM = 4;
/** How pale the past is that was not drawn when it was the present. */
const PAST_ALPHA = 0.55;
const PAD = 4;

export interface Pen {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly ratio: number;
  readonly pxPerMm: number;
  readonly widthPx: number;
  readonly grey: string;
}

/** One wave on the canvas: where it is, how far it has been drawn. All positions come from the time of the samples. */
export class Lane {
  readonly ring: SampleRing;
  readonly range: LaneRange;
  drawn = 0;
  /** Least and most age, in ms, of samples when they were drawn in full colour; null = none were since this was last taken. */
  ages: readonly [number, number] | null = null;
  /** True: the colour is taken away because the wave is late or lost. */
  stale = false;
  private serial = 0;
  private index = 0;
  private erasedTo = 0;
  private started = false;
  private lastX = 0;
  private lastY = 0;
  private lastTurn = 0;
  private penDown = false;

  constructor(public layout: LaneLayout, private origin: number) {
    this.ring = new SampleRing();
    this.range = new LaneRange(layout.displayMin, layout.displayMax);
  }

  private scale(pen: Pen): SweepScale {
    return new SweepScale(this.origin, (this.layout.speed * pen.pxPerMm * pen.ratio) / 1000, pen.widthPx);
  }

  private y(value: number, pen: Pen): number {
    const top = (this.layout.top + PAD) * pen.ratio;
    const height = (this.layout.height - 2 * PAD) * pen.ratio;
    const share = (value - this.range.low) / (this.range.high - this.range.low);
    // What leaves the range stands at its lane's edge and never beyond: only the lane itself is blanked ahead of the pen.
    const over = Math.min(0.06 * height, (PAD - 1) * pen.ratio);
    return Math.min(top + height + over, Math.max(top - over, top + height * (1 - share)));
  }

  /** Blanks the lane and draws everything that belongs on it at `time`; what is older than `liveFrom` is the past, and paler. */
  redraw(pen: Pen, time: number, liveFrom = -Infinity): void {
    const scale = this.scale(pen);
    this.clear(pen, 0, pen.widthPx);
    const head = scale.absolute(time);
    // A little less than fits, so that no round line end reaches into what counts as erased.
    const shown = time - (pen.widthPx - this.eraseWidth(pen) - 3 * pen.ratio) / scale.pxPerMs;
    this.erasedTo = Math.floor(head) + this.eraseWidth(pen);
    this.started = true;
    this.penDown = false;
    this.seek(shown);
    this.draw(pen, scale, time, liveFrom, null);
  }

  /**
   * Advances the sweep to `time`: erases ahead, draws what has come since. Samples that were held up and are older than they may be are drawn as
   * the past, never in full colour. `serverNow` is the box's time now.
   */
  step(pen: Pen, time: number, serverNow: number): void {
    const liveFrom = serverNow - LIVE_WAVE_MS;
    const scale = this.scale(pen);
    const to = Math.floor(scale.absolute(time)) + this.eraseWidth(pen);
    // The pen jumped: the picture was held up for a whole turn, or the box's clock was set.
    if (!this.started || to - this.erasedTo >= pen.widthPx || to < this.erasedTo) {
      this.redraw(pen, time, this.started ? liveFrom : -Infinity);
      return;
    }
    if (to > this.erasedTo) {
      const from = this.erasedTo - scale.turn(this.erasedTo) * pen.widthPx;
      const width = to - this.erasedTo;
      this.clear(pen, from, Math.min(width, pen.widthPx - from));
      if (from + width > pen.widthPx) this.clear(pen, 0, from + width - pen.widthPx);
      this.erasedTo = to;
    }
    this.draw(pen, scale, time, liveFrom, serverNow);
  }

  /** Where the erase bar ends, and where the pen is, in pixels of the canvas; for lanes of one speed both are the same. */
  edge(pen: Pen, time: number): { readonly erased: number; readonly pen: number } {
    const scale = this.scale(pen);
    const at = scale.absolute(time);
    return { erased: this.erasedTo - scale.turn(this.erasedTo) * pen.widthPx, pen: at - scale.turn(at) * pen.widthPx };
  }

  /** Draws a still picture that ends at `time` at the right edge. */
  still(pen: Pen, ring: SampleRing, time: number): void {
    const pxPerMs = (this.layout.speed * pen.pxPerMm * pen.ratio) / 1000;
    const from = time - pen.widthPx / pxPerMs;
    this.clear(pen, 0, pen.widthPx);
    const { context } = pen;
    this.stroke(pen, this.stale ? pen.grey : this.layout.colour, 1);
    for (let serial = ring.from; serial < ring.to; serial++) {
      const piece = ring.at(serial);
      if (piece === undefined || piece.time > time || piece.time + piece.raw.length * piece.periodMs < from) continue;
      for (let i = 0; i < piece.raw.length; i++) {
        const at = piece.time + i * piece.periodMs;
        const lift = piece.holes?.[i] === 1 || at < from || at > time;
        const x = (at - from) * pxPerMs;
        const y = this.y((piece.raw[i] ?? 0) * piece.gain + piece.offset, pen);
        if (lift || !this.penDown || (i === 0 && !piece.joined)) context.moveTo(x, y);
        else context.lineTo(x, y);
        this.penDown = !lift;
      }
    }
    context.stroke();
    this.penDown = false;
    this.started = false;
  }

  private eraseWidth(pen: Pen): number {
    return Math.ceil(ERASE_MM * pen.pxPerMm * pen.ratio);
  }

  private clear(pen: Pen, x: number, width: number): void {
    const { top, height } = this.layout;
    // A round line end reaches a little out of a tile; a whole canvas has no neighbour.
    const bleed = this.layout.width === undefined ? 0 : 2 * pen.ratio;
    pen.context.clearRect(x - bleed, Math.round(top * pen.ratio), width + 2 * bleed, Math.round(height * pen.ratio));
  }

  private seek(time: number): void {
    this.serial = this.ring.from;
    this.index = 0;
    while (this.serial < this.ring.to) {
      const piece = this.ring.at(this.serial);
      if (piece !== undefined && piece.time + piece.raw.length * piece.periodMs > time) {
        this.index = Math.max(0, Math.ceil((time - piece.time) / piece.periodMs));
        return;
      }
      this.serial++;
    }
  }

  private stroke(pen: Pen, colour: string, alpha: number): void {
    const { context } = pen;
    context.beginPath();
    context.strokeStyle = colour;
    context.globalAlpha = alpha;
    context.lineWidth = 1.6 * pen.ratio;
    context.lineJoin = 'round';
    context.lineCap = 'round';
  }

  /** `serverNow` null = drawn again: nothing is counted. */
  private draw(pen: Pen, scale: SweepScale, time: number, liveFrom: number, serverNow: number | null): void {
    if (this.serial < this.ring.from) {
      this.serial = this.ring.from;
      this.index = 0;
      this.penDown = false;
    }
    const oldest = time - (pen.widthPx - this.eraseWidth(pen)) / scale.pxPerMs;
    while (this.serial < this.ring.to) {
      const piece = this.ring.at(this.serial);
      if (piece === undefined || piece.time > time) return;
      if (piece.time + piece.raw.length * piece.periodMs < oldest) {
        this.serial++;
        this.index = 0;
        this.penDown = false;
        continue;
      }
      if (this.index === 0 && !piece.joined) this.penDown = false;
      const all = Math.min(piece.raw.length, Math.floor((time - piece.time) / piece.periodMs) + 1);
      if (all > this.index) {
        const past = piece.history ? all : Math.min(all, Math.max(this.index, Math.ceil((liveFrom - piece.time) / piece.periodMs)));
        if (past > this.index) this.part(pen, scale, past, PAST_ALPHA);
        if (all > this.index) {
          if (serverNow !== null) this.count(piece, all, serverNow);
          this.part(pen, scale, all, 1);
        }
      }
      if (this.index < piece.raw.length) return;
      this.serial++;
      this.index = 0;
    }
  }

  private count(piece: Piece, due: number, serverNow: number): void {
    this.drawn += due - this.index;
    if (this.stale) return;
    const most = serverNow - piece.time - this.index * piece.periodMs;
    const least = serverNow - piece.time - (due - 1) * piece.periodMs;
    this.ages = this.ages === null ? [least, most] : [Math.min(this.ages[0], least), Math.max(this.ages[1], most)];
  }

  private part(pen: Pen, scale: SweepScale, due: number, alpha: number): void {
    this.stroke(pen, this.stale ? pen.grey : this.layout.colour, alpha);
    this.trace(pen, scale, due);
    pen.context.stroke();
    this.index = due;
  }

  /** Adds the samples index … due - 1 of the current piece to the path. */
  private trace(pen: Pen, scale: SweepScale, due: number): void {
    const piece = this.ring.at(this.serial);
    if (piece === undefined) return;
    const { context } = pen;
    const width = pen.widthPx;
    if (this.penDown) context.moveTo(this.lastX, this.lastY);
    for (let i = this.index; i < due; i++) {
      if (piece.holes?.[i] === 1) {
        this.penDown = false;
        continue;
      }
      const value = (piece.raw[i] ?? 0) * piece.gain + piece.offset;
      this.range.see(value);
      const absolute = scale.absolute(piece.time + i * piece.periodMs);
      const turn = scale.turn(absolute);
      const x = absolute - turn * width;
      const y = this.y(value, pen);
      if (!this.penDown) {
        context.moveTo(x, y);
        context.lineTo(x + 0.01, y);
      } else if (turn !== this.lastTurn) {
        context.lineTo(x + width, y);
        context.moveTo(this.lastX - width, this.lastY);
        context.lineTo(x, y);
      } else {
        context.lineTo(x, y);
      }
      this.penDown = true;
      this.lastX = x;
      this.lastY = y;
      this.lastTurn = turn;
    }
  }
}
