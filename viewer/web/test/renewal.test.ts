import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStore } from '../src/live/live_store.ts';
import type { FromWorker } from '../src/live/messages.ts';
import { IDLE_MS, Renewal } from '../src/live/renewal.ts';
import { T0, Timeline } from './simulation/timeline.ts';

const timeline = { current: new Timeline() };

beforeEach(() => {
  timeline.current = new Timeline();
  timeline.current.install();
  vi.stubGlobal('fetch', () => Promise.reject(new Error('nobody')));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A page of the build `old` before a box that is heard, and what it does until it is loaded anew. */
function page(): { readonly store: LiveStore; readonly renewal: Renewal; readonly state: { busy: boolean; hidden: boolean; reloads: number }; readonly pass: (ms: number, build: string, heard?: boolean) => void } {
  const store = new LiveStore();
  const state = { busy: false, hidden: false, reloads: 0 };
  const say = (build: string): void => {
    const now = T0 + timeline.current.now;
    const beat: FromWorker = { type: 'beat', sentAt: timeline.current.now, serverNow: now, lastFrame: now, mode: 'open', turn: 0, delayMs: 300, fps: 60, longestMs: 16, faults: 0, gaps: 0, waves: [], lanes: [] };
    store.take(beat);
    store.take({ type: 'status', dictionary: '', storedUpTo: null, build });
  };
  say('old');
  const renewal = new Renewal(store, { isBusy: () => state.busy, isHidden: () => state.hidden, reload: () => state.reloads++ });
  const pass = (ms: number, build: string, heard = true): void => {
    for (const until = timeline.current.now + ms; timeline.current.now < until; timeline.current.now += 250) {
      if (heard) say(build);
      store.decide();
    }
  };
  return { store, renewal, state, pass };
}

describe('the page of a box with another build', () => {
  it('is loaded anew once nobody has touched it for a minute, and only then, and once', () => {
    const { renewal, state, pass } = page();
    pass(10 * IDLE_MS, 'old');
    expect(state.reloads).toBe(0);
    renewal.touched();
    pass(IDLE_MS - 1_000, 'new');
    expect(state.reloads).toBe(0);
    renewal.touched();
    pass(IDLE_MS - 1_000, 'new');
    expect(state.reloads).toBe(0);
    pass(2_000, 'new');
    expect(state.reloads).toBe(1);
    pass(2 * IDLE_MS, 'new');
    expect(state.reloads).toBe(1);
  });

  it('waits while something is open on it, unless nobody sees it', () => {
    const { state, pass } = page();
    state.busy = true;
    pass(3 * IDLE_MS, 'new');
    expect(state.reloads).toBe(0);
    state.hidden = true;
    pass(1_000, 'new');
    expect(state.reloads).toBe(1);
  });

  it('stays where it is while the box is not heard', () => {
    const { state, pass } = page();
    pass(1_000, 'new');
    pass(3 * IDLE_MS, 'new', false);
    expect(state.reloads).toBe(0);
    pass(1_000, 'new');
    expect(state.reloads).toBe(1);
  });
});
