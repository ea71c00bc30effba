import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cell } from '../src/base/cell.ts';
import { NewBuild } from '../src/kiosk/new_build.ts';
import type { LiveStore } from '../src/live/live_store.ts';
import type { Session } from '../src/wire/api.ts';

const BOX = 'http://127.0.0.1:8080';
const settled = async (): Promise<void> => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The service worker as the browser runs it, with a box that answers or not and what the cache holds. */
async function worker({ up, kept }: { readonly up: boolean; readonly kept: readonly string[] }): Promise<(request: object) => Promise<Response | undefined>> {
  const heard = new Map<string, (event: object) => void>();
  vi.stubGlobal('self', { location: { origin: BOX }, addEventListener: (name: string, take: (event: object) => void) => heard.set(name, take) });
  vi.stubGlobal('fetch', vi.fn(async () => {
    if (!up) throw new TypeError('no answer');
    return new Response('from the box');
  }));
  vi.stubGlobal('caches', { match: vi.fn(async (path: string) => (kept.includes(path) ? new Response(`kept ${path}`) : undefined)) });
  await import(/* @vite-ignore */ new URL('../src/shell/service_worker.ts', import.meta.url).pathname);
  return async (request) => {
    let answer: Promise<Response> | undefined;
    heard.get('fetch')?.({ request, preloadResponse: Promise.resolve(undefined), respondWith: (given: Promise<Response>) => { answer = given; } });
    return answer;
  };
}

describe('the service worker', () => {
  it('answers nothing for the box, nor for others, nor what would change anything', async () => {
    for (const up of [true, false]) {
      const ask = await worker({ up, kept: ['/offline.html'] });
      for (const path of ['/api/v1/session', '/api/v1/signals/1/samples', '/fhir/Observation', '/openapi/v1.json']) expect(await ask({ method: 'GET', url: BOX + path, mode: 'cors' }), path).toBeUndefined();
      expect(await ask({ method: 'POST', url: `${BOX}/`, mode: 'cors' })).toBeUndefined();
      expect(await ask({ method: 'GET', url: 'http://elsewhere.example/', mode: 'navigate' })).toBeUndefined();
      vi.resetModules();
    }
  });

  it('takes pages from the box, and without it says that there is no link, whatever was asked for', async () => {
    const there = await worker({ up: true, kept: ['/offline.html'] });
    expect(await (await there({ method: 'GET', url: `${BOX}/?kiosk=a`, mode: 'navigate' }))?.text()).toBe('from the box');
    vi.resetModules();
    const gone = await worker({ up: false, kept: ['/offline.html'] });
    expect(await (await gone({ method: 'GET', url: `${BOX}/?kiosk=a`, mode: 'navigate' }))?.text()).toBe('kept /offline.html');
  });
});

interface Shell {
  readonly build: NewBuild;
  readonly session: Cell<Session | null>;
  readonly told: string[];
  readonly reloads: () => number;
  readonly change: () => void;
}

async function shell(waiting: boolean, controlled: boolean): Promise<Shell> {
  const told: string[] = [];
  const changes: (() => void)[] = [];
  let reloads = 0;
  vi.stubGlobal('location', { reload: () => reloads++ });
  vi.stubGlobal('navigator', {
    serviceWorker: {
      controller: controlled ? {} : null,
      addEventListener: (_: string, take: () => void) => changes.push(take),
      register: async () => ({ waiting: waiting ? { postMessage: (word: string) => told.push(word) } : null, update: async () => undefined }),
    },
  });
  const session = new Cell<Session | null>(null);
  const build = new NewBuild({ session } as unknown as LiveStore);
  await settled();
  return { build, session, told, reloads: () => reloads, change: () => changes.forEach((take) => take()) };
}

describe('another build of the page', () => {
  it('waits when the box says another name than at first, and not when it says the same again', async () => {
    const { build, session } = await shell(false, true);
    session.set({ build: '1' } as Session);
    session.set({ build: '1' } as Session);
    expect(build.waits).toBe(false);
    session.set({ build: '2' } as Session);
    expect(build.waits).toBe(true);
  });

  it('is not the first shell of all', async () => {
    expect((await shell(true, false)).build.waits).toBe(false);
    expect((await shell(true, true)).build.waits).toBe(true);
  });

  it('takes over before the page is loaded again, so that no page has parts of two', async () => {
    vi.useFakeTimers();
    const { build, told, reloads, change } = await shell(true, true);
    build.reload();
    expect([told, reloads()]).toEqual([['take-over'], 0]);
    change();
    expect(reloads()).toBe(1);
    vi.useRealTimers();
  });
});
