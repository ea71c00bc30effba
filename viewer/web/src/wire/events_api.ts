import { parseIso, type UtcMs } from '../base/time.ts';
import { PERSON, type HeldMark } from '../marks/context.ts';
import { listOf, text, type AlertItem, type Priority } from './api.ts';
import { type Gap } from './gaps_api.ts';

// What happened in a range of time, from four lists of the box, as one.

export const GROUPS = ['mark', 'alarm', 'device', 'gap'] as const;
export type Group = (typeof GROUPS)[number];

export interface DeviceEvent {
  readonly time: UtcMs;
  readonly until: UtcMs | null;
  readonly kind: string;
  readonly source: string;
  /** Id of the signal whose state it is; empty = of the device. */
  readonly signal: string;
  readonly text: string;
}

export interface Happening {
  readonly group: Group;
  /** The same for the same happening in every answer. */
  readonly id: string;
  readonly time: number;
  /** Null = still on, or an instant. */
  readonly until: number | null;
  /** True: it lasts on. */
  readonly on: boolean;
  /** Device, or empty. */
  readonly device: string;
  readonly kind: string;
  readonly text: string;
  readonly priority: Priority;
  /** A wave or number that it is about; 0 = none. */
  readonly signal: number;
  /** Of gaps: how many signals share it. */
  readonly signals: number;
  readonly mark: HeldMark | null;
}

export function readEvents(value: unknown): readonly DeviceEvent[] | null {
  if (!Array.isArray(value)) return null;
  return listOf(value, (item) => {
    const time = parseIso(item['time']);
    if (time === null) return null;
    return { time, until: parseIso(item['until']), kind: text(item['kind']), source: text(item['source']), signal: text(item['signal']), text: text(item['text']) };
  });
}

const plain = { priority: 'none', signal: 0, signals: 0, mark: null } as const;

/** A mark of a person, or what a device noticed of itself in codes, which stands among the devices' events. */
export const ofMark = (mark: HeldMark): Happening => ({
  ...plain, group: mark.source === PERSON ? 'mark' : 'device', id: `mark ${mark.key}`, time: mark.time, until: mark.heldUntil === mark.time ? null : mark.heldUntil, on: mark.heldUntil === null, device: mark.source === PERSON ? '' : mark.source, kind: mark.kind, text: mark.text,
  signal: mark.number, signals: mark.number === 0 ? 0 : 1, mark,
});

export const ofAlarm = (alert: AlertItem): Happening => ({
  ...plain, group: 'alarm', id: `alarm ${alert.device} ${alert.key} ${alert.since}`, time: alert.since, until: alert.until, on: alert.until === null, device: alert.device, kind: alert.technical ? 'technical' : 'physiological', text: alert.text, priority: alert.priority,
});

export const ofEvent = (event: DeviceEvent, i: number): Happening => ({
  ...plain, group: 'device', id: `device ${event.source} ${event.kind} ${event.time} ${i}`, time: event.time, until: event.until, on: false, device: event.source, kind: event.kind, text: event.text,
});

const GRID_MS = 1_000;

/** One line for what all signals of a device miss together, for the same reason, to the second. */
export function groupGaps(gaps: readonly Gap[], deviceOf: (signal: number) => string): Happening[] {
  const found = new Map<string, Gap[]>();
  for (const gap of gaps) {
    const device = gap.device || deviceOf(gap.number);
    const key = `${device} ${gap.cause} ${Math.round(gap.from / GRID_MS)} ${Math.round(gap.until / GRID_MS)}`;
    found.set(key, [...(found.get(key) ?? []), gap]);
  }
  return [...found].map(([key, together]) => ({
    ...plain, group: 'gap', id: `gap ${key}`, time: Math.min(...together.map((gap) => gap.from)), until: Math.max(...together.map((gap) => gap.until)), on: false,
    device: together[0]?.device || deviceOf(together[0]?.number ?? 0), kind: together[0]?.cause ?? '', text: '', signal: together[0]?.number ?? 0, signals: new Set(together.map((gap) => gap.number)).size,
  }));
}

/** Newest first; what happened together keeps the order of the groups. */
export const newestFirst = (all: readonly Happening[]): Happening[] => [...all].sort((a, b) => b.time - a.time || GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
