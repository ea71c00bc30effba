import type { WardClock } from '../base/local_time.ts';
import { toIso, utcMs } from '../base/time.ts';
import type { TimeScale } from '../base/time_scale.ts';
import { labelOf, type Language } from '../catalog/labels.ts';
import { shownIn } from '../catalog/units.ts';
import type { HourLabel, SheetPart } from '../sheet/plan.ts';
import { Fill, type PixelColumns } from '../trend/columns.ts';
import type { TrendEvents } from '../trend/trend_model.ts';
import type { SignalDescription, WardUnits } from '../wire/api.ts';
import type { Sheet } from '../wire/sheet_api.ts';
import { TIME_COLUMNS, timeFields, type CsvField, type CsvTable } from './csv_file.ts';

// What each page shows, as rows. Nothing is in a file that its page does not show.

/** Cells of the flowsheet: one row for each that has a value, hour by hour as on the screen. */
export function sheetTable(sheet: Sheet, parts: readonly SheetPart[], hours: readonly HourLabel[], ward: WardClock, units: WardUnits | undefined, spoken: Language): CsvTable {
  const rows = parts.flatMap((part) => part.lines).flatMap(({ signal, row }) => {
    const shown = shownIn(signal, units);
    const value = (stored: number): CsvField => ({ value: shown.of(stored), decimals: shown.decimals(row.decimals) });
    return hours.flatMap(({ hour }, i): CsvField[][] => {
      const cell = row.cells[i] ?? null;
      return cell === null ? [] : [[
        ...timeFields(ward, hour.from), toIso(hour.to), signal.id, labelOf(signal, spoken), shown.label,
        value(cell.median), value(cell.min), value(cell.max), { value: cell.count, decimals: 0 }, { value: cell.questionable, decimals: 0 }, { value: cell.inAlarm, decimals: 0 },
        cell.coverage === null ? null : { value: cell.coverage * 100, decimals: 1 },
      ]];
    });
  });
  return {
    content: 'sheet',
    head: [['day', sheet.day], ['digest_sha256', sheet.digest]],
    columns: [...TIME_COLUMNS('hour'), 'until_utc', 'signal', 'name', 'unit', 'median', 'min', 'max', 'n', 'questionable', 'in_alarm', 'coverage_percent'],
    rows,
  };
}

export interface ShownLane {
  readonly signal: SignalDescription;
  readonly columns: PixelColumns;
  /** Decimals of the device; null = not known. */
  readonly decimals: number | null;
}

/** False while a column is still on its way. */
export const isWhole = (lanes: readonly ShownLane[]): boolean => lanes.every(({ columns }) => !columns.fill.includes(Fill.Loading));

/** Columns of the trends as they are drawn, holes as one row each, then the marks and alarms above the axis. */
export function trendTable(lanes: readonly ShownLane[], scale: TimeScale, events: TrendEvents, ward: WardClock, units: WardUnits | undefined, spoken: Language): CsvTable {
  const rows: CsvField[][] = [];
  for (const { signal, columns, decimals } of lanes) {
    const shown = shownIn(signal, units);
    const name = [signal.id, labelOf(signal, spoken), shown.label];
    const own = shown.decimals(decimals);
    const aperiodic = signal.expectedS === null && signal.kind !== 'waveform';
    for (let x = 0; x < columns.width; x++) {
      const [from, fill] = [scale.time(x), columns.fill[x]];
      if (fill === Fill.Data) {
        const count = columns.count[x] ?? 0;
        const value = (stored: number | undefined, more: number): CsvField => ({ value: shown.of(stored ?? 0), decimals: own === null ? null : own + more });
        rows.push(['value', ...timeFields(ward, from), toIso(utcMs(Math.round(scale.time(x + 1)))), ...name, value(columns.min[x], 0), value(columns.mean[x], count > 1 ? 1 : 0), value(columns.max[x], 0), { value: count, decimals: 0 }, null]);
      } else if (fill === Fill.None && !aperiodic) {
        while (x + 1 < columns.width && columns.fill[x + 1] === Fill.None) x++;
        rows.push(['gap', ...timeFields(ward, from), toIso(utcMs(Math.round(scale.time(x + 1)))), ...name, null, null, null, null, null]);
      }
    }
  }
  const inside = (time: number): boolean => time >= scale.start && time <= scale.end;
  const event = (kind: string, time: number, until: number | null, text: string): CsvField[] => [kind, ...timeFields(ward, time), until === null ? null : toIso(utcMs(until)), null, null, null, null, null, null, null, text];
  for (const mark of events.marks.filter((one) => inside(one.time))) rows.push(event('mark', mark.time, mark.until, [[mark.kind, ...Object.entries(mark.attributes).map(([code, value]) => `${code}=${value}`)].join(' '), mark.text].filter(Boolean).join(': ')));
  for (const alert of events.alerts.filter((one) => inside(one.since))) rows.push(event(`alarm-${alert.priority}`, alert.since, alert.until, alert.text));
  return {
    content: 'trends',
    head: [['column_ms', { value: scale.msPerPx, decimals: null }], ['signals', lanes.map(({ signal }) => signal.id).join(' ')]],
    columns: ['kind', ...TIME_COLUMNS('time'), 'until_utc', 'signal', 'name', 'unit', 'min', 'mean', 'max', 'n', 'text'],
    rows,
  };
}

/** One line of the list of events, in the words of the page. */
export interface ShownEvent {
  readonly group: string;
  readonly time: number;
  readonly until: number | null;
  readonly on: boolean;
  readonly what: string;
  readonly text: string;
  readonly of: string;
  readonly signal: string;
}

export function eventTable(shown: readonly ShownEvent[], groups: readonly string[], leftOut: number, ward: WardClock): CsvTable {
  return {
    content: 'events',
    head: [['shown', groups.join(' ')], ...(leftOut > 0 ? [['rows_not_shown', { value: leftOut, decimals: 0 }] as const] : [])],
    columns: ['kind', ...TIME_COLUMNS('time'), 'until_utc', 'still_on', 'what', 'text', 'of', 'signal'],
    rows: shown.map((one) => [one.group, ...timeFields(ward, one.time), one.until === null ? null : toIso(utcMs(Math.round(one.until))), one.on ? 'true' : 'false', one.what, one.text, one.of, one.signal]),
  };
}
