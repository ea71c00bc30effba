import { utcMs, type UtcMs } from '../base/time.ts';

/** How fast the clocks of box and screen may run apart: a newer proof replaces an older one from which it differs by no more. */
const DRIFT = 500e-6;
/** A link that holds frames back longer than this is not believed: ages then take the pessimistic bound. */
const BELIEVED_MS = 400;
const CONTRADICTION_MS = 50;

/** At the screen's time `at` the box's clock was ahead of it by at least, or at most, `offset`. */
interface Bound {
  readonly at: number;
  readonly offset: number;
}

/**
 * What the box's clock reads now, from frames and pongs, on the screen's own monotonic clock. A frame proves that the box's time
 * is at least what the frame says; a pong that it was at most that when the ping left. Neither proof grows old, it only gives way to one within the
 * drift since: so frames that were held back, however long, never make data young.
 */
export class ServerClock {
  private least: Bound | null = null;
  private most: Bound | null = null;

  /** Counts how often what was believed turned out wrong: whoever follows this clock forgets with it. */
  turn = 0;

  /** `serverTime` was read by the box before `now`. A bound above what a pong proved: the box's clock was set ahead. */
  frame(serverTime: number, now: number): void {
    const offset = serverTime - now;
    const upper = this.upper(now);
    if (upper !== null && offset > upper + CONTRADICTION_MS) this.most = null;
    const lower = this.lower(now);
    if (lower === null || offset >= lower) this.least = { at: now, offset };
  }

  /** The box read `serverTime` after the ping left at `sent`. A bound below what frames prove: the box's clock was set back. */
  pong(serverTime: number, sent: number, now: number): void {
    const offset = serverTime - sent;
    const lower = this.lower(now);
    if (lower !== null && offset < lower - CONTRADICTION_MS) {
      this.least = null;
      this.turn++;
    }
    const upper = this.upper(now);
    if (upper === null || offset <= upper) this.most = { at: now, offset };
  }

  /** What another such clock, which hears the box itself, reads now: believed as it is, for it may take back what it feared. */
  follow(serverNow: number, now: number): void {
    this.most = null;
    this.least = { at: now, offset: serverNow - now };
  }

  reset(): void {
    this.least = null;
    this.most = null;
    this.turn++;
  }

  /** Null until the box has been heard. The last bounds hold when nothing newer comes: silence must let ages grow, not forget the time. */
  now(now: number): UtcMs | null {
    const lower = this.least?.offset ?? null;
    const upper = this.most?.offset ?? null;
    if (lower === null && upper === null) return null;
    if (lower === null) return utcMs(now + (upper ?? 0));
    if (upper === null || upper < lower) return utcMs(now + lower);
    return utcMs(now + (upper - lower > BELIEVED_MS ? upper : lower));
  }

  private lower(now: number): number | null {
    return this.least === null ? null : this.least.offset - DRIFT * Math.max(0, now - this.least.at);
  }

  private upper(now: number): number | null {
    return this.most === null ? null : this.most.offset + DRIFT * Math.max(0, now - this.most.at);
  }
}

const JUMP_MS = 1_500;

/** A machine that slept, or a wall clock that was set: what was believed of the box's time is worth nothing until it speaks again. */
export class WallWatch {
  private wall = Date.now() - performance.now();

  /** True once for each jump. */
  jumped(): boolean {
    const wall = Date.now() - performance.now();
    const jumped = Math.abs(wall - this.wall) > JUMP_MS;
    this.wall = wall;
    return jumped;
  }
}
