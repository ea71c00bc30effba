import type { SampleBlock } from '../wire/block.ts';
import { Lane, type Pen } from '../sweep/lane.ts';
import { SampleRing } from '../sweep/ring.ts';
import type { LaneBeat, Layout } from './messages.ts';
import { LIVE_MS, stateOfAge, WAVE_EXPECTED_MS } from './freshness.ts';

const RANGE_CHECK_MS = 1_000;
const SMALL_WIDTH = 256;
const SMALL_HEIGHT = 32;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const WAITED_MS = 1_000;

/** All waves of the bed on one canvas. Lanes of one speed stay aligned because every position comes from time. */
export class WaveField {
  private canvas: OffscreenCanvas | null = null;
  private pen: Pen | null = null;
  private lanes = new Map<number, Lane>();
  /** Waves without a lane yet: kept so that a lane that appears has its past. */
  private readonly rings = new Map<number, SampleRing>();
  private origin: number | null = null;
  private checkedAt = 0;
  private dirty = true;
  private small: OffscreenCanvasRenderingContext2D | null = null;
  private frozen: { at: number; rings: Map<number, SampleRing>; backMs: number; drawn: boolean } | null = null;

  /** Null = no page shows waves: nothing is drawn until there is a canvas and a layout again. */
  setCanvas(canvas: OffscreenCanvas | null): void {
    this.canvas = canvas;
    this.pen = null;
    this.dirty = true;
  }

  setLayout(layout: Layout): void {
    const context = this.canvas?.getContext('2d') ?? null;
    if (this.canvas === null || context === null) return;
    this.canvas.width = Math.max(1, Math.round(layout.width * layout.ratio));
    this.canvas.height = Math.max(1, Math.round(layout.height * layout.ratio));
    this.pen = { context, ratio: layout.ratio, pxPerMm: layout.pxPerMm, widthPx: this.canvas.width, grey: layout.grey };
    const lanes = new Map<number, Lane>();
    for (const one of layout.lanes) {
      const lane = this.lanes.get(one.number) ?? this.adopt(new Lane(one, this.origin ?? 0));
      lane.layout = one;
      lanes.set(one.number, lane);
    }
    this.lanes = lanes;
    this.dirty = true;
  }

  private adopt(lane: Lane): Lane {
    const ring = this.rings.get(lane.layout.number);
    if (ring !== undefined) lane.ring.takeOver(ring);
    this.rings.set(lane.layout.number, lane.ring);
    return lane;
  }

  /** True when the wave had been without samples for a while: the page is to hear of it at once. */
  push(block: SampleBlock, history: boolean, serverNow: number | null): boolean {
    let ring = this.rings.get(block.signal);
    if (ring === undefined) {
      ring = new SampleRing();
      this.rings.set(block.signal, ring);
    }
    const last = ring.lastTime;
    // What is ahead of the box's time is from before its clock was set back: it must not keep out what comes now.
    if (last !== null && serverNow !== null && last - serverNow > LIVE_MS) ring.clear();
    ring.push(block, history);
    if (history) this.dirty = true;
    return last === null || serverNow === null || serverNow - last > WAITED_MS;
  }

  /** Forgets all samples: what comes next is another run of the box, or begins with its own history. */
  clear(): void {
    for (const ring of this.rings.values()) ring.clear();
    this.dirty = true;
  }

  freeze(on: boolean, at: number | null, backMs: number): void {
    if (!on || at === null) {
      this.frozen = null;
      this.dirty = true;
    } else if (this.frozen === null) {
      this.frozen = { at, backMs, drawn: false, rings: new Map([...this.rings].map(([number, ring]) => [number, ring.copy()])) };
    } else {
      this.frozen = { ...this.frozen, backMs, drawn: false };
    }
  }

