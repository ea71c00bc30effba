import { vi } from 'vitest';
import { Feed } from '../../src/live/feed.ts';
import { LiveStore } from '../../src/live/live_store.ts';
import type { FromWorker, ToWorker } from '../../src/live/messages.ts';
import { Connection, type SimulatedBox } from './box.ts';
import type { Timeline } from './timeline.ts';

const BEAT_MS = 250;
const DRAW_MS = 100;

/** What a thread does in order; while it is held up everything waits, as behind a stopped process. */
class Thread {
  private waiting: (() => void)[] = [];
  isHeld = false;

  do(act: () => void): void {
    if (this.isHeld) this.waiting.push(act);
    else act();
  }

  release(): void {
    this.isHeld = false;
    const { waiting } = this;
    this.waiting = [];
    for (const act of waiting) this.do(act);
  }
}

/** The line between screen and box: passes after a delay, holds everything, or refuses. */
export class Network {
  state: 'whole' | 'held' | 'refused' = 'whole';
  delayMs = 10;
  /** What the box takes longer until it listens, as one does that has just been started. */
  deafMs = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly timeline: Timeline) {}

  pass(act: () => void): void {
    if (this.state === 'held') this.waiting.push(act);
    else if (this.state === 'whole') this.timeline.in(this.delayMs, act);
  }

  set(state: Network['state']): void {
    this.state = state;
    const { waiting } = this;
    this.waiting = [];
    if (state === 'whole') for (const act of waiting) this.timeline.in(this.delayMs, act);
  }
}

function socketOf(box: SimulatedBox, network: Network, worker: Thread): unknown {
  return class FakeSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((event: { readonly data: unknown }) => void) | null = null;
    onclose: (() => void) | null = null;
    private connection: Connection | null = null;

    constructor() {
      if (network.state === 'refused') {
        network.pass(() => undefined);
        box.timeline.in(1, () => this.end());
        return;
      }
      network.pass(() => {
        if (!box.isUp) return this.end();
        this.connection = new Connection(box, {
          send: (data) => network.pass(() => worker.do(() => { if (this.readyState === 1) this.onmessage?.({ data }); })),
          close: () => network.pass(() => this.end()),
        });
        box.connections.add(this.connection);
        return network.pass(() => worker.do(() => {
          if (this.readyState !== 0) return;
          this.readyState = 1;
          this.onopen?.();
        }));
      });
    }

    send(text: string): void {
      network.pass(() => box.timeline.in(network.deafMs, () => this.connection?.hear(text)));
    }

    close(): void {
      this.readyState = 3;
      network.pass(() => {
        if (this.connection !== null) box.connections.delete(this.connection);
      });
    }

    private end(): void {
      worker.do(() => {
        if (this.readyState === 3) return;
        this.readyState = 3;
        this.onclose?.();
      });
    }
  };
}

function fetchFrom(box: SimulatedBox, network: Network, worker: Thread): unknown {
  return (path: string, init?: { readonly signal?: AbortSignal }) => new Promise((answer, fail) => {
    const refuse = (): void => {
      fail(new Error('no answer'));
      box.timeline.answered();
    };
    init?.signal?.addEventListener('abort', refuse);
    if (network.state === 'refused') box.timeline.in(1, refuse);
    network.pass(() => {
      if (!box.isUp) return refuse();
      const json = path.endsWith('/numerics') ? box.numerics() : path.endsWith('/devices') ? box.devices() : path.endsWith('/signals') ? box.signals() : path.includes('/alerts') ? [] : {};
      return network.pass(() => worker.do(() => {
        answer({ ok: true, status: 200, json: () => Promise.resolve(json) });
        box.timeline.answered();
      }));
    });
  });
}

const CANVAS = {
  width: 0, height: 0,
  getContext: () => new Proxy({}, { get: () => () => undefined, set: () => true }),
} as unknown as OffscreenCanvas;

/** The page and its worker, each a thread of its own, in front of a simulated box. */
export class SimulatedScreen {
  readonly worker = new Thread();
  readonly page = new Thread();
  readonly store: LiveStore;
  /** The last beat that the page took. */
  beat: Extract<FromWorker, { type: 'beat' }> | null = null;
  isVisible = true;
  private readonly feed: Feed;

  /** `looked` is called whenever the page may have painted. */
  constructor(timeline: Timeline, box: SimulatedBox, network: Network, waves: readonly number[], looked: () => void) {
    vi.stubGlobal('WebSocket', socketOf(box, network, this.worker));
    vi.stubGlobal('fetch', fetchFrom(box, network, this.page));
    this.store = new LiveStore();
    const look = (): void => {
      if (this.isVisible) looked();
    };
    this.feed = new Feed((message) => this.page.do(() => {
      if (message.type === 'beat') this.beat = message;
      if (message.type !== 'pulse') this.store.take(message);
      look();
    }));
    this.tell({ type: 'start', api: 'http://box/api/v1' });
    this.tell({ type: 'canvas', canvas: CANVAS });
    const lanes = waves.map((number, i) => ({ number, device: '', top: i * 80, height: 80, speed: 25 as const, colour: '#fff', displayMin: 0, displayMax: 1 }));
    this.tell({ type: 'layout', layout: { width: 800, height: 400, ratio: 1, pxPerMm: 3.78, grey: '#888', lanes } });
    // A timer of a thread that is held up fires once when it goes on, however often it was due.
    const timer = (ms: number, thread: Thread, act: () => void): void => {
      let isWaiting = false;
      timeline.every(ms, () => {
        if (isWaiting) return;
        isWaiting = true;
        thread.do(() => {
          isWaiting = false;
          act();
        });
      });
    };
    timer(BEAT_MS, this.worker, () => this.feed.beat());
    timer(DRAW_MS, this.worker, () => {
      if (this.isVisible) this.feed.draw();
    });
    timer(BEAT_MS, this.page, () => {
      this.tell({ type: 'alive' });
      this.store.decide();
      look();
    });
  }

  setVisible(visible: boolean): void {
    this.page.do(() => {
      this.isVisible = visible;
      this.tell({ type: 'visible', visible });
      this.store.setVisible(visible);
    });
  }

  private tell(message: ToWorker): void {
    this.worker.do(() => this.feed.tell(message));
  }
}
