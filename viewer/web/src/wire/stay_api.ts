import { parseIso, type UtcMs } from '../base/time.ts';
import { listOf, number, oneOf, text } from './api.ts';
import { isObject, type JsonObject } from './decoded.ts';
import { texts } from './setup_api.ts';

// Who lies in the bed, as far as a screen may know: never who it is. Read field by field like the rest of the API.

export const CERTAINTIES = ['sure', 'uncertain', 'provisional', 'conflict', 'no-patient-yet'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export const TASK_KINDS = ['two-patients', 'nobody-admitted', 'signals-after-discharge', 'admitted-without-signals', 'two-visits', 'possible-move', 'not-understood'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const SOURCES = ['admissions', 'monitor', 'signals', 'person'] as const;
export type Source = (typeof SOURCES)[number];

export interface Because {
  readonly number: number;
  readonly kind: string;
  readonly source: Source;
  readonly at: UtcMs;
}

export interface StaySpan {
  readonly stay: string;
  /** When the stay began, which may be before this span. */
  readonly since: UtcMs;
  readonly from: UtcMs;
  /** Null = now. */
  readonly to: UtcMs | null;
  readonly certainty: Certainty;
  readonly because: readonly Because[];
}

export interface Admissions {
  readonly heard: UtcMs | null;
  readonly stale: boolean;
}

export interface Stays {
  readonly kept: boolean;
  readonly admissions: Admissions;
  readonly spans: readonly StaySpan[];
}

export interface StayTask {
  readonly key: string;
  readonly kind: TaskKind;
  readonly from: UtcMs;
  readonly to: UtcMs | null;
  /** The first is what holds meanwhile. */
  readonly choices: readonly string[];
  readonly hasFirst: boolean;
  readonly hasSecond: boolean;
  /** Number of what settled it; 0 = open. */
  readonly settled: number;
  readonly settledAt: UtcMs | null;
  readonly choice: string;
}

export interface StayTasks {
  readonly kept: boolean;
  readonly version: number;
  readonly admissions: Admissions;
  readonly now: StaySpan | null;
  readonly open: number;
  readonly tasks: readonly StayTask[];
}

export const BELONGINGS = ['first', 'second', 'neither'] as const;
export type Belonging = (typeof BELONGINGS)[number];

function readAdmissions(value: unknown): Admissions {
  const admissions = isObject(value) ? value : {};
  return { heard: parseIso(admissions['heard']), stale: admissions['stale'] === true };
}

function readBecause(item: JsonObject): Because | null {
  const at = parseIso(item['at']);
  return at === null ? null : { number: number(item['number'], 0), kind: text(item['kind']), source: oneOf(item['source'], SOURCES, 'signals'), at };
}

function readSpan(item: JsonObject): StaySpan | null {
  const from = parseIso(item['from']);
  if (from === null) return null;
  return {
    stay: text(item['stay']),
    since: parseIso(item['since']) ?? from,
    from,
    to: parseIso(item['to']),
    // What is not understood is never taken for sure.
    certainty: oneOf(item['certainty'], CERTAINTIES, 'conflict'),
    because: listOf(item['because'], readBecause),
  };
}

export function readStays(value: unknown): Stays | null {
  if (!isObject(value) || typeof value['kept'] !== 'boolean') return null;
  return { kept: value['kept'], admissions: readAdmissions(value['admissions']), spans: listOf(value['spans'], readSpan) };
}

function readTask(item: JsonObject): StayTask | null {
  const from = parseIso(item['from']);
  const kind = TASK_KINDS.find((one) => one === item['kind']);
  const key = text(item['key']);
  if (from === null || kind === undefined || key === '') return null;
  return {
    key, kind, from,
    to: parseIso(item['to']),
    choices: texts(item['choices']),
    hasFirst: item['hasFirst'] === true,
    hasSecond: item['hasSecond'] === true,
    settled: number(item['settled'], 0),
    settledAt: parseIso(item['settledAt']),
    choice: text(item['choice']),
  };
}

export function readStayTasks(value: unknown): StayTasks | null {
  if (!isObject(value) || typeof value['kept'] !== 'boolean') return null;
  return {
    kept: value['kept'],
    version: number(value['version'], 0),
    admissions: readAdmissions(value['admissions']),
    now: isObject(value['now']) ? readSpan(value['now']) : null,
    open: number(value['open'], 0),
    tasks: listOf(value['tasks'], readTask),
  };
}

export const readBelonging = (value: unknown): Belonging | null => (isObject(value) ? (BELONGINGS.find((one) => one === value['belongs']) ?? null) : null);
