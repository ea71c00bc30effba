import type { NumericSlot } from '../catalog/lanes.ts';
import { Cell } from '../base/cell.ts';
import type { LiveEngine } from '../live/engine.ts';
import type { LiveStore } from '../live/live_store.ts';

export const FREEZE_MS = 60_000;
/** An hour that was opened over the waves leaves them again. */
export const TREND_MS = 60_000;
const RING_MS = 30_000;
const BACK_STEP_MS = 5_000;

export interface Frozen {
  readonly sinceMs: number;
  readonly backMs: number;
}

/** The last hour of one number over the waves; `low` = in the lower half, because the number stands in the upper. */
export interface OpenTrend {
  readonly slot: NumericSlot;
  readonly low: boolean;
  /** When it was touched, by the box: what is marked on it is marked then. */
  readonly at: number;
}

/** What a person can do at the bed: freeze, mark, open the table or the list of keys. */
export class Actions {
  readonly frozen = new Cell<Frozen | null>(null);
  /** The time that is being marked: that of the first touch, however long the choice takes; null = nothing. */
  readonly marking = new Cell<number | null>(null);
  readonly table = new Cell(false);
  readonly keys = new Cell(false);
  readonly trend = new Cell<OpenTrend | null>(null);
  /** Touches are locked so that the screen can be wiped; it ends by itself. */
  readonly cleaning = new Cell(false);
  private trendUntil = 0;

  constructor(private readonly store: LiveStore, private readonly engine: LiveEngine) {
    store.tick.watch(() => this.expire());
  }

  toggleFreeze(): void {
    if (this.frozen.value === null) {
      this.frozen.set({ sinceMs: performance.now(), backMs: 0 });
      this.engine.freeze(true, 0);
    } else {
      this.frozen.set(null);
      this.engine.freeze(false, 0);
    }
  }

  shiftFrozen(steps: number): void {
    const frozen = this.frozen.value;
    if (frozen === null) return;
    const backMs = Math.min(RING_MS, Math.max(0, frozen.backMs + steps * BACK_STEP_MS));
    this.frozen.set({ ...frozen, backMs });
    this.engine.freeze(true, backMs);
  }

  /** Opens the last hour of a number; touched again it closes. */
  toggleTrend(slot: NumericSlot, low: boolean): void {
    this.keepTrend();
    const open = this.trend.value?.slot;
    this.trend.set(open?.parts[0]?.number === slot.parts[0]?.number ? null : { slot, low, at: this.store.now() ?? Date.now() });
  }

  /** A hand on it: the time until it closes alone begins anew. */
  keepTrend(): void {
    this.trendUntil = performance.now() + TREND_MS;
  }

  /** First touch of a mark. */
  beginMark(): void {
    this.marking.set(this.marking.value === null ? (this.store.now() ?? Date.now()) : null);
  }

  /** Nothing but the values stays while the screen is wiped. */
  beginCleaning(): void {
    this.close();
    this.cleaning.set(true);
  }

  /** Escape, and the close buttons. */
  close(): void {
    this.keys.set(false);
    this.marking.set(null);
    this.trend.set(null);
    this.table.set(false);
    if (this.frozen.value !== null) this.toggleFreeze();
  }

  private expire(): void {
    const now = performance.now();
    if (this.trend.value !== null && now > this.trendUntil) this.trend.set(null);
    if (this.frozen.value !== null && now - this.frozen.value.sinceMs > FREEZE_MS) this.toggleFreeze();
  }
}
