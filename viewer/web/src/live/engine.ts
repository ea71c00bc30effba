import { base } from './http.ts';
import type { FromWorker, Layout, ToWorker } from './messages.ts';
import type { LiveStore } from './live_store.ts';

const DECIDE_MS = 250;
/** The worker speaks four times a second; one that is silent this long is replaced. */
const DEAD_MS = 5_000;

/**
 * Starts the worker, gives it a canvas, and watches it: when it dies or hangs, the page goes on showing growing ages and starts another one with a
 * new canvas (a canvas can be handed over only once).
 */
export class LiveEngine {
  private worker: Worker | null = null;
  private heardAt = performance.now();
  private layout: Layout | null = null;
  private host: HTMLElement | null = null;
  private freezing = { on: false, backMs: 0 };
  private readonly stepped = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(private readonly store: LiveStore) {
    setInterval(() => this.watch(), DECIDE_MS);
    document.addEventListener('visibilitychange', () => this.tell({ type: 'visible', visible: !document.hidden }));
    this.stepped.addEventListener('change', () => this.tell({ type: 'stepped', stepped: this.stepped.matches }));
    this.spawn();
  }

  /** Where the canvas is to stand; null while no page shows waves. */
  setHost(host: HTMLElement | null): void {
    this.host = host;
    if (host !== null) this.placeCanvas();
  }

  setLayout(layout: Layout): void {
    this.layout = layout;
    this.tell({ type: 'layout', layout });
  }

  freeze(on: boolean, backMs: number): void {
    this.freezing = { on, backMs };
    this.tell({ type: 'freeze', on, backMs });
  }

  private spawn(): void {
    this.worker?.terminate();
    this.heardAt = performance.now();
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'live' });
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
      this.heardAt = performance.now();
      this.store.take(event.data);
    };
    this.tell({ type: 'start', api: `${location.origin}${base}/api/v1` });
    this.tell({ type: 'stepped', stepped: this.stepped.matches });
    if (this.host !== null) this.placeCanvas();
    if (this.freezing.on) this.freeze(false, 0);
  }

  private placeCanvas(): void {
    if (this.host === null || this.worker === null) return;
    const canvas = document.createElement('canvas');
    canvas.className = 'sweep';
    canvas.setAttribute('aria-hidden', 'true');
    this.host.replaceChildren(canvas);
    const offscreen = canvas.transferControlToOffscreen();
    this.worker.postMessage({ type: 'canvas', canvas: offscreen } satisfies ToWorker, [offscreen]);
    if (this.layout !== null) this.tell({ type: 'layout', layout: this.layout });
  }

  private watch(): void {
    if (performance.now() - this.heardAt > DEAD_MS) this.spawn();
    this.store.decide();
  }

  private tell(message: ToWorker): void {
    this.worker?.postMessage(message);
  }
}
