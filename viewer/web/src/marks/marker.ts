import { Cell } from '../base/cell.ts';
import { toIso, utcMs } from '../base/time.ts';
import { getJson, sendJson } from '../live/http.ts';
import { isObject } from '../wire/decoded.ts';
import { PERSON, kindOf, readMark, readMarks, type HeldMark } from './context.ts';
import type { Preset } from './presets.ts';

const NOTICE_MS = 8_000;
const RENEW_MS = 10_000;
/** How long a range that is still open offers its end on the screen; it stays open in the record. */
export const ENDABLE_MS = 2 * 3_600_000;
const LATEST_MS = 60_000;

/** What the last touch did, and what takes it back. */
export type Done =
  | { readonly step: 'saving' }
  | { readonly step: 'saved' | 'ended'; readonly mark: HeldMark }
  | { readonly step: 'undone' | 'failed' };

/** Stores marks, ends ranges, takes back: one for the whole page. */
export class Marker {
  readonly done = new Cell<Done | null>(null);
  /** Ranges of people that nobody ended yet, newest first. */
  readonly open = new Cell<readonly HeldMark[]>([]);
  /** Bumped when a mark was stored, so that lists ask again. */
  readonly stored = new Cell(0);
  private noticeUntil = 0;
  private askedAt = -RENEW_MS;

  constructor(private readonly now: () => number) {}

  async save(preset: Preset, signal: number, time: number): Promise<void> {
    this.done.set({ step: 'saving' });
    const key = `bed-${Math.floor(time)}-${Math.random().toString(36).slice(2, 10)}`;
    const body = { key, kind: preset.kind, attributes: preset.attributes, ...(signal === 0 ? {} : { signal: String(signal) }), time: toIso(utcMs(time)) };
    let answer = await sendJson('POST', '/api/v1/annotations', body);
    if (answer.status === 0) answer = await sendJson('POST', '/api/v1/annotations', body);
    this.take(answer, 'saved');
  }

  /** The range ends now. */
  async end(mark: HeldMark): Promise<void> {
    await this.change(mark, { until: toIso(utcMs(Math.max(mark.time, this.now()))) }, 'ended');
  }

  /** Takes back what was done last: a mark is withdrawn, an end is taken off. */
  async undo(): Promise<void> {
    const done = this.done.value;
    if (done?.step === 'saved') await this.change(done.mark, { withdrawn: true }, 'undone');
    else if (done?.step === 'ended') await this.change(done.mark, { open: true }, 'undone');
  }

  /** On a timer: the notice goes by itself, and what others marked is seen. */
  tick(): void {
    const at = performance.now();
    if (this.done.value !== null && this.done.value.step !== 'saving' && at > this.noticeUntil) this.done.set(null);
    if (at - this.askedAt > RENEW_MS) void this.renew();
  }

  async renew(): Promise<void> {
    this.askedAt = performance.now();
    const now = this.now();
    const answer = await getJson(`/api/v1/annotations?source=${PERSON}&from=${toIso(utcMs(now - ENDABLE_MS))}&to=${toIso(utcMs(now + LATEST_MS))}`);
    if (!Array.isArray(answer)) return;
    const open = readMarks(answer).filter((mark) => mark.heldUntil === null && mark.time > now - ENDABLE_MS && kindOf(mark.kind)?.form === 'range');
    if (open.map((mark) => mark.key).join() !== this.open.value.map((mark) => mark.key).join()) this.open.set([...open].reverse());
  }

  private async change(mark: HeldMark, change: object, step: 'ended' | 'undone'): Promise<void> {
    const answer = await sendJson('PATCH', `/api/v1/annotations/${encodeURIComponent(mark.key)}`, { version: mark.version, ...change });
    this.take(answer, step);
  }

  private take(answer: { readonly status: number; readonly json: unknown }, step: 'saved' | 'ended' | 'undone'): void {
    const mark = answer.status === 200 || answer.status === 201 ? (isObject(answer.json) ? readMark(answer.json) : null) : null;
    this.noticeUntil = performance.now() + NOTICE_MS;
    this.done.set(mark === null ? { step: 'failed' } : step === 'undone' ? { step } : { step, mark });
    this.stored.set(this.stored.value + 1);
    void this.renew();
  }
}
