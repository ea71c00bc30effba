import type { LiveStore } from './live_store.ts';

/** Nobody touches a screen for this long: then it is free to begin anew. */
export const IDLE_MS = 60_000;
const HANDS = ['pointerdown', 'keydown', 'wheel'] as const;

export interface Screen {
  /** Something is open that a person would lose. */
  readonly isBusy: () => boolean;
  readonly isHidden: () => boolean;
  readonly reload: () => void;
}

/**
 * The page of another program than the one that now runs on the box is loaded anew: when nobody uses it, or nobody sees it, and only while the
 * box answers, so that an old page that works never makes room for none.
 */
export class Renewal {
  private readonly own: string;
  private touchedAt = performance.now();
  private done = false;

  constructor(private readonly store: LiveStore, private readonly screen: Screen) {
    this.own = store.build.value || store.session.value?.build || '';
    store.tick.watch(() => this.look());
  }

  touched(): void {
    this.touchedAt = performance.now();
  }

  private look(): void {
    const { build, link, session } = this.store;
    const own = this.own || session.value?.build || '';
    if (this.done || own === '' || build.value === '' || build.value === own || link.value.state !== 'live' || link.value.mode !== 'open') return;
    const isFree = performance.now() - this.touchedAt >= IDLE_MS && !this.screen.isBusy();
    if (!isFree && !this.screen.isHidden()) return;
    this.done = true;
    this.screen.reload();
  }
}

export function renewWhenIdle(store: LiveStore, isBusy: () => boolean): void {
  const renewal = new Renewal(store, { isBusy, isHidden: () => document.hidden, reload: () => location.reload() });
  for (const hand of HANDS) window.addEventListener(hand, () => renewal.touched(), { passive: true, capture: true });
}
