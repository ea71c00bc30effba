import { giveCanvas } from './canvas.ts';
import { base } from './http.ts';
import type { FromWorker, Layout, Pulse, ToWorker } from './messages.ts';
import type { LiveStore } from './live_store.ts';

const DECIDE_MS = 250;
/** The worker speaks four times a second; one that is silent this long is replaced. */
const DEAD_MS = 5_000;
const PULSE_MS = 1_000;
const HELD_UP_MS = 1_500;

/**
 * Starts the worker, gives it a canvas, and watches it: when it dies or hangs, the page goes on showing growing ages and starts another one with a
 * new canvas (a canvas can be handed over only once).
 */
export class LiveEngine {
  private worker: Worker | null = null;
  private heardAt = performance.now();
  private watchedAt = performance.now();
  private layout: Layout | null = null;
  private host: HTMLElement | null = null;
  private lastPulse: Pulse = { frames: 0, checksum: null };
  private onPulse: (() => void) | null = null;
  private freezing = { on: false, backMs: 0 };
  private readonly stepped = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(private readonly store: LiveStore) {
    setInterval(() => this.watch(), DECIDE_MS);
    document.addEventListener('visibilitychange', () => this.show());
    // A page that the browser had put away shows nothing of before, and nothing before it was judged again.
    for (const name of ['pageshow', 'focus'] as const) window.addEventListener(name, () => store.decide());
    document.addEventListener('resume', () => store.decide());
    this.stepped.addEventListener('change', () => this.tell({ type: 'stepped', stepped: this.stepped.matches }));
    this.spawn();
  }

  /** Where the canvas is to stand; null while no page shows waves. */
  setHost(host: HTMLElement | null): void {
    this.host = host;
    if (host === null) this.tell({ type: 'canvas', canvas: null });
    else this.placeCanvas();
  }

  setLayout(layout: Layout): void {
    this.layout = layout;
    this.tell({ type: 'layout', layout });
  }

  freeze(on: boolean, backMs: number): void {
    this.freezing = { on, backMs };
    this.tell({ type: 'freeze', on, backMs });
  }

  /** What the worker has drawn; where it does not answer in time, what it said last: a drawer that hangs has drawn nothing since. */
  async pulse(): Promise<Pulse> {
    const answered = new Promise<void>((resolve) => {
      this.onPulse = resolve;
    });
    this.tell({ type: 'pulse' });
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, PULSE_MS))]);
    return this.lastPulse;
  }

  private answerPulse({ frames, checksum }: Pulse): void {
    this.lastPulse = { frames, checksum };
    this.onPulse?.();
  }

  private spawn(): void {
    this.worker?.terminate();
    this.heardAt = performance.now();
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'live' });
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
      this.heardAt = performance.now();
      if (event.data.type === 'pulse') this.answerPulse(event.data);
      else this.store.take(event.data);
    };
    this.tell({ type: 'start', api: `${location.origin}${base}/api/v1` });
    if (document.hidden) this.show();
    this.tell({ type: 'stepped', stepped: this.stepped.matches });
    if (this.host !== null) this.placeCanvas();
    if (this.freezing.on) this.freeze(false, 0);
  }

  private placeCanvas(): void {
    if (this.host === null || this.worker === null) return;
    giveCanvas(this.host, this.worker);
    if (this.layout !== null) this.tell({ type: 'layout', layout: this.layout });
  }

  private show(): void {
    this.tell({ type: 'visible', visible: !document.hidden });
    this.store.setVisible(!document.hidden);
  }

  private watch(): void {
    const now = performance.now();
    // A page that was held up itself first hears what its worker said meanwhile.
    if (now - this.watchedAt > HELD_UP_MS) this.heardAt = Math.max(this.heardAt, now - DEAD_MS + HELD_UP_MS);
    this.watchedAt = now;
    if (now - this.heardAt > DEAD_MS) this.spawn();
    this.tell({ type: 'alive' });
    const turnMs = this.store.decide();
    if (turnMs < DECIDE_MS) setTimeout(() => this.store.decide(), turnMs + 1);
  }

  private tell(message: ToWorker): void {
    this.worker?.postMessage(message);
  }
}
