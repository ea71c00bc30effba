// Time of the box is UTC in nanoseconds on the wire (bigint) and in milliseconds as a double for drawing. A double keeps a
// present-day time to about a quarter of a microsecond, far below a pixel. The two cannot be mixed: each has a brand.

declare const nsBrand: unique symbol;
declare const msBrand: unique symbol;

/** Nanoseconds since 1970-01-01T00:00:00Z, exact. */
export type UtcNs = bigint & { readonly [nsBrand]: true };

/** Milliseconds since 1970-01-01T00:00:00Z, with a fraction; lossy below 0.25 µs. */
export type UtcMs = number & { readonly [msBrand]: true };

export const utcNs = (value: bigint): UtcNs => value as UtcNs;
export const utcMs = (value: number): UtcMs => value as UtcMs;

const NS_PER_MS = 1_000_000n;

export function nsToMs(time: UtcNs): UtcMs {
  const whole = time / NS_PER_MS;
  return utcMs(Number(whole) + Number(time - whole * NS_PER_MS) / 1e6);
}

/** Lossy: the result carries no more than the quarter microsecond that the milliseconds had. */
export function msToNs(time: UtcMs): UtcNs {
  const whole = Math.floor(time);
  return utcNs(BigInt(whole) * NS_PER_MS + BigInt(Math.round((time - whole) * 1e6)));
}

export const addMs = (time: UtcMs, duration: number): UtcMs => utcMs(time + duration);

/** Milliseconds from `earlier` to `later`. */
export const sinceMs = (later: UtcMs, earlier: UtcMs): number => later - earlier;

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})$/;

/** Reads ISO 8601 with a zone and any number of decimals; null for anything else. */
export function parseIso(text: unknown): UtcMs | null {
  if (typeof text !== 'string') return null;
  const parts = ISO.exec(text);
  if (parts === null) return null;
  const whole = Date.parse(`${parts[1]}${parts[3]}`);
  return Number.isNaN(whole) ? null : utcMs(whole + Number(`0.${parts[2] ?? '0'}`) * 1000);
}

export const toIso = (time: UtcMs): string => new Date(time).toISOString();
