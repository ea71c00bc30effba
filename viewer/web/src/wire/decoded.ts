/** What a decoder gives: a value, or what was wrong with the bytes. Decoders never throw. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

export const good = <T>(value: T): Decoded<T> => ({ ok: true, value });
export const bad = (fault: string): { readonly ok: false; readonly fault: string } => ({ ok: false, fault });

export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeJson(bytes: Uint8Array): Decoded<unknown> {
  try {
    return good(JSON.parse(utf8.decode(bytes)) as unknown);
  } catch {
    return bad('not JSON in UTF-8');
  }
}
