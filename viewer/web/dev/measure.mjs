// A browser to measure in, and what its processes use.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const TICKS = 100;

/** Headless Chromium of the system; `pid` is its first process. */
export async function start() {
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, pid: server.process().pid, close: async () => { await browser.close(); await server.close(); } };
}

/** Chromium as a kiosk has it: one window without an address bar, whose list of suggestions would take a process of its own. What it says of memory is a kiosk's. */
export async function startKiosk({ size = { width: 1280, height: 800 } } = {}) {
  const before = new Set(family(process.pid));
  const folder = mkdtempSync(join(tmpdir(), 'bedside-kiosk-'));
  const context = await chromium.launchPersistentContext(folder, { executablePath: '/usr/bin/chromium', args: [...ARGUMENTS, '--app=about:blank'], viewport: size });
  const pid = family(process.pid).find((one) => !before.has(one));
  const page = context.pages()[0] ?? await context.waitForEvent('page');
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  page.on('pageerror', (error) => console.error(`error in the page: ${error.message}`));
  return { page, cdp, pid, close: async () => { await context.close(); rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); } };
}

/** A page with a profile of its own, so that nothing is kept of others; `slow` throttles its main thread from before the first byte. */
export async function open({ browser }, { slow = 1, count = false, size = { width: 1280, height: 800 } } = {}) {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  const slowDown = (rate) => cdp.send('Emulation.setCPUThrottlingRate', { rate });
  await slowDown(slow);
  const bytes = { tiles: 0, all: 0 };
  if (count) {
    const urls = new Map();
    await cdp.send('Network.enable');
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      bytes.all += encodedDataLength;
      if (/\/tiles\//.test(urls.get(requestId) ?? '')) bytes.tiles += encodedDataLength;
    });
  }
  page.on('pageerror', (error) => console.error(`error in the page: ${error.message}`));
  return { page, cdp, bytes, slowDown, close: () => context.close() };
}

/** The processes that come from one, itself too. */
export function family(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* it ended meanwhile */ }
  }
  const found = [pid];
  for (let i = 0; i < found.length; i++) for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found;
}

/** Processor time, user and system, of the browser's processes by their kind, and of all. Processes that ended are not in it. */
export function cpuSeconds(pid) {
  const times = { all: 0 };
  for (const one of family(pid)) {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
      const kind = /--type=([\w-]+)/.exec(readFileSync(`/proc/${one}/cmdline`, 'utf8'))?.[1] ?? 'browser';
      times[kind] = (times[kind] ?? 0) + seconds;
      times.all += seconds;
    } catch { /* it ended meanwhile */ }
  }
  return times;
}

/** Proportional memory of all its processes, MB; null where the system does not tell. */
export function pssMb(pid) {
  let sum = 0;
  for (const one of family(pid)) {
    try {
      sum += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1000;
    } catch (error) {
      if (error.code === 'EACCES') return null;
    }
  }
  return sum;
}

export function percentile(values, share) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** A folder that is gone after `use`. */
export async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'bedside-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
