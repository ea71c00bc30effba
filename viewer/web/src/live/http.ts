import { token } from './person.ts';

const PATIENCE_MS = 8_000;

/** Where this page's bed is asked: `/ward/7` for another bed that is read through this box, else nothing. */
export const base = /^\/ward\/[^/]+(?=\/)/.exec(globalThis.location?.pathname ?? '')?.[0] ?? '';

/** JSON of a path of the box; undefined when there was no good answer. */
export async function getJson(path: string): Promise<unknown> {
  try {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: 'application/json' } });
    return answer.ok ? ((await answer.json()) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** Status and JSON; status 0 = no answer. */
export async function sendJson(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object): Promise<{ readonly status: number; readonly json: unknown }> {
  try {
    const answer = await fetch(base + path, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(token.value === '' ? {} : { 'X-Bedside-Token': token.value }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json().catch(() => undefined)) as unknown };
  } catch {
    return { status: 0, json: undefined };
  }
}
