import { utcMs, type UtcMs } from '../base/time.ts';

const WINDOW_MS = 60_000;
const PONG_WINDOW_MS = 16_000;
/** A link that holds frames back longer than this is not believed: ages then take the pessimistic bound. */
const BELIEVED_MS = 1_000;
const CONTRADICTION_MS = 50;

interface Sighting {
  readonly at: number;
  readonly offset: number;
}

/**
 * What the box's clock reads now, from frames and pongs, on the screen's own monotonic clock. A frame proves that the box's time
 * is at least what the frame says; a pong that it was at most that when the ping left. Arrival times alone never make data young.
 */
export class ServerClock {
  private frames: Sighting[] = [];
  private pongs: Sighting[] = [];

  /** `serverTime` was read by the box before `now`. */
  frame(serverTime: number, now: number): void {
    const offset = serverTime - now;
    this.frames = this.frames.filter((one) => one.at > now - WINDOW_MS && one.offset > offset);
    this.frames.push({ at: now, offset });
  }

  /** The box read `serverTime` after the ping left at `sent`. A bound below what frames prove: the box's clock was set back. */
  pong(serverTime: number, sent: number, now: number): void {
    const offset = serverTime - sent;
    const lower = this.lower(now);
    if (lower !== null && offset < lower - CONTRADICTION_MS) this.frames = [];
    this.pongs = this.pongs.filter((one) => one.at > now - PONG_WINDOW_MS && one.offset < offset && one.offset >= (this.lower(now) ?? -Infinity) - CONTRADICTION_MS);
    this.pongs.push({ at: now, offset });
  }

  reset(): void {
    this.frames = [];
    this.pongs = [];
  }

  /** Null until the box has been heard. */
  now(now: number): UtcMs | null {
    const lower = this.lower(now);
    const upper = this.upper(now);
    if (lower === null && upper === null) return null;
    if (lower === null) return utcMs(now + (upper ?? 0));
    if (upper === null || upper < lower) return utcMs(now + lower);
    return utcMs(now + (upper - lower > BELIEVED_MS ? upper : lower));
  }

  /** The last sighting holds for ever when nothing newer came: silence must let ages grow, not forget the time. */
  private lower(now: number): number | null {
    if (this.frames.length === 0) return null;
    const recent = this.frames.filter((one) => one.at > now - WINDOW_MS);
    return Math.max(...(recent.length > 0 ? recent : this.frames).map((one) => one.offset));
  }

  private upper(now: number): number | null {
    const recent = this.pongs.filter((one) => one.at > now - PONG_WINDOW_MS);
    return recent.length === 0 ? null : Math.min(...recent.map((one) => one.offset));
  }
}
