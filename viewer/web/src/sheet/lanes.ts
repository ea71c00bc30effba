import { parseIso } from '../base/time.ts';
import { planTrends } from '../catalog/lanes.ts';
import type { Shown } from '../catalog/units.ts';
import { niceRange } from '../sweep/range.ts';
import { listOf, orNull, type SignalDescription } from '../wire/api.ts';
import type { Sheet } from '../wire/sheet_api.ts';

/** Lanes below the table: the first ones of the trends. */
export const LANES = 3;
/** One column of a lane. */
const COLUMN_MS = 300_000;
const TALL = 100;

export const sheetLanes = (signals: readonly SignalDescription[]): readonly SignalDescription[] => planTrends(signals).chosen.slice(0, LANES);

/** What is over of the day in columns of five minutes, where the hours begin and end. */
export function lanePath(signal: SignalDescription, sheet: Sheet): string | null {
  const columns = Math.ceil((Math.min(sheet.to, sheet.at) - sheet.from) / COLUMN_MS);
  if (columns < 1) return null;
  const to = new Date(sheet.from + columns * COLUMN_MS).toISOString();
  return `/api/v1/signals/${signal.number}/envelope?from=${new Date(sheet.from).toISOString()}&to=${to}&points=${columns}&columns=equal`;
}

export interface LaneColumn {
  readonly from: number;
  readonly to: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

export const readColumns = (value: unknown): readonly LaneColumn[] => listOf(value, (item) => {
  const [from, to] = [parseIso(item['t']), parseIso(item['until'])];
  const [min, max, mean] = [orNull(item['min']), orNull(item['max']), orNull(item['mean'])];
  return from === null || to === null || min === null || max === null || mean === null ? null : { from, to, min, max, mean };
});

/** A lane as paths: x in shares of the day × 1000, y from 0 (high) to 100 (low). */
export interface LanePicture {
  readonly low: number;
  readonly high: number;
  readonly band: string;
  readonly mean: string;
  /** Parts of the day without data, in per cent from its beginning. */
  readonly gaps: readonly { readonly from: number; readonly width: number }[];
}

/** `due`: where nothing came, something is missing. */
export function lanePicture(columns: readonly LaneColumn[], sheet: Sheet, signal: SignalDescription, shown: Shown, due: boolean): LanePicture {
  const least = ((signal.displayMax ?? 1) - (signal.displayMin ?? 0)) * shown.factor * 0.25;
  const [min, max] = [Math.min(...columns.map((one) => one.min)), Math.max(...columns.map((one) => one.max))];
  const { low, high } = columns.length === 0 ? { low: 0, high: 1 } : niceRange(shown.of(min), shown.of(max), Math.max(least, 1e-6));
  const x = (time: number): string => (((time - sheet.from) / (sheet.to - sheet.from)) * 1000).toFixed(2);
  const y = (stored: number): string => (TALL * (1 - (shown.of(stored) - low) / (high - low))).toFixed(2);
  const band: string[] = [];
  const mean: string[] = [];
  const gaps: { from: number; width: number }[] = [];
  const percent = (time: number): number => ((time - sheet.from) / (sheet.to - sheet.from)) * 100;
  let covered: number = sheet.from;
  const gapTo = (time: number): void => {
    if (time - covered >= COLUMN_MS / 2) gaps.push({ from: percent(covered), width: percent(time) - percent(covered) });
  };
  for (const one of columns) {
    gapTo(one.from);
    const joins = mean.length > 0 && one.from - covered < 1000;
    band.push(`M${x(one.from)} ${y(one.max)}H${x(one.to)}V${y(one.min)}H${x(one.from)}Z`);
    mean.push(`${joins ? 'L' : 'M'}${x(one.from)} ${y(one.mean)}H${x(one.to)}`);
    covered = one.to;
  }
  gapTo(Math.min(sheet.to, sheet.at));
  return { low, high, band: band.join(''), mean: mean.join(''), gaps: due ? gaps : [] };
}
