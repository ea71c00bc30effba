import { Cell } from '../base/cell.ts';
import { parseIso, type UtcMs } from '../base/time.ts';
import { language } from '../i18n/i18n.ts';
import { getJson } from '../live/http.ts';
import { isObject, type JsonObject } from '../wire/decoded.ts';
import { listOf, number, text } from '../wire/api.ts';

// The catalogue of marks as the box has it, and marks as they hold. Words are the box's own: one place for screen and exports.

export interface Words {
  readonly fr: string;
  readonly en: string;
}

export interface ContextValue {
  readonly value: string;
  readonly name: Words;
}

export interface ContextAttribute {
  readonly attribute: string;
  readonly name: Words;
  readonly required: boolean;
  readonly values: readonly ContextValue[];
}

export interface ContextKind {
  readonly kind: string;
  readonly form: 'event' | 'range' | 'state';
  readonly offered: boolean;
  readonly bed: boolean;
  readonly name: Words;
  /** Numbers of the signals that it can be said of. */
  readonly signals: ReadonlySet<number>;
  readonly attributes: readonly ContextAttribute[];
}

/** A mark of a person (`source` = bed) or a notice of a device, as it holds. */
export interface HeldMark {
  readonly key: string;
  readonly version: number;
  readonly kind: string;
  readonly text: string;
  readonly attributes: { readonly [attribute: string]: string };
  readonly source: string;
  /** Number of the signal that was marked; 0 = the bed, or a whole device. */
  readonly number: number;
  /** Numbers of the signals that it is about; empty = all. */
  readonly concerns: readonly number[];
  readonly time: UtcMs;
  readonly until: UtcMs | null;
  /** Null = it holds on, or nobody told its end. */
  readonly heldUntil: UtcMs | null;
  readonly withdrawn: boolean;
}

export const PERSON = 'bed';

const wordsOf = (value: unknown): Words => (isObject(value) ? { fr: text(value['fr']), en: text(value['en']) } : { fr: '', en: '' });
const numbersOf = (value: unknown): number[] => (Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number') : []);

export function readContext(value: unknown): readonly ContextKind[] | null {
  if (!isObject(value) || !Array.isArray(value['kinds'])) return null;
  return listOf(value['kinds'], (item) => ({
    kind: text(item['kind']),
    form: item['form'] === 'range' || item['form'] === 'state' ? item['form'] : 'event',
    offered: item['offered'] === true,
    bed: item['bed'] === true,
    name: wordsOf(item['name']),
    signals: new Set(numbersOf(item['signals'])),
    attributes: listOf(item['attributes'], (attribute) => ({
      attribute: text(attribute['attribute']),
      name: wordsOf(attribute['name']),
      required: attribute['required'] === true,
      values: listOf(attribute['values'], (one) => ({ value: text(one['value']), name: wordsOf(one['name']) })),
    })),
  }));
}

export function readMark(item: JsonObject): HeldMark | null {
  const time = parseIso(item['time']);
  if (time === null) return null;
  const attributes = isObject(item['attributes']) ? item['attributes'] : {};
  return {
    key: text(item['key']),
    version: number(item['version'], 1),
    kind: text(item['kind']),
    text: text(item['text']),
    attributes: Object.fromEntries(Object.entries(attributes).map(([code, value]) => [code, text(value)])),
    source: text(item['source']) || PERSON,
    number: number(item['number'], 0),
    concerns: numbersOf(item['concerns']),
    time,
    until: parseIso(item['until']),
    heldUntil: parseIso(item['heldUntil']),
    withdrawn: item['withdrawn'] === true,
  };
}

export const readMarks = (value: unknown): readonly HeldMark[] => listOf(value, readMark).filter((mark) => !mark.withdrawn);

/** Null until the box gave it. */
export const context = new Cell<readonly ContextKind[] | null>(null);

/** Asks for the catalogue anew: which signals a kind fits changes with the devices. */
export async function askContext(): Promise<void> {
  const kinds = readContext(await getJson('/api/v1/context'));
  if (kinds !== null) context.set(kinds);
}

export const said = (words: Words): string => (language.value === 'fr' ? words.fr : words.en);

export const kindOf = (code: string): ContextKind | undefined => context.value?.find((one) => one.kind === code);

/** "Suction", "Probe site: left finger"; a code that this build has no words for stays a code. */
export function markWords(mark: Pick<HeldMark, 'kind' | 'attributes'>): string {
  const kind = kindOf(mark.kind);
  const name = kind === undefined ? mark.kind : said(kind.name);
  const values = Object.entries(mark.attributes).map(([code, value]) => {
    const found = kind?.attributes.find((one) => one.attribute === code)?.values.find((one) => one.value === value);
    return found === undefined ? value : said(found.name);
  });
  if (values.length === 0) return name;
  return language.value === 'fr' ? `${name} : ${values.join(', ')}` : `${name}: ${values.join(', ')}`;
}

/** True while it says something of an instant; what nobody ended says it for as long as a shift lasts, and states until another. */
export function holdsAt(mark: HeldMark, time: number): boolean {
  if (time < mark.time) return false;
  if (mark.heldUntil !== null) return time < mark.heldUntil;
  return kindOf(mark.kind)?.form === 'state' || time - mark.time < OPEN_MS;
}

/** Where what nobody ended stops being drawn: its end is not known. */
export const OPEN_MS = 8 * 3_600_000;

/** Marks that are about a signal by itself, not about the whole bed or device. */
export const isAbout = (mark: HeldMark, signal: number): boolean => mark.number !== 0 && mark.concerns.includes(signal);
