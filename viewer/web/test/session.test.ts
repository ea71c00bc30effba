import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStore } from '../src/live/live_store.ts';
import { readSession, type Session } from '../src/wire/api.ts';

const NOW = Date.UTC(2026, 0, 1);

function session(more: object): Session {
  const made = readSession({ box: 'B12', epoch: 7, build: 'b', server_time: '2026-01-01T00:00:00Z', serverTime: '2026-01-01T00:00:00Z', timeZone: 'Europe/Paris', bed: '12', language: 'fr', ...more });
  if (made === null) throw new Error('no session');
  return made;
}

describe('what the box says of itself', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('no box')));
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is news only when it differs: a page that is being read must not begin anew because the box spoke', () => {
    const store = new LiveStore();
    const heard: unknown[] = [];
    store.session.watch((next) => heard.push(next));
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(1000);
      store.take({ type: 'snapshot', session: session({ serverTime: new Date(NOW + i * 1000).toISOString() }), signals: [] });
    }
    expect(heard).toHaveLength(1);
    store.take({ type: 'snapshot', session: session({ bed: '13' }), signals: [] });
    expect(heard).toHaveLength(2);
  });
});
