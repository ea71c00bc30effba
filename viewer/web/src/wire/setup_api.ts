import { parseIso, type UtcMs } from '../base/time.ts';
import { isObject, type JsonObject } from './decoded.ts';
import { DEVICE_STATES, listOf, number, oneOf, orNull, text, type DeviceState } from './api.ts';

// Ports, help pages and completeness, read field by field like the rest of the API.

/** The same words in both languages. */
export interface Words {
  readonly fr: string;
  readonly en: string;
}

export interface Attempt {
  readonly line: string;
  readonly asked: readonly string[];
  readonly stop: number;
  readonly stops: number;
}

export interface Port {
  readonly port: string;
  readonly name: string;
  readonly adapter: string;
  readonly movedFrom: string;
  readonly state: DeviceState;
  /** Name under which its data are kept. */
  readonly device: string;
  /** Kebab-case kind; empty = still looking for the first time. */
  readonly finding: string;
  readonly sentence: Words;
  readonly remedies: readonly Words[];
  readonly since: UtcMs | null;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly protocol: string;
  readonly driver: string;
  readonly quality: string;
  readonly line: string;
  readonly listenOnly: boolean;
  readonly lastData: UtcMs | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly faults: number;
  readonly lastFault: string;
  readonly lineErrors: number | null;
  /** What the driver read out of the bytes since the program began. */
  readonly read: number;
  readonly trying: Attempt | null;
  /** Driver whose help page fits; empty = none. */
  readonly help: string;
}

export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

export function readWords(value: unknown): Words {
  const words = isObject(value) ? value : {};
  return { fr: text(words['fr']), en: text(words['en']) };
}

function readAttempt(value: unknown): Attempt | null {
  if (!isObject(value)) return null;
  return { line: text(value['line']), asked: texts(value['asked']), stop: number(value['stop'], 1), stops: Math.max(1, number(value['stops'], 1)) };
}

export function readPort(item: JsonObject): Port | null {
  const port = text(item['port']);
  if (port === '') return null;
  const traffic = isObject(item['traffic']) ? item['traffic'] : {};
  return {
    port,
    name: text(item['name']) || port,
    adapter: text(item['adapter']),
    movedFrom: text(item['movedFrom']),
    device: text(item['device']),
    state: oneOf(item['state'], DEVICE_STATES, 'searching'),
    finding: text(item['finding']),
    sentence: readWords(item['sentence']),
    remedies: listOf(item['remedies'], readWords),
    since: parseIso(item['since']),
    manufacturer: text(item['manufacturer']),
    model: text(item['model']),
    serialNumber: text(item['serialNumber']),
    protocol: text(item['protocol']),
    driver: text(item['driver']),
    quality: text(item['quality']),
    line: text(item['line']),
    listenOnly: item['listenOnly'] === true,
    lastData: parseIso(item['lastData']),
    bytesIn: number(traffic['bytesIn'], 0),
    bytesOut: number(traffic['bytesOut'], 0),
    faults: number(traffic['faults'], 0),
    lastFault: text(traffic['lastFault']),
    lineErrors: orNull(traffic['lineErrors']),
    read: number(traffic['read'], 0),
    trying: readAttempt(item['trying']),
    help: text(item['help']),
  };
}

export function readPorts(value: unknown): readonly Port[] | null {
  return isObject(value) ? listOf(value['ports'], readPort) : null;
}

export interface HelpEntry {
  readonly driver: string;
  readonly manufacturer: string;
  readonly devices: string;
  readonly quality: string;
  readonly tried: readonly string[];
  readonly title: Words;
  readonly lead: Words;
  readonly nullModem: string;
  readonly listenOnly: string;
}

export function readHelpList(value: unknown): readonly HelpEntry[] | null {
  if (!Array.isArray(value)) return null;
  return listOf(value, (item) => {
    const driver = text(item['driver']);
    if (driver === '') return null;
    return {
      driver,
      manufacturer: text(item['manufacturer']),
      devices: text(item['devices']),
      quality: text(item['quality']),
      tried: texts(item['tried']),
      title: readWords(item['title']),
      lead: readWords(item['lead']),
      nullModem: text(item['nullModem']),
      listenOnly: text(item['listenOnly']),
    };
  });
}

