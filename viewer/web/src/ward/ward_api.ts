import { parseIso, type UtcMs } from '../base/time.ts';
import { listOf, number, oneOf, orNull, readDevice, readSignal, text, type Device, type Priority, type SignalDescription } from '../wire/api.ts';
import { isObject, type JsonObject } from '../wire/decoded.ts';

// The JSON of PROTOCOL.md, section Ward, read field by field. All times are of the box that shows the ward.

export const LINKS = ['connecting', 'open', 'unreachable', 'refused', 'other-bed'] as const;

export interface WardSignal {
  readonly signal: SignalDescription;
  readonly decimals: number | null;
}

export interface WardSlot {
  readonly key: string;
  readonly parts: readonly WardSignal[];
}

export interface WardBed {
  readonly place: number;
  readonly bed: string;
  readonly own: boolean;
  readonly link: (typeof LINKS)[number];
  /** What its box says of itself when it says another bed, or why it is not heard. */
  readonly said: string;
  /** Newest word of its box; null = never. */
  readonly heard: UtcMs | null;
  readonly since: UtcMs | null;
  readonly clockOffsetMs: number | null;
  readonly demo: boolean;
  readonly devices: readonly Device[];
  readonly slots: readonly WardSlot[];
  readonly wave: SignalDescription | null;
  readonly alert: { readonly priority: Priority; readonly technical: boolean; readonly text: string } | null;
  readonly alerts: number;
}

export interface WardAnswer {
  readonly serverTime: UtcMs | null;
  /** False: beds that are left out are as they were. */
  readonly whole: boolean;
  readonly hub: boolean;
  /** Who approved that this bed is given to others; null = nobody. */
  readonly givenBy: string | null;
  readonly beds: readonly WardBed[];
}

function readPart(item: JsonObject): WardSignal | null {
  const signal = readSignal(item);
  return signal === null ? null : { signal, decimals: orNull(item['decimals']) };
}

function readSlot(item: JsonObject): WardSlot | null {
  const parts = listOf(item['parts'], readPart);
  return parts.length === 0 ? null : { key: text(item['key']), parts };
}

function readBed(item: JsonObject): WardBed | null {
  const place = number(item['place'], 0);
  if (place <= 0) return null;
  const alert = isObject(item['alert']) ? item['alert'] : null;
  return {
    place,
    bed: text(item['bed']),
    own: item['own'] === true,
    link: oneOf(item['link'], LINKS, 'unreachable'),
    said: text(item['said']),
    heard: parseIso(item['heard']),
    since: parseIso(item['since']),
    clockOffsetMs: orNull(item['clockOffsetMs']),
    demo: item['demo'] === true,
    devices: listOf(item['devices'], readDevice),
    slots: listOf(item['slots'], readSlot),
    wave: isObject(item['wave']) ? readSignal(item['wave']) : null,
    alert: alert === null ? null : { priority: oneOf(alert['priority'], ['none', 'low', 'medium', 'high'], 'none'), technical: alert['technical'] === true, text: text(alert['text']) },
    alerts: number(item['alerts'], 0),
  };
}

export function readWard(value: unknown): WardAnswer | null {
  if (!isObject(value) || !Array.isArray(value['beds'])) return null;
  return {
    serverTime: parseIso(value['serverTime']),
    whole: value['isWhole'] === true,
    hub: value['isHub'] === true,
    givenBy: isObject(value['given']) ? text(value['given']['approvedBy']) : null,
    beds: listOf(value['beds'], readBed),
  };
}
