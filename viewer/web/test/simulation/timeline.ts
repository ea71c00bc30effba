import { vi } from 'vitest';

/** 2026, in ms since 1970. */
export const T0 = 1_790_000_000_000;

interface Due {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** Simulated time: what is due happens in order, and `performance.now()`, `Date.now()` and timers read it. */
export class Timeline {
  now = 0;
  /** What the wall clock of the screen's machine is off by. */
  wallOffset = 0;
  private due: Due[] = [];
  private count = 0;
  private isAnswered = false;

  install(): void {
    vi.stubGlobal('performance', { now: () => this.now, timeOrigin: 0 });
    vi.spyOn(Date, 'now').mockImplementation(() => T0 + this.now + this.wallOffset);
    vi.stubGlobal('setTimeout', (act: () => void, ms = 0) => this.in(ms, act));
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      this.in(ms, () => {
        controller.abort();
        this.answered();
      });
      return controller.signal;
    });
  }

  in(ms: number, act: () => void): void {
    const at = this.now + Math.max(0, ms);
    const order = this.count++;
    let place = this.due.length;
    while (place > 0 && (this.due[place - 1]?.at ?? 0) > at) place--;
    this.due.splice(place, 0, { at, order, act });
  }

  every(ms: number, act: () => void): void {
    this.in(ms, () => {
      act();
      this.every(ms, act);
    });
  }

  /** A promise was settled: what waits for it happens before anything later. */
  answered(): void {
    this.isAnswered = true;
  }

  async run(ms: number): Promise<void> {
    const until = this.now + ms;
    for (let next = this.due[0]; next !== undefined && next.at <= until; next = this.due[0]) {
      this.due.shift();
      this.now = Math.max(this.now, next.at);
      next.act();
      if (!this.isAnswered) continue;
      this.isAnswered = false;
      await new Promise((done) => setImmediate(done));
    }
    this.now = until;
  }
}