export interface Span {
  readonly text: string;
  readonly style: string;
}

export interface HelpBlock {
  readonly kind: string;
  readonly lines: readonly (readonly Span[])[];
  readonly cells: readonly (readonly string[])[];
  readonly connector: string;
}

export interface HelpSection {
  readonly topic: string;
  readonly heading: string;
  readonly verdict: string;
  readonly blocks: readonly HelpBlock[];
}

export interface HelpText {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly HelpSection[];
}

export interface HelpPage {
  readonly driver: string;
  readonly manufacturer: string;
  readonly quality: string;
  readonly tried: readonly string[];
  readonly fr: HelpText;
  readonly en: HelpText;
}

const readSpan = (item: JsonObject): Span => ({ text: text(item['text']), style: text(item['style']) });

const readBlock = (item: JsonObject): HelpBlock => ({
  kind: text(item['kind']),
  lines: Array.isArray(item['lines']) ? item['lines'].map((line) => listOf(line, readSpan)) : [],
  cells: Array.isArray(item['cells']) ? item['cells'].map(texts) : [],
  connector: text(item['connector']),
});

function readHelpText(value: unknown): HelpText {
  const page = isObject(value) ? value : {};
  return {
    title: text(page['title']),
    lead: text(page['lead']),
    sections: listOf(page['sections'], (item) => ({
      topic: text(item['topic']),
      heading: text(item['heading']),
      verdict: text(item['verdict']),
      blocks: listOf(item['blocks'], readBlock),
    })),
  };
}

export function readHelpPage(value: unknown): HelpPage | null {
  if (!isObject(value) || text(value['driver']) === '') return null;
  return {
    driver: text(value['driver']),
    manufacturer: text(value['manufacturer']),
    quality: text(value['quality']),
    tried: texts(value['tried']),
    fr: readHelpText(value['french']),
    en: readHelpText(value['english']),
  };
}

/** Samples or readings of one signal in one window. */
export interface Counted {
  readonly expected: number;
  readonly received: number;
  /** By cause, `unexplained` with them. */
  readonly missing: ReadonlyMap<string, number>;
  readonly late: number;
  readonly duplicated: number;
}

export interface Complete {
  readonly number: number;
  readonly id: string;
  readonly name: Words;
  readonly device: string;
  readonly newest: UtcMs | null;
  readonly hour: Counted;
  readonly day: Counted;
}

export interface Window {
  readonly from: UtcMs | null;
  readonly to: UtcMs | null;
  readonly whole: boolean;
}

export interface Completeness {
  readonly hour: Window;
  readonly day: Window;
  readonly signals: readonly Complete[];
}

function readCounted(value: unknown): Counted {
  const counted = isObject(value) ? value : {};
  const missing = new Map<string, number>();
  for (const [cause, count] of Object.entries(isObject(counted['missing']) ? counted['missing'] : {})) missing.set(cause, number(count, 0));
  const unexplained = number(counted['unexplained'], 0);
  if (unexplained > 0) missing.set('unexplained', unexplained);
  return { expected: number(counted['expected'], 0), received: number(counted['received'], 0), missing, late: number(counted['late'], 0), duplicated: number(counted['duplicated'], 0) };
}

function readWindow(value: unknown): Window {
  const window = isObject(value) ? value : {};
  return { from: parseIso(window['from']), to: parseIso(window['to']), whole: window['whole'] === true };
}

export function readCompleteness(value: unknown): Completeness | null {
  if (!isObject(value)) return null;
  return {
    hour: readWindow(value['hour']),
    day: readWindow(value['day']),
    signals: listOf(value['signals'], (item) => {
      const signal = number(item['number'], 0);
      if (signal === 0) return null;
      return {
        number: signal,
        id: text(item['id']),
        name: readWords(item['name']),
        device: text(item['device']),
        newest: parseIso(item['newest']),
        hour: readCounted(item['hour']),
        day: readCounted(item['day']),
      };
    }),
  };
}
