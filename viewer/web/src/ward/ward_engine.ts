import { giveCanvas } from '../live/canvas.ts';
import type { FromWorker, Layout, ToWorker } from '../live/messages.ts';
import type { WardStore } from './ward_store.ts';

const DECIDE_MS = 250;
/** The worker speaks four times a second; one that is silent this long is replaced. */
const DEAD_MS = 5_000;

/** The worker of the live page once more, with the ward's socket and one canvas for all tiles; it ends with the page. */
export class WardEngine {
  private worker: Worker | null = null;
  private heardAt = 0;
  private layout: Layout | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly visible = (): void => this.tell({ type: 'visible', visible: !document.hidden });
  private readonly stepped = matchMedia('(prefers-reduced-motion: reduce)');

  /** `host` is where the canvas stands; it says how many frames a second are drawn. */
  constructor(private readonly store: WardStore, private readonly host: HTMLElement) {
    this.timer = setInterval(() => {
      if (performance.now() - this.heardAt > DEAD_MS) this.spawn();
      this.tell({ type: 'alive' });
      const turnMs = store.decide();
      if (turnMs < DECIDE_MS) setTimeout(() => store.decide(), turnMs + 1);
      host.dataset['fps'] = String(store.fps);
    }, DECIDE_MS);
    document.addEventListener('visibilitychange', this.visible);
    this.spawn();
  }

  setLayout(layout: Layout): void {
    this.layout = layout;
    this.tell({ type: 'layout', layout });
  }

  end(): void {
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.visible);
    this.worker?.terminate();
    this.worker = null;
  }

  private spawn(): void {
    this.worker?.terminate();
    this.heardAt = performance.now();
    this.worker = new Worker(new URL('../live/worker.ts', import.meta.url), { type: 'module', name: 'ward' });
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
      this.heardAt = performance.now();
      this.store.take(event.data);
    };
    this.tell({ type: 'start', api: `${location.origin}/api/v1/ward` });
    this.tell({ type: 'stepped', stepped: this.stepped.matches });
    giveCanvas(this.host, this.worker);
    if (this.layout !== null) this.tell({ type: 'layout', layout: this.layout });
  }

  private tell(message: ToWorker): void {
    this.worker?.postMessage(message);
  }
}
