import { parseIso, type UtcMs } from '../base/time.ts';
import { isObject, type JsonObject } from './decoded.ts';
import { validityOfNames } from './validity.ts';

// The JSON of PROTOCOL.md, read field by field: what is missing or of the wrong type takes the neutral value, never `undefined`.

export type State = 'live' | 'late' | 'lost';
export type SignalKind = 'waveform' | 'numeric' | 'setting' | 'text';
export const DEVICE_STATES = ['searching', 'connecting', 'receiving', 'silent', 'unplugged'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];
export type Priority = 'none' | 'low' | 'medium' | 'high';

export interface Last {
  readonly time: UtcMs;
  readonly value: number | null;
  readonly text: string | null;
  readonly validity: number;
}

export interface SignalDescription {
  readonly number: number;
  readonly id: string;
  readonly kind: SignalKind;
  readonly nameFr: string;
  readonly nameEn: string;
  readonly short: string;
  readonly unit: string;
  readonly device: string;
  readonly colour: string;
  readonly group: string;
  readonly displayMin: number | null;
  readonly displayMax: number | null;
  /** A value is due this often; null = aperiodic. */
  readonly expectedS: number | null;
  readonly last: Last | null;
}

export interface Device {
  readonly device: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmware: string;
  readonly protocol: string;
  readonly demo: boolean;
  /** What reads it was never tried on a real device: its name is never shown without saying so. */
  readonly experimental: boolean;
  readonly state: DeviceState;
  readonly since: UtcMs | null;
  readonly lastData: UtcMs | null;
  readonly reason: string;
  /** Codes that it sends and that are no signal until the site says which. */
  readonly codeConflicts: string;
  /** What was found on its port, where that is told. */
  readonly portFr: string;
  readonly portEn: string;
  readonly clock: { readonly offsetMs: number | null; readonly driftPpm: number; readonly uncertaintyUs: number | null; readonly epoch: number } | null;
}

export interface Session {
  readonly box: string;
  readonly epoch: number;
  readonly build: string;
  readonly timeZone: string;
  readonly bed: string;
  readonly language: string;
  /** Local time at which the ward's day begins, `07:00`. */
  readonly dayStart: string;
  readonly units: WardUnits;
  readonly demo: boolean;
}

/** Units (UCUM) in which the ward reads values; empty = in those of the devices, in which the box sends them. */
export interface WardUnits {
  readonly bodyPressure: string;
  readonly airwayPressure: string;
  readonly gasPressure: string;
  readonly temperature: string;
}

export interface AlertItem {
  readonly key: string;
  readonly device: string;
  readonly since: UtcMs;
  readonly until: UtcMs | null;
  readonly priority: Priority;
  readonly technical: boolean;
  readonly text: string;
}

export interface Health {
  readonly state: 'ok' | 'attention' | 'failed';
  readonly sentenceFr: string;
  readonly sentenceEn: string;
  readonly storeBytes: number;
  readonly freeBytes: number;
  /** Until the oldest data have to go, at the rate of the last day. */
  readonly daysLeft: number | null;
  readonly durableUpTo: UtcMs | null;
  readonly boundsFr: string;
  readonly boundsEn: string;
  /** Of the watched screen at the bed; empty = none was ever heard. */
  readonly screenFr: string;
  readonly screenEn: string;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
  readonly startedAt: UtcMs | null;
  readonly devices: readonly Device[];
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const number = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isFinite(value) ? value : otherwise);
export const orNull = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((one) => one === value) ?? otherwise;
}

/** Items of a list that the reader could make sense of. */
export function listOf<T>(value: unknown, read: (item: JsonObject) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const one = isObject(item) ? read(item) : null;
    return one === null ? [] : [one];
  });
}

export function readLast(value: unknown): Last | null {
  if (!isObject(value)) return null;
  const time = parseIso(value['time']);
  if (time === null) return null;
  return { time, value: orNull(value['value']), text: text(value['text']) || null, validity: validityOfNames(value['validity']) };
}

export function readSignal(item: JsonObject): SignalDescription | null {
  const id = text(item['id']);
  const signal = number(item['number'], 0);
  if (id === '' || signal <= 0) return null;
  const name = isObject(item['name']) ? item['name'] : {};
  return {
    number: signal,
    id,
    kind: oneOf(item['kind'], ['waveform', 'numeric', 'setting', 'text'], 'numeric'),
    nameFr: text(name['fr']) || id,
    nameEn: text(name['en']) || id,
    short: text(item['short']) || id,
    unit: text(item['unit']),
    device: text(item['device']),
    colour: text(item['colour']),
    group: text(item['group']) || 'other',
    displayMin: orNull(item['display_min']),
    displayMax: orNull(item['display_max']),
    expectedS: orNull(item['expected_s']),
    last: readLast(item['last']),
  };
}

