// Keeps the shell of the page for when the box is gone: scripts, styles, and the page that says so. Never an answer of the box, never anything of a patient.

const scope = self as unknown as ServiceWorkerGlobalScope;

/** The build puts in: its name, then the files of the shell. */
const [version = '', ...files] = '__SHELL__'.split(',');
const CACHE = `bedside-shell-${version}`;
const NO_LINK = '/offline.html';

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files.map((path) => new Request(path, { cache: 'reload' })))));
});

// It waits until the page says that nobody uses it, so that no page ever has parts of two builds.
scope.addEventListener('message', (event) => {
  if (event.data === 'take-over') void scope.skipWaiting();
});

scope.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await scope.registration.navigationPreload.enable();
  })());
});

/** The page itself always comes from the box; without it, the one that says that there is no link. */
async function open(event: FetchEvent): Promise<Response> {
  try {
    return ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
  } catch {
    const { pathname, search } = new URL(event.request.url);
    if (pathname !== '/') return Response.redirect(`/${search}`);
    return (await caches.match(NO_LINK, { cacheName: CACHE })) ?? Response.error();
  }
}

/** What has its content in its name is the same for ever; the rest is kept for when the box is gone. */
async function part(request: Request, path: string): Promise<Response> {
  const kept = await caches.match(path, { cacheName: CACHE });
  if (kept !== undefined && path.startsWith('/assets/')) return kept;
  try {
    return await fetch(request);
  } catch (failure) {
    if (kept !== undefined) return kept;
    throw failure;
  }
}

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(open(event));
  else if (files.includes(url.pathname)) event.respondWith(part(request, url.pathname));
});
