import type { WardClock } from '../base/local_time.ts';
import { formatDuration } from '../i18n/i18n.ts';
import { markWords, type HeldMark } from '../marks/context.ts';
import type { AlertItem, Priority } from '../wire/api.ts';

export const STARS: { readonly [priority in Priority]: string } = { high: '***', medium: '**', low: '*', none: '·' };
const RANK: { readonly [priority in Priority]: number } = { high: 1, medium: 2, low: 3, none: 4 };

export interface Happened {
  readonly key: string;
  readonly time: number;
  /** 0 = a mark, then alarms by priority. */
  readonly rank: number;
  readonly sign: string;
  readonly words: string;
}

/** Marks and alarms of a day that began in it; of more than `most` the marks and the gravest alarms, in the order of time. */
export function happenedIn(marks: readonly HeldMark[], alerts: readonly AlertItem[], from: number, most: number): { readonly shown: readonly Happened[]; readonly left: number } {
  const all: Happened[] = [
    ...marks.map((mark) => ({ key: `mark ${mark.key}`, time: mark.time as number, rank: 0, sign: '⚑', words: [markWords(mark), mark.text].filter(Boolean).join(' – ') })),
    ...alerts.map((alert) => ({
      key: `alarm ${alert.device} ${alert.key} ${alert.since}`, time: alert.since as number, rank: RANK[alert.priority], sign: STARS[alert.priority],
      words: alert.until === null ? alert.text : `${alert.text} (${formatDuration(alert.until - alert.since)})`,
    })),
  ].filter((one) => one.time >= from);
  const chosen = [...all].sort((a, b) => a.rank - b.rank || a.time - b.time).slice(0, most);
  return { shown: chosen.sort((a, b) => a.time - b.time || a.rank - b.rank), left: all.length - chosen.length };
}

export const happenedText = (one: Happened, ward: WardClock): string => `${ward.minute(one.time)} ${one.sign} ${one.words}`;
