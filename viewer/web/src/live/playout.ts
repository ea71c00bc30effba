const LEAST_MS = 300;
/** A source that hands over a second of waves at once needs about two; more would be a fault to see, not to hide. */
const MOST_MS = 2_500;
const MARGIN_MS = 60;
const WINDOW_MS = 12_000;
const STEP_MS = 100;
/** How much faster than real time the sweep may run to give delay back. */
const CATCH_UP = 0.05;

/**
 * The constant delay at which waves are drawn, so that the sweep never waits for a block: the longest that a block needed, first sample to
 * arrival, in the last seconds. It is rounded to 0.1 s because it is shown.
 */
export class Playout {
  private lags: { at: number; lag: number }[] = [];
  private head: number | null = null;
  private ranAt = 0;

  /** Samples from `first` on arrived when the box's clock read `serverNow`. */
  see(first: number, serverNow: number, now: number): void {
    const lag = serverNow - first;
    if (lag < 0 || lag > 4 * MOST_MS) return;
    this.lags = this.lags.filter((one) => one.at > now - WINDOW_MS && one.lag > lag);
    this.lags.push({ at: now, lag });
  }

  get delayMs(): number {
    const longest = Math.max(0, ...this.lags.map((one) => one.lag)) + MARGIN_MS;
    return Math.min(MOST_MS, Math.max(LEAST_MS, Math.ceil(longest / STEP_MS) * STEP_MS));
  }

  /** Capture time under the pen; never runs backwards unless the box's clock was set. */
  advance(serverNow: number, now: number): number {
    const wanted = serverNow - this.delayMs;
    const ran = now - this.ranAt;
    this.ranAt = now;
    if (this.head === null || Math.abs(wanted - this.head) > 4 * MOST_MS) this.head = wanted;
    else if (wanted > this.head) this.head = Math.min(wanted, this.head + Math.max(ran * (1 + CATCH_UP), wanted - this.head - MOST_MS));
    return this.head;
  }
}
