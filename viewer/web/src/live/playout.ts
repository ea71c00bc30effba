const LEAST_MS = 300;
/** What needs more is a fault to see, not to hide. */
const MOST_MS = 1_500;
const BLOCKS = 2;
const INTERVALS = 32;
const MARGIN_MS = 60;
const WINDOW_MS = 12_000;
const STEP_MS = 100;
/** Less delay is taken back only when it is worth a step that can be seen. */
const WORTH_MS = 250;
/** The sweep runs at most this much faster or slower than time while the delay changes: it neither jumps nor stands. */
const BEND = 0.05;
const JUMP_MS = 5_000;

interface Sighting {
  readonly at: number;
  readonly ms: number;
}

/** The longest of the last seconds. */
class Longest {
  private seen: Sighting[] = [];

  see(ms: number, at: number): void {
    this.seen = this.seen.filter((one) => one.at > at - WINDOW_MS && one.ms > ms);
    this.seen.push({ at, ms });
  }

  get ms(): number {
    return Math.max(0, ...this.seen.map((one) => one.ms));
  }
}

/**
 * The constant delay at which waves are drawn, so that the sweep never waits for a block: twice the interval at which blocks come, and never
 * less than the longest that a block needed, first sample to arrival, in the last seconds; 0.3 to 1.5 s. It is rounded to 0.1 s because it is shown.
 */
export class Playout {
  private readonly lags = new Longest();
  private intervals: number[] = [];
  private readonly arrivals = new Map<number, number>();
  private delay = LEAST_MS;
  private head: number | null = null;
  private ranAt = 0;

  /** Samples of a signal from `first` on arrived when the box's clock read `serverNow`. */
  see(signal: number, first: number, serverNow: number, now: number): void {
    const lag = serverNow - first;
    if (lag < 0 || lag > JUMP_MS) return;
    this.lags.see(lag, now);
    const before = this.arrivals.get(signal);
    this.arrivals.set(signal, now);
    // Blocks of one burst come together; a pause is no interval.
    if (before !== undefined && now > before && now - before < MOST_MS) this.intervals = [...this.intervals.slice(1 - INTERVALS), now - before];
    const wanted = this.wanted();
    if (wanted > this.delay || this.delay - wanted > WORTH_MS) this.delay = wanted;
  }

  private wanted(): number {
    const needed = Math.max(BLOCKS * this.interval(), this.lags.ms + MARGIN_MS);
    return Math.min(MOST_MS, Math.max(LEAST_MS, Math.ceil(needed / STEP_MS) * STEP_MS));
  }

  /** The usual one: a single pause is what the longest lag is for. */
  private interval(): number {
    return this.intervals.toSorted((a, b) => a - b)[this.intervals.length >> 1] ?? 0;
  }

  get delayMs(): number {
    return this.delay;
  }

  /** Capture time under the pen; never runs backwards unless the box's clock was set. */
  advance(serverNow: number, now: number): number {
    const wanted = serverNow - this.delay;
    const ran = Math.max(0, now - this.ranAt);
    this.ranAt = now;
    if (this.head === null || Math.abs(wanted - this.head) > JUMP_MS) {
      this.head = wanted;
      return this.head;
    }
    this.head = Math.min(this.head + ran * (1 + BEND), Math.max(this.head + ran * (1 - BEND), wanted));
    // A picture that was held up for a while goes on where it should be.
    if (wanted - this.head > MOST_MS) this.head = wanted;
    return this.head;
  }
}
