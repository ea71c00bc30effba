import { parseIso, type UtcMs } from '../base/time.ts';
import { listOf, number, orNull, text } from './api.ts';
import { isObject } from './decoded.ts';

/** A signal in one hour, in its own unit; of usable readings alone. */
export interface SheetCell {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly questionable: number;
  readonly inAlarm: number;
  /** 0 … 1 of what is over of the hour; null = the signal comes when it comes. */
  readonly coverage: number | null;
}

export interface SheetHour {
  readonly from: UtcMs;
  readonly to: UtcMs;
}

export interface SheetRow {
  readonly number: number;
  readonly id: string;
  readonly decimals: number;
  readonly demo: boolean;
  /** As many as hours; null = no usable reading. */
  readonly cells: readonly (SheetCell | null)[];
}

/** A day of the ward, as PROTOCOL.md has it. */
export interface Sheet {
  readonly box: string;
  /** Local date on which it begins. */
  readonly day: string;
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly at: UtcMs;
  readonly digest: string;
  readonly hours: readonly SheetHour[];
  readonly rows: readonly SheetRow[];
}

function readCell(value: unknown): SheetCell | null {
  if (!isObject(value)) return null;
  const [median, min, max, count] = [orNull(value['median']), orNull(value['min']), orNull(value['max']), number(value['count'], 0)];
  if (median === null || min === null || max === null || count < 1) return null;
  return { median, min, max, count, questionable: number(value['questionable'], 0), inAlarm: number(value['inAlarm'], 0), coverage: orNull(value['coverage']) };
}

export function readSheet(value: unknown): Sheet | null {
  if (!isObject(value)) return null;
  const [from, to, at] = [parseIso(value['from']), parseIso(value['to']), parseIso(value['at'])];
  const day = text(value['day']);
  if (from === null || to === null || at === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const hours = listOf(value['hours'], (item) => {
    const [begin, end] = [parseIso(item['from']), parseIso(item['to'])];
    return begin === null || end === null ? null : { from: begin, to: end };
  });
  const rows = listOf(value['rows'], (item) => {
    const cells = Array.isArray(item['cells']) ? item['cells'].map(readCell) : [];
    // A row that does not fit its hours would stand under the wrong ones.
    return cells.length !== hours.length ? null : { number: number(item['number'], 0), id: text(item['id']), decimals: number(item['decimals'], 0), demo: item['demo'] === true, cells };
  });
  return { box: text(value['box']), day, from, to, at, digest: text(value['digest']), hours, rows };
}
