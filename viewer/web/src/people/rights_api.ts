import { parseIso, type UtcMs } from '../base/time.ts';
import { isObject, type JsonObject } from '../wire/decoded.ts';

// What is the patient's to want, as the box answers. Read field by field like the rest of the API.

export interface Research {
  readonly stay: string;
  readonly refused: boolean;
  readonly at: UtcMs | null;
}

export interface Access {
  readonly first: UtcMs;
  readonly last: UtcMs;
  readonly who: string;
  readonly role: string;
  readonly act: string;
  readonly french: string;
  readonly english: string;
  readonly what: readonly string[];
  readonly count: number;
  readonly refused: number;
  readonly reasons: readonly string[];
}

export interface Accesses {
  readonly stay: string;
  readonly from: UtcMs | null;
  readonly to: UtcMs | null;
  readonly madeAt: UtcMs;
  readonly detail: 'days' | 'persons' | 'roles';
  readonly lines: readonly Access[];
  readonly entries: number;
  readonly research: Research;
}

export interface Erasable {
  readonly stay: string;
  readonly from: UtcMs;
  readonly to: UtcMs | null;
  readonly askedAt: UtcMs | null;
  readonly askedBy: string;
  readonly reason: string;
  /** So much of another stay goes with it. */
  readonly othersSeconds: number;
}

const text = (json: JsonObject, key: string): string => (typeof json[key] === 'string' ? json[key] : '');
const amount = (json: JsonObject, key: string): number => (typeof json[key] === 'number' ? json[key] : 0);
const texts = (json: JsonObject, key: string): readonly string[] => (Array.isArray(json[key]) ? json[key].filter((one) => typeof one === 'string') : []);
const objects = (json: unknown): readonly JsonObject[] => (Array.isArray(json) ? json.filter(isObject) : []);

/** Null = the box did not answer, or knows of no such stay. */
export const readResearch = (json: unknown): Research | null => (isObject(json) && typeof json['stay'] === 'string' && json['stay'] !== '' ? { stay: json['stay'], refused: json['refused'] === true, at: parseIso(json['at']) } : null);

export function readAccesses(json: unknown): Accesses | null {
  const research = isObject(json) ? readResearch(json['research']) : null;
  const madeAt = isObject(json) ? parseIso(json['madeAt']) : null;
  if (!isObject(json) || research === null || madeAt === null) return null;
  const lines = objects(json['lines']).flatMap((line) => {
    const [first, last] = [parseIso(line['first']), parseIso(line['last'])];
    return first === null || last === null ? [] : [{
      first, last, who: text(line, 'who'), role: text(line, 'role'), act: text(line, 'act'), french: text(line, 'french'), english: text(line, 'english'),
      what: texts(line, 'what'), count: amount(line, 'count'), refused: amount(line, 'refused'), reasons: texts(line, 'reasons'),
    }];
  });
  const detail = text(json, 'detail');
  return {
    stay: text(json, 'stay'), from: parseIso(json['from']), to: parseIso(json['to']), madeAt, detail: detail === 'days' || detail === 'persons' ? detail : 'roles', lines, entries: amount(json, 'entries'), research,
  };
}

export const readErasable = (json: unknown): readonly Erasable[] =>
  objects(json).flatMap((one) => {
    const from = parseIso(one['from']);
    return from === null ? [] : [{ stay: text(one, 'stay'), from, to: parseIso(one['to']), askedAt: parseIso(one['askedAt']), askedBy: text(one, 'askedBy'), reason: text(one, 'reason'), othersSeconds: amount(one, 'othersSeconds') }];
  });
