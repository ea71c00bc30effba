import { Cell } from '../base/cell.ts';
import { getJson, sendJson } from '../live/http.ts';
import { standing, token } from '../live/person.ts';

/** What `/api/v1/people/me` says. */
export interface Me {
  readonly accounts: boolean;
  readonly damaged: boolean;
  readonly atBed: boolean;
  readonly resting: boolean;
  readonly badge: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly token: string;
  readonly proven: boolean;
  /** Proven enough to decide. */
  readonly sure: boolean;
  readonly lacksSecond: boolean;
  readonly codeApp: boolean;
  readonly hasPin: boolean;
  readonly takesPins: boolean;
  readonly passkeys: number;
  readonly idleSeconds: number;
  readonly seconds: number;
  readonly emergency: string;
  readonly blank: boolean;
}

export const me = new Cell<Me | null>(null);

const isMe = (json: unknown): json is Me => typeof json === 'object' && json !== null && 'token' in json && 'resting' in json && Array.isArray((json as Me).roles);

/** Takes an answer that may say who one is; the whole page follows. */
export function take(json: unknown): void {
  if (!isMe(json)) return;
  me.set(json);
  token.set(json.token);
  standing.set(!json.accounts ? 'open' : json.emergency !== '' ? 'emergency' : json.badge !== '' ? 'person' : json.blank ? 'blank' : json.resting ? 'resting' : 'nobody');
}

export const ask = async (): Promise<void> => take(await getJson('/api/v1/people/me'));

/** Code of what went wrong (`fault` of the problem), empty = nothing did; and what the box said. */
export async function say(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object = {}): Promise<{ readonly fault: string; readonly json: unknown }> {
  const { status, json } = await sendJson(method, `/api/v1/people${path}`, body);
  take(json);
  if (status >= 200 && status < 300) return { fault: '', json };
  const fault = typeof json === 'object' && json !== null && 'fault' in json ? String(json.fault) : status === 0 ? 'silent' : 'refused';
  return { fault, json };
}
