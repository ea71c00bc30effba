import { Cell } from '../base/cell.ts';
import type { TimeScale } from '../base/time_scale.ts';
import { toIso, utcMs } from '../base/time.ts';
import { getJson } from '../live/http.ts';
import { readMarks, type HeldMark } from '../marks/context.ts';
import { niceRange } from '../sweep/range.ts';
import type { Shown } from '../catalog/units.ts';
import { listOf, readAlert, type AlertItem, type SignalDescription } from '../wire/api.ts';
import { tileMs } from '../wire/tile.ts';
import { buildColumns, extremeIn, standPx, type PixelColumns } from './columns.ts';
import { levelFor, TileCache } from './tile_cache.ts';

/** Readings further outside of a chart than this many times its width do not stand in it. */
const MOST_REACH = 2;
const LEAST_SHARE = 0.5;
const FINER_LEVELS = 3;
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
  /** In the units in which they are shown, so that their ends are round. */
  private readonly ranges = new Map<string, LaneRangeShown>();
  private askedFor = '';
  private askedAt = 0;
  private asking = false;

  constructor(private readonly now: () => number | null) {
    this.cache = new TileCache(() => this.arrived.set(this.arrived.value + 1), now);
  }

  get unreachable(): boolean {
    return this.cache.unreachable;
  }

  /** `renews`: what still grows is asked for again; while a hand moves the chart only what is missing is. */
  columns(signal: SignalDescription, scale: TimeScale, renews = true): PixelColumns {
    const level = levelFor(scale.msPerPx);
    const width = tileMs(level);
    const now = this.now() ?? Date.now();
    const periodMs = signal.kind === 'waveform' ? 0 : (signal.expectedS ?? 0) * 1000;
    // What stands at the edges may have come before them: what a column shows must not depend on where the chart ends.
    const reach = periodMs === 0 ? 0 : Math.min(MOST_REACH * scale.widthPx, standPx(periodMs, scale.msPerPx));
    const wide = scale.widened(reach);
    const from = Math.floor(wide.start / width) * width;
    return buildColumns({
      scale: wide,
      tiles: this.cache.over(signal.number, level, from, Math.min(wide.end, now + 1), renews),
      tilesFrom: from,
      tileMs: width,
      periodMs,
      now,
    }).inner(reach);
  }

  /**
   * The instant that a touch on a lane means: of what the touched column and its neighbours hold, what lies furthest from their mean, found in tiles 64 times finer.
   * Null until those have come, and where there is nothing.
   */
  instantOf(signal: SignalDescription, scale: TimeScale, time: number): number | null {
    const x = scale.column(time);
    const [from, to] = [scale.time(x - 1), scale.time(x + 2)];
    const level = Math.max(0, levelFor(scale.msPerPx) - FINER_LEVELS);
    return extremeIn(this.cache.over(signal.number, level, from, Math.min(to, (this.now() ?? Date.now()) + 1)), from, to);
  }

  /** The vertical range, in the unit of the signal and round in that of `shown`. It stays as it is while the hand moves; `settled` lets it follow the data. */
  range(signal: SignalDescription, columns: PixelColumns, shown: Shown, settled: boolean): LaneRangeShown {
    const key = `${signal.number} ${shown.ucum}`;
    const known = this.ranges.get(key);
    const stored = columns.extent();
    const extent = stored && { min: shown.of(stored.min), max: shown.of(stored.max) };
    const stay = known !== undefined && (!settled || extent === null);
    const low = signal.displayMin === null ? extent?.min ?? 0 : shown.of(signal.displayMin);
    const high = signal.displayMax === null ? extent?.max ?? 1 : shown.of(signal.displayMax);
    const range = stay ? known : extent === null
      ? niceRange(low, Math.max(high, low + 1e-6), high - low)
      : fit(extent, low, high, known);
    this.ranges.set(key, range);
    return { low: (range.low - shown.offset) / shown.factor, high: (range.high - shown.offset) / shown.factor };
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
