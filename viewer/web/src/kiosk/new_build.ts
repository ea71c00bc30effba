import type { LiveStore } from '../live/live_store.ts';

const LOOK_MS = 10 * 60_000;
const TAKE_OVER_MS = 3_000;

/**
 * Keeps the shell for when the box is gone, and notices when the box serves another build: the waiting shell takes over together with a reload, never
 * under a page that is in use.
 */
export class NewBuild {
  private registration: ServiceWorkerRegistration | null = null;
  private other = false;

  constructor(store: LiveStore) {
    let known = '';
    store.session.watch((session) => {
      if (session === null) return;
      if (known !== '' && session.build !== known) this.other = true;
      known = session.build;
      // A run of the box that began anew may have brought another page.
      void this.registration?.update().catch(() => undefined);
    });
    known = store.session.value?.build ?? '';
    if ('serviceWorker' in navigator) void this.register();
  }

  /** The box has another build than this page. */
  get waits(): boolean {
    return this.other || (this.registration?.waiting != null && navigator.serviceWorker.controller !== null);
  }

  /** The new shell first, then the page. */
  reload(): void {
    const again = (): void => location.reload();
    const { waiting } = this.registration ?? {};
    if (waiting == null) {
      again();
      return;
    }
    navigator.serviceWorker.addEventListener('controllerchange', again, { once: true });
    setTimeout(again, TAKE_OVER_MS);
    waiting.postMessage('take-over');
  }

  private async register(): Promise<void> {
    try {
      this.registration = await navigator.serviceWorker.register('/sw.js');
      setInterval(() => void this.registration?.update().catch(() => undefined), LOOK_MS);
    } catch {
      // Without it the page works the same while the box is there.
    }
  }
}