  /** The pen of one lane: of the whole canvas, or moved to its tile. */
  private penOf(lane: Lane, pen: Pen): Pen {
    const { left = 0, width } = lane.layout;
    if (width === undefined) return pen;
    pen.context.setTransform(1, 0, 0, 1, Math.round(left * pen.ratio), 0);
    return { ...pen, widthPx: Math.round(width * pen.ratio) };
  }

  /** Draws up to the capture time `time`; `serverNow` decides which waves lose their colour. */
  draw(time: number, serverNow: number, linkLive: boolean): void {
    if (this.pen === null) return;
    if (this.origin === null) this.setOrigin(time);
    for (const lane of this.lanes.values()) {
      const last = lane.ring.lastTime;
      const stale = !linkLive || last === null || stateOfAge(serverNow - last, WAVE_EXPECTED_MS) !== 'live';
      if (stale !== lane.stale) {
        lane.stale = stale;
        if (this.frozen === null) lane.redraw(this.penOf(lane, this.pen), time);
      }
    }
    if (this.frozen !== null) this.drawFrozen(this.pen);
    else this.drawLive(this.pen, time, serverNow);
  }

  private drawLive(pen: Pen, time: number, serverNow: number): void {
    const check = time - this.checkedAt >= RANGE_CHECK_MS || time < this.checkedAt;
    if (check) this.checkedAt = time;
    for (const lane of this.lanes.values()) {
      const refit = check && lane.range.check();
      const own = this.penOf(lane, pen);
      if (this.dirty || refit) lane.redraw(own, time);
      else lane.step(own, time, serverNow);
    }
    this.dirty = false;
  }

  private drawFrozen(pen: Pen): void {
    if (this.frozen === null || (this.frozen.drawn && !this.dirty)) return;
    for (const [number, lane] of this.lanes) {
      const ring = this.frozen.rings.get(number);
      if (ring !== undefined) lane.still(pen, ring, this.frozen.at - this.frozen.backMs);
    }
    this.frozen.drawn = true;
    this.dirty = false;
  }

  private setOrigin(time: number): void {
    this.origin = time;
    for (const [number, lane] of this.lanes) this.lanes.set(number, this.adopt(new Lane(lane.layout, time)));
    this.dirty = true;
  }

  /** FNV-1a of the picture, made small: another one whenever the pen has moved. */
  checksum(): number | null {
    if (this.canvas === null || this.pen === null) return null;
    this.small ??= new OffscreenCanvas(SMALL_WIDTH, SMALL_HEIGHT).getContext('2d', { willReadFrequently: true });
    if (this.small === null) return null;
    this.small.clearRect(0, 0, SMALL_WIDTH, SMALL_HEIGHT);
    this.small.drawImage(this.canvas, 0, 0, SMALL_WIDTH, SMALL_HEIGHT);
    let hash = FNV_OFFSET;
    for (const byte of this.small.getImageData(0, 0, SMALL_WIDTH, SMALL_HEIGHT).data) hash = Math.imul(hash ^ byte, FNV_PRIME);
    return hash >>> 0;
  }

  /** Capture time of the newest sample of each wave. */
  newest(): (readonly [number, number])[] {
    return [...this.rings].flatMap(([number, { lastTime }]) => (lastTime === null ? [] : [[number, lastTime] as const]));
  }

  /** How each lane stands; begins counting the ages of what is drawn anew. */
  beats(): LaneBeat[] {
    return [...this.lanes.values()].map((lane) => ({
      number: lane.layout.number,
      drawn: lane.drawn,
      lastTime: lane.ring.lastTime,
      validity: lane.ring.validity,
      low: lane.range.low,
      high: lane.range.high,
      scaled: lane.ring.scaled,
      min: lane.range.lastSecond?.min ?? null,
      max: lane.range.lastSecond?.max ?? null,
      ages: takeAges(lane),
    }));
  }
}

function takeAges(lane: Lane): readonly [number, number] | null {
  const { ages } = lane;
  lane.ages = null;
  return ages;
}
