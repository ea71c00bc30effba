import type { LiveEngine } from '../live/engine.ts';
import type { LiveStore } from '../live/live_store.ts';
import type { Actions } from '../ui/actions.ts';
import { route } from '../ui/route.ts';
import type { Watched } from './watched.ts';

const EVERY_MS = 5_000;
const PATIENCE_MS = 4_000;

/** Bytes of the heap, where the browser tells. */
function heapBytes(): number | null {
  const { memory } = performance as { readonly memory?: { readonly usedJSHeapSize?: unknown } };
  return typeof memory?.usedJSHeapSize === 'number' ? memory.usedJSHeapSize : null;
}

/** The build of this page: the name of its first script, which is made of its content. */
export const pageBuild = (): string => document.querySelector<HTMLScriptElement>('script[type=module]')?.src.split('/').pop()?.slice(0, 80) ?? '';

/** Tells the box every five seconds that this page lives, and what there is to see of it. Nothing of the patient is in it. */
export function sendHeartbeats(watched: Watched, store: LiveStore, engine: LiveEngine, actions: Actions): void {
  let beat = 0;
  let pageFrames = 0;
  let waiting = false;
  // One frame a tick is asked for: it comes only while pictures of this page are made.
  store.tick.watch(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      pageFrames++;
    });
  });
  const send = async (): Promise<void> => {
    const { frames, checksum } = await engine.pulse();
    const { state, mode } = store.link.value;
    // Waves move only while they come in.
    const moving = state === 'live' && mode === 'open';
    const body = {
      screen: watched.screen, beat: ++beat, frames, pageFrames, checksum: moving ? checksum : null,
      lanes: route.value.screen === 'live' ? store.plan.value.lanes.length : 0,
      held: actions.frozen.value !== null || document.hidden,
      fps: store.fps, heap: heapBytes(), build: pageBuild(), restarts: watched.restarts, reason: watched.reason,
    };
    try {
      await fetch('/api/v1/heartbeat', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      // A box that is away hears nothing; whoever watches knows that too.
    }
  };
  void send();
  setInterval(() => void send(), EVERY_MS);
}
