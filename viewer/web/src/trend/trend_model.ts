import { Cell } from '../base/cell.ts';
import type { TimeScale } from '../base/time_scale.ts';
import { toIso, utcMs } from '../base/time.ts';
import { getJson } from '../live/http.ts';
import { readMarks, type HeldMark } from '../marks/context.ts';
import { niceRange } from '../sweep/range.ts';
import { listOf, readAlert, type AlertItem, type SignalDescription } from '../wire/api.ts';
import { tileMs } from '../wire/tile.ts';
import { buildColumns, type PixelColumns } from './columns.ts';
import { levelFor, TileCache } from './tile_cache.ts';

const HOLD_PERIODS = 2;
const LEAST_SHARE = 0.5;
const EVENTS_RENEW_MS = 5_000;

export interface TrendEvents {
  readonly alerts: readonly AlertItem[];
  readonly marks: readonly HeldMark[];
}

export interface LaneRangeShown {
  readonly low: number;
  readonly high: number;
}

/** Columns, ranges and events of what the trend page shows. */
export class TrendModel {
  /** Bumped when something arrived that changes the picture. */
  readonly arrived = new Cell(0);
  readonly events = new Cell<TrendEvents>({ alerts: [], marks: [] });
  private readonly cache: TileCache;
  private readonly ranges = new Map<number, LaneRangeShown>();
  private askedFor = '';
  private askedAt = 0;
  private asking = false;

  constructor(private readonly now: () => number | null) {
    this.cache = new TileCache(() => this.arrived.set(this.arrived.value + 1), now);
  }

  get unreachable(): boolean {
    return this.cache.unreachable;
  }

  columns(signal: SignalDescription, scale: TimeScale): PixelColumns {
    const level = levelFor(scale.msPerPx);
    const width = tileMs(level);
    const now = this.now() ?? Date.now();
    const from = Math.floor(scale.start / width) * width;
    return buildColumns({
      scale,
      tiles: this.cache.over(signal.number, level, from, Math.min(scale.end, now + 1)),
      tilesFrom: from,
      tileMs: width,
      holdMs: signal.kind === 'waveform' ? 0 : (signal.expectedS ?? 0) * HOLD_PERIODS * 1000,
      now,
    });
  }

  /** The vertical range stays as it is while the hand moves; `settled` lets it follow the data. */
  range(signal: SignalDescription, columns: PixelColumns, settled: boolean): LaneRangeShown {
    const known = this.ranges.get(signal.number);
    const extent = columns.extent();
    if (known !== undefined && (!settled || extent === null)) return known;
    const low = signal.displayMin ?? extent?.min ?? 0;
    const high = signal.displayMax ?? extent?.max ?? 1;
    const range = extent === null
      ? niceRange(low, Math.max(high, low + 1e-6), high - low)
      : fit(extent, low, high, known);
    this.ranges.set(signal.number, range);
    return range;
  }

  /** Marks and alarms of a time; asked again when the time or five seconds have passed. */
  askEvents(scale: TimeScale): void {
    const key = `${Math.floor(scale.start / 1000)} ${Math.floor(scale.end / 1000)}`;
    // A box that does not answer is asked one question at a time.
    if (this.asking || (key === this.askedFor && performance.now() - this.askedAt < EVENTS_RENEW_MS)) return;
    this.askedFor = key;
    this.askedAt = performance.now();
    void this.fetchEvents(`from=${toIso(scale.start)}&to=${toIso(utcMs(Math.min(scale.end, (this.now() ?? Date.now()) + 1000)))}`);
  }

  /** Something was marked: what is shown is asked for at once. */
  renewEvents(scale: TimeScale): void {
    this.askedFor = '';
    this.askEvents(scale);
  }

  private async fetchEvents(query: string): Promise<void> {
    this.asking = true;
    const [alerts, marks] = await Promise.all([getJson(`/api/v1/alerts?${query}`), getJson(`/api/v1/annotations?${query}`)]);
    this.asking = false;
    this.events.set({ alerts: listOf(alerts, readAlert), marks: readMarks(marks) });
  }
}

/** A round range around the data that does not exaggerate: at least half of what is usual for the signal. */
function fit(extent: { readonly min: number; readonly max: number }, low: number, high: number, known: LaneRangeShown | undefined): LaneRangeShown {
  const roomy = known !== undefined && extent.min >= known.low && extent.max <= known.high && extent.max - extent.min > 0.35 * (known.high - known.low);
  if (known !== undefined && roomy) return known;
  const span = Math.max((high - low) * LEAST_SHARE, extent.max - extent.min);
  const middle = (extent.min + extent.max) / 2;
  const from = extent.max - extent.min >= span ? extent.min : middle - span / 2;
  const to = extent.max - extent.min >= span ? extent.max : middle + span / 2;
  const nice = niceRange(from < 0 && extent.min >= 0 ? 0 : from, to, span);
  return nice.low === 0 && from > 0.3 * to ? tight(from, to) : nice;
}

function tight(from: number, to: number): LaneRangeShown {
  const step = 10 ** Math.floor(Math.log10((to - from) / 2));
  return { low: Number((Math.floor(from / step) * step).toPrecision(6)), high: Number((Math.ceil(to / step) * step).toPrecision(6)) };
}
