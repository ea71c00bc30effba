import { parseIso, type UtcMs } from '../base/time.ts';
import { listOf, number, text } from './api.ts';

/** What the box has nothing of, and why (`/gaps`). */
export interface Gap {
  readonly number: number;
  readonly device: string;
  readonly from: UtcMs;
  readonly until: UtcMs;
  readonly cause: string;
  readonly missing: number;
}

export function readGaps(value: unknown): readonly Gap[] | null {
  if (!Array.isArray(value)) return null;
  return listOf(value, (item) => {
    const from = parseIso(item['from']);
    const until = parseIso(item['until']);
    if (from === null || until === null) return null;
    return { number: number(item['number'], 0), device: text(item['device']), from, until, cause: text(item['cause']), missing: number(item['missing'], 0) };
  });
}
