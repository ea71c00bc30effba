import type { WardClock } from '../base/local_time.ts';
import { localText, offsetText } from '../base/local_text.ts';
import { toIso, utcMs } from '../base/time.ts';

// A file of what a page shows: for people with a spreadsheet, and for programs, which read in its head how it is written.

/** `comma`: 37,2 between semicolons. `point`: 37.2 between commas. */
export type CsvFormat = 'comma' | 'point';

/** A number is written with the decimal mark of the file; text is quoted where it must be. */
export type CsvField = string | CsvNumber | null;

/** A number as it is shown: rounded to its decimals; null = four significant digits. */
export interface CsvNumber {
  readonly value: number;
  readonly decimals: number | null;
}

export interface CsvTable {
  /** What it is of, for the name of the file: `sheet`, `trends`, `events`. */
  readonly content: string;
  /** Lines of the head, name and value. */
  readonly head: readonly (readonly [string, CsvField])[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvField[])[];
}

/** Of whom and when. */
export interface CsvOrigin {
  readonly box: string;
  readonly bed: string;
  readonly build: string;
  readonly ward: WardClock;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly demo: boolean;
}

export const NOT_VALIDATED = 'valeurs NON validées / NOT validated values';
export const NOT_A_MONITOR = 'VISUALISATION SEULE, ce n’est pas un moniteur / VIEW ONLY, not a monitor';

const BOM = '\ufeff';
const END = '\r\n';

/** A spreadsheet takes what begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

const number = ({ value, decimals }: CsvNumber, format: CsvFormat): string => {
  const plain = (decimals === null ? String(Number(value.toPrecision(4))) : value.toFixed(Math.min(decimals, 6))).replace(/^-(?=[0.]+$)/, '');
  return format === 'comma' ? plain.replace('.', ',') : plain;
};

export function csvField(field: CsvField, format: CsvFormat): string {
  if (field === null) return '';
  if (typeof field !== 'string') return Number.isFinite(field.value) ? number(field, format) : '';
  const safe = FORMULA.test(field) ? `'${field}` : field;
  return /["\r\n]/.test(safe) || safe.includes(format === 'comma' ? ';' : ',') || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The time of a row: UTC, the ward's wall clock, and how far the one is from the other. */
export const timeFields = (ward: WardClock, time: number): readonly [string, string, string] => [toIso(utcMs(Math.round(time))), localText(ward, time), `UTC${offsetText(ward, time)}`];
export const TIME_COLUMNS = (name: string): readonly string[] => [`${name}_utc`, `${name}_local`, `${name}_offset`];

export function csvText(table: CsvTable, origin: CsvOrigin, format: CsvFormat): string {
  const { ward } = origin;
  const head: (readonly [string, CsvField])[] = [
    ['bedside-csv', '1'],
    ['content', table.content],
    ['separator', format === 'comma' ? 'semicolon' : 'comma'],
    ['decimal', format === 'comma' ? 'comma' : 'point'],
    ['box', origin.box], ['bed', origin.bed], ['build', origin.build],
    ['time_zone', ward.zone],
    ['from', toIso(utcMs(Math.round(origin.from)))], ['to', toIso(utcMs(Math.round(origin.to)))], ['written', toIso(utcMs(Math.round(origin.at)))],
    ...(origin.demo ? [['demo', 'DEMO / TEST'] as const] : []),
    ...table.head,
    ['note', NOT_VALIDATED], ['note', NOT_A_MONITOR],
  ];
  const separator = format === 'comma' ? ';' : ',';
  const line = (fields: readonly CsvField[]): string => fields.map((field) => csvField(field, format)).join(separator) + END;
  return BOM + head.map(([name, value]) => line([`# ${name}`, value])).join('') + line(table.columns) + table.rows.map(line).join('');
}

/** bedside-12-sheet-20261121-1930.csv: no time zone sign, no blank, nothing that a file system minds. */
export function csvName(table: CsvTable, origin: CsvOrigin): string {
  const place = (origin.bed || origin.box).normalize('NFD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 24);
  const time = localText(origin.ward, origin.from).slice(0, 16).replace(/[-:]/g, '').replace(' ', '-');
  return `bedside-${place || 'bed'}-${table.content}-${time}.csv`;
}

/** Hands the file to the browser. Nothing is sent anywhere: it is made in the page of what the page has. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
