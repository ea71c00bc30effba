// Labels of instants in the zone of the ward. The axis stays linear in UTC; only labels are local, so 23-hour and 25-hour days need no special case.

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Wall-clock reading in one IANA zone. */
export class WardClock {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();

  constructor(readonly zone: string) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    let format: Intl.DateTimeFormat;
    try {
      format = new Intl.DateTimeFormat('en-US', { ...parts, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat('en-US', { ...parts, timeZone: 'UTC' });
    }
    this.format = format;
  }

  /** Local minus UTC in ms; offsets change only on quarter hours, so one question to Intl per quarter hour is enough. */
  offset(time: number): number {
    const quarter = Math.floor(time / (15 * MINUTE_MS));
    const known = this.offsets.get(quarter);
    if (known !== undefined) return known;
    const at = quarter * 15 * MINUTE_MS;
    const read: { [type: string]: number } = {};
    for (const part of this.format.formatToParts(at)) read[part.type] = Number(part.value);
    const local = Date.UTC(read['year'] ?? 1970, (read['month'] ?? 1) - 1, read['day'] ?? 1, read['hour'] ?? 0, read['minute'] ?? 0, read['second'] ?? 0);
    const offset = local - at;
    if (this.offsets.size > 20_000) this.offsets.clear();
    this.offsets.set(quarter, offset);
    return offset;
  }

  parts(time: number): Parts {
    const local = new Date(time + this.offset(time));
    return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), hour: local.getUTCHours(), minute: local.getUTCMinutes(), second: local.getUTCSeconds() };
  }

  time(time: number): string {
    const p = this.parts(time);
    return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
  }

  minute(time: number): string {
    const p = this.parts(time);
    return `${two(p.hour)}:${two(p.minute)}`;
  }

  date(time: number): string {
    const p = this.parts(time);
    return `${two(p.day)}/${two(p.month)}`;
  }

  /** With the date only when it is not that of `now`. */
  stamp(time: number, now: number): string {
    return this.date(time) === this.date(now) && now - time < 24 * HOUR_MS ? this.time(time) : `${this.date(time)} ${this.time(time)}`;
  }

  /** The same to the minute. */
  shortStamp(time: number, now: number): string {
    return this.date(time) === this.date(now) && Math.abs(now - time) < 24 * HOUR_MS ? this.minute(time) : `${this.date(time)} ${this.minute(time)}`;
  }

  /** UTC+1, UTC+5:30. */
  zoneLabel(time: number): string {
    const minutes = this.offset(time) / MINUTE_MS;
    const rest = Math.abs(minutes) % 60;
    const hours = Math.floor(Math.abs(minutes) / 60);
    return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
  }
}

const clocks = new Map<string, WardClock>();

/** The clock of the ward, one for each zone: to make one takes some milliseconds, and every screen asks four times a second. */
export function wardClockOf(session: { readonly timeZone: string } | null | undefined): WardClock {
  const zone = session?.timeZone ?? 'UTC';
  const known = clocks.get(zone) ?? new WardClock(zone);
  clocks.set(zone, known);
  return known;
}