export function readDevice(item: JsonObject): Device | null {
  const device = text(item['device']);
  if (device === '') return null;
  const clock = isObject(item['clock']) ? item['clock'] : null;
  const port = isObject(item['port']) && isObject(item['port']['sentence']) ? item['port']['sentence'] : {};
  return {
    device,
    manufacturer: text(item['manufacturer']),
    model: text(item['model']),
    serialNumber: text(item['serialNumber']),
    firmware: text(item['firmware']),
    protocol: text(item['protocol']),
    demo: item['demo'] === true,
    experimental: item['experimental'] === true,
    state: oneOf(item['state'], DEVICE_STATES, 'silent'),
    since: parseIso(item['since']),
    lastData: parseIso(item['lastData']),
    reason: text(item['reason']),
    codeConflicts: text(item['codeConflicts']),
    portFr: text(port['fr']),
    portEn: text(port['en']),
    clock: clock === null ? null : {
      offsetMs: orNull(clock['offsetMs']),
      driftPpm: number(clock['driftPpm'], 0),
      uncertaintyUs: orNull(clock['uncertaintyUs']),
      epoch: number(clock['epoch'], 0),
    },
  };
}

function readUnits(value: unknown): WardUnits {
  const units = isObject(value) ? value : {};
  return {
    bodyPressure: text(units['bodyPressure']),
    airwayPressure: text(units['airwayPressure']),
    gasPressure: text(units['gasPressure']),
    temperature: text(units['temperature']),
  };
}

export function readSession(value: unknown): Session | null {
  if (!isObject(value)) return null;
  return {
    box: text(value['box']),
    epoch: number(value['epoch'], 0),
    build: text(value['build']),
    timeZone: text(value['timeZone']) || 'UTC',
    bed: text(value['bed']),
    language: text(value['language']),
    dayStart: text(value['dayStart']) || '07:00',
    units: readUnits(value['units']),
    demo: value['demo'] === true,
  };
}

const PRIORITIES = ['none', 'low', 'medium', 'high'] as const;

export function readAlert(item: JsonObject): AlertItem | null {
  const since = parseIso(item['since']);
  if (since === null) return null;
  return {
    key: text(item['key']),
    device: text(item['device']),
    since,
    until: parseIso(item['until']),
    priority: oneOf(item['priority'], PRIORITIES, 'none'),
    technical: item['technical'] === true,
    text: text(item['text']),
  };
}

export interface AlertChange {
  readonly device: string;
  readonly key: string;
  readonly phase: 'start' | 'update' | 'end';
  readonly priority: Priority;
  readonly technical: boolean;
  readonly text: string;
}

/** The JSON of an alert block. */
export function readAlertChange(value: unknown): AlertChange | null {
  if (!isObject(value) || !isObject(value['alert'])) return null;
  const alert = value['alert'];
  return {
    device: text(value['device']),
    key: text(alert['key']),
    phase: oneOf(alert['phase'], ['start', 'update', 'end'], 'start'),
    priority: oneOf(alert['priority'], PRIORITIES, 'none'),
    technical: alert['technical'] === true,
    text: text(alert['text']),
  };
}

export function readHealth(value: unknown): Health | null {
  if (!isObject(value)) return null;
  const sentence = isObject(value['sentence']) ? value['sentence'] : {};
  const store = isObject(value['store']) ? value['store'] : {};
  const process = isObject(value['process']) ? value['process'] : {};
  const screen = isObject(value['screen']) && isObject(value['screen']['sentence']) ? value['screen']['sentence'] : {};
  const bounds = isObject(store['bounds']) && isObject(store['bounds']['sentence']) ? store['bounds']['sentence'] : {};
  return {
    state: oneOf(value['state'], ['ok', 'attention', 'failed'], 'attention'),
    sentenceFr: text(sentence['fr']),
    sentenceEn: text(sentence['en']),
    storeBytes: number(store['bytes'], 0),
    freeBytes: number(store['freeBytes'], 0),
    daysLeft: isObject(store['retention']) ? orNull(store['retention']['daysLeft']) : null,
    durableUpTo: parseIso(store['durableUpTo']),
    boundsFr: text(bounds['fr']),
    boundsEn: text(bounds['en']),
    screenFr: text(screen['fr']),
    screenEn: text(screen['en']),
    rssBytes: number(process['rssBytes'], 0),
    cpuSeconds: number(process['cpuSeconds'], 0),
    startedAt: parseIso(process['startedAt']),
    devices: listOf(value['devices'], readDevice),
  };
}

/** Items of `GET /numerics`: the last value of everything by number of signal. */
export function readNumerics(value: unknown): { readonly serverTime: UtcMs | null; readonly items: readonly (Last & { number: number })[] } {
  if (!isObject(value)) return { serverTime: null, items: [] };
  const items = listOf(value['numerics'], (item) => {
    const last = readLast(item);
    const signal = number(item['number'], 0);
    return last === null || signal === 0 ? null : { ...last, number: signal };
  });
  return { serverTime: parseIso(value['serverTime']), items };
}
