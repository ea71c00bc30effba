import type { WardClock } from '../base/local_time.ts';
import { toldApart } from '../base/ticks.ts';
import { baseId, LANE_RULES, planBed } from '../catalog/lanes.ts';
import type { SignalDescription } from '../wire/api.ts';
import type { Sheet, SheetCell, SheetHour, SheetRow } from '../wire/sheet_api.ts';

export const SHEET_GROUPS = ['circulation', 'respiration', 'ventilation', 'temperature', 'other'] as const;
export type SheetGroup = (typeof SHEET_GROUPS)[number];

/** Groups of the nomenclature by the part of the sheet in which they stand. */
const PARTS: readonly (readonly [RegExp, SheetGroup])[] = [
  [/^(ecg|art|pap|cvp|nibp|hemo)$/, 'circulation'], [/^(spo2|resp|co2|gas-|agent)/, 'respiration'], [/^vent-/, 'ventilation'], [/^temp$/, 'temperature'],
];

const partOf = (signal: SignalDescription): SheetGroup => PARTS.find(([group]) => group.test(signal.group))?.[1] ?? 'other';

/** Numbers in the order of their lanes, whether the bed has the waves or not. */
const LANE_ORDER = LANE_RULES.flatMap((rule) => rule.numerics).flatMap((spec) => spec.split(/[|/()]/).filter(Boolean));

/** All numerics and settings in the order of the one list of lanes, the others as in the grid; what several devices give stands together. */
export function sheetOrder(signals: readonly SignalDescription[]): SignalDescription[] {
  const { lanes, grid } = planBed(signals, new Set());
  const all = [...lanes.flatMap((lane) => lane.numerics), ...grid].flatMap((slot) => slot.parts).filter((signal) => signal.kind !== 'text');
  const order = [...new Set([...LANE_ORDER, ...all.map((signal) => baseId(signal.id))])];
  const rank = new Map(order.map((id, i) => [id, i]));
  return all.map((signal, i) => ({ signal, i, at: rank.get(baseId(signal.id)) ?? order.length })).sort((a, b) => a.at - b.at || a.i - b.i).map(({ signal }) => signal);
}

export interface SheetLine {
  readonly signal: SignalDescription;
  readonly row: SheetRow;
  /** True where another device of the sheet gives the same: the line then names its own. */
  readonly twice: boolean;
  /** True where an hour without a value lacks something. */
  readonly due: boolean;
}

export interface SheetPart {
  readonly group: SheetGroup;
  readonly lines: readonly SheetLine[];
}

/** A signal without a period that gives as many values an hour comes regularly, as from a gateway: where it stops, something is missing. */
const REGULAR = 6;

function isDue(signal: SignalDescription, row: SheetRow): boolean {
  const counts = row.cells.flatMap((cell) => (cell === null ? [] : [cell.count])).sort((a, b) => a - b);
  return signal.expectedS !== null || (counts[Math.floor(counts.length / 2)] ?? 0) >= REGULAR;
}

/** The rows of an answer under their headings; `most` of them, the rest is told by `left`. */
export function planSheet(sheet: Sheet, signals: readonly SignalDescription[], most: number): { readonly parts: readonly SheetPart[]; readonly left: number } {
  const byNumber = new Map(sheet.rows.map((row) => [row.number, row]));
  const lines = sheetOrder(signals).flatMap((signal): SheetLine[] => {
    const row = byNumber.get(signal.number);
    return row === undefined ? [] : [{ signal, row, twice: sheet.rows.some((other) => other !== row && baseId(other.id) === baseId(row.id)), due: isDue(signal, row) }];
  });
  const shown = new Set(lines.slice(0, most));
  const parts = SHEET_GROUPS.map((group) => ({ group, lines: lines.filter((line) => shown.has(line) && partOf(line.signal) === group) }));
  return { parts: parts.filter((part) => part.lines.length > 0), left: lines.length - shown.size };
}

export interface HourLabel {
  readonly hour: SheetHour;
  /** 02:00 */
  readonly label: string;
  /** UTC+2 where the hour comes twice, the date where a day begins; else empty. */
  readonly note: string;
  readonly state: 'over' | 'running' | 'future';
}

/** Names of the columns on the ward's wall clock; an hour that comes twice says its offset both times. */
export function hourLabels(sheet: Sheet, ward: WardClock): HourLabel[] {
  const plain = sheet.hours.map((hour) => ({ time: hour.from as number, label: ward.minute(hour.from), hour }));
  return toldApart(ward, plain).map(({ label, hour }, i) => {
    const [name = '', offset = ''] = label.split(' ');
    const before = sheet.hours[i - 1];
    const newDay = before === undefined || ward.date(before.from) !== ward.date(hour.from);
    return { hour, label: name, note: offset || (newDay ? ward.date(hour.from) : ''), state: hour.to <= sheet.at ? 'over' : hour.from <= sheet.at ? 'running' : 'future' };
  });
}

/** Less of an hour than this and its cell says how much. */
export const WHOLE = 0.95;

export type CellState = 'value' | 'partial' | 'gap' | 'none' | 'future';

/** What a cell is: a value that comes when it comes has no gaps, an hour to come has neither. */
export function cellState(cell: SheetCell | null, due: boolean, hour: HourLabel): CellState {
  if (cell !== null) return cell.coverage !== null && cell.coverage < WHOLE ? 'partial' : 'value';
  return hour.state === 'future' ? 'future' : due ? 'gap' : 'none';
}

/** The least complete signal of each hour, 0 … 1; null = nothing was due. */
export function leastCoverage(parts: readonly SheetPart[], hours: readonly HourLabel[]): (number | null)[] {
  const due = parts.flatMap((part) => part.lines).filter(({ signal }) => signal.expectedS !== null);
  return hours.map(({ state }, i) => (state === 'future' || due.length === 0 ? null : Math.min(...due.map(({ row }) => row.cells[i]?.coverage ?? 0))));
}
