import type { NumericSlot } from '../catalog/lanes.ts';
import { Cell } from '../base/cell.ts';
import { toIso, utcMs } from '../base/time.ts';
import { isObject } from '../wire/decoded.ts';
import { number } from '../wire/api.ts';
import type { LiveEngine } from '../live/engine.ts';
import type { LiveStore } from '../live/live_store.ts';
import { sendJson } from '../live/http.ts';

export const MARK_KINDS = ['suction', 'prone', 'intubation', 'blood-sample', 'care', 'note'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export const FREEZE_MS = 60_000;
/** An hour that was opened over the waves leaves them again. */
export const TREND_MS = 60_000;
const RING_MS = 30_000;
const BACK_STEP_MS = 5_000;
const NOTICE_MS = 8_000;

export type Mark =
  | { readonly step: 'none' }
  | { readonly step: 'choose'; readonly time: number }
  | { readonly step: 'saving'; readonly time: number; readonly kind: MarkKind }
  | { readonly step: 'saved'; readonly time: number; readonly kind: MarkKind; readonly key: string; readonly version: number }
  | { readonly step: 'failed' | 'undone' };

export interface Frozen {
  readonly sinceMs: number;
  readonly backMs: number;
}

/** The last hour of one number over the waves; `low` = in the lower half, because the number stands in the upper. */
export interface OpenTrend {
  readonly slot: NumericSlot;
  readonly low: boolean;
}

/** What a person can do at the bed: freeze, mark, open the table or the list of keys. */
export class Actions {
  readonly frozen = new Cell<Frozen | null>(null);
  readonly mark = new Cell<Mark>({ step: 'none' });
  readonly table = new Cell(false);
  readonly keys = new Cell(false);
  readonly trend = new Cell<OpenTrend | null>(null);
  private noticeUntil = 0;
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
    this.trend.set(open?.parts[0]?.number === slot.parts[0]?.number ? null : { slot, low });
  }

  /** A hand on it: the time until it closes alone begins anew. */
  keepTrend(): void {
    this.trendUntil = performance.now() + TREND_MS;
  }

  /** First touch: the time that will be marked is now, however long the choice takes. */
  beginMark(): void {
    if (this.mark.value.step === 'choose') this.mark.set({ step: 'none' });
    else this.mark.set({ step: 'choose', time: this.store.now() ?? Date.now() });
  }

  async saveMark(kind: MarkKind): Promise<void> {
    if (this.mark.value.step !== 'choose') return;
    const { time } = this.mark.value;
    const key = `bed-${Math.floor(time)}-${Math.random().toString(36).slice(2, 10)}`;
    this.mark.set({ step: 'saving', time, kind });
    const body = { key, kind, text: '', time: toIso(utcMs(time)) };
    let answer = await sendJson('POST', '/api/v1/annotations', body);
    if (answer.status === 0) answer = await sendJson('POST', '/api/v1/annotations', body);
    const version = isObject(answer.json) ? number(answer.json['version'], 1) : 1;
    this.notice(answer.status === 200 || answer.status === 201 ? { step: 'saved', time, kind, key, version } : { step: 'failed' });
  }

  async undoMark(): Promise<void> {
    const mark = this.mark.value;
    if (mark.step !== 'saved') return;
    const answer = await sendJson('PATCH', `/api/v1/annotations/${encodeURIComponent(mark.key)}`, { version: mark.version, withdrawn: true });
    this.notice(answer.status >= 200 && answer.status < 300 ? { step: 'undone' } : { step: 'failed' });
  }

  /** Something is open that a person would miss. */
  isBusy(): boolean {
    return this.frozen.value !== null || (this.mark.value.step !== 'none' && this.mark.value.step !== 'undone') || document.activeElement instanceof HTMLInputElement;
  }

  /** Escape, and the close buttons. */
  close(): void {
    this.keys.set(false);
    this.mark.set({ step: 'none' });
    this.trend.set(null);
    this.table.set(false);
    if (this.frozen.value !== null) this.toggleFreeze();
  }

  private notice(mark: Mark): void {
    this.noticeUntil = performance.now() + NOTICE_MS;
    this.mark.set(mark);
  }

  private expire(): void {
    const now = performance.now();
    const { step } = this.mark.value;
    if ((step === 'saved' || step === 'failed' || step === 'undone') && now > this.noticeUntil) this.mark.set({ step: 'none' });
    if (this.trend.value !== null && now > this.trendUntil) this.trend.set(null);
    if (this.frozen.value !== null && now - this.frozen.value.sinceMs > FREEZE_MS) this.toggleFreeze();
  }
}
