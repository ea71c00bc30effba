// Hours of the live screen in minutes, to see whether anything grows: the stand-in for the box and every clock and timer of the page and its worker run
// faster by one factor. Each of these hours all pages are visited. node dev/soak.mjs MINUTES (180 for a day) prints what was found.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { open, percentile, pssMb, start } from './measure.mjs';

/** Faster, a value is late before it is drawn: 2 s of the page are then less than the way from the box to the eye takes. */
const SPEED = 8;

/** Of the page; the least in which growth can be told from beginning. */
const LEAST_HOURS = 3;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Runs before anything else in the page and in the worker. */
function faster(speed, began) {
  const [RealDate, realNow] = [Date, performance.now.bind(performance)];
  const realDateNow = Date.now.bind(Date);
  const now = () => began + (realDateNow() - began) * speed;
  const origin = realNow();
  performance.now = () => origin + (realNow() - origin) * speed;
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(now());
      else super(...parts);
    }

    static now() {
      return now();
    }
  };
  for (const name of ['setTimeout', 'setInterval']) {
    const real = globalThis[name].bind(globalThis);
    globalThis[name] = (call, ms = 0, ...more) => real(call, ms / speed, ...more);
  }
  const frame = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (draw) => frame(() => draw(performance.now()));
}

async function serve(speed, began, prelude) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('mock.mjs', import.meta.url)), '0'], { env: { ...process.env, MOCK_PLAIN: '1', MOCK_SPEED: String(speed), MOCK_BEGAN: String(began), MOCK_BEFORE_WORKER: prelude }, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((done) => child.stdout.once('data', (bytes) => done(String(bytes))));
  return { child, address: said.replace('ready ', '').trim() };
}

/** What the page holds on to, once what it dropped was collected; only while the screen is live, which is when it has its usual parts. */
async function held({ page, cdp }) {
  const seen = [];
  await page.waitForSelector('[data-signal="hr"][data-state="live"]', { timeout: 120_000 });
  for (let i = 0; i < 15; i++) {
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => metrics.find((one) => one.name === name).value;
    seen.push({ heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') });
    await pause(100);
  }
  return Object.fromEntries(['heap', 'nodes', 'listeners'].map((name) => [name, percentile(seen.map((one) => one[name]), 0.25)]));
}

/** Nothing in no minutes. */
export async function soak(minutes) {
  if (!(minutes > 0)) return [];
  const [speed, began] = [SPEED, Date.now()];
  const hours = Math.floor((minutes * speed) / 60);
  if (hours < LEAST_HOURS) throw new Error(`a soak takes ${Math.ceil((LEAST_HOURS * 60) / speed)} minutes at least, 180 for a day`);
  const prelude = `(${faster})(${speed}, ${began});`;
  const { child, address } = await serve(speed, began, prelude);
  const chromium = await start();
  try {
    const one = await open(chromium);
    await one.page.addInitScript(prelude);
    await one.page.goto(address);
    const hour = (minutes * 60_000) / hours;
    let first = null;
    let last = null;
    for (let i = 0; i < hours; i++) {
      const from = performance.now();
      for (const hash of ['#/trends?h=24', '#/trends?h=1', '#/waves?signal=hr', '#/events', '#/health', '#/setup', '#/patient', '#/live']) {
        await one.page.evaluate((to) => { location.hash = to; }, hash);
        await pause(400);
      }
      await one.page.keyboard.press('f');
      await pause(200);
      await one.page.keyboard.press('f');
      await pause(Math.max(0, hour - (performance.now() - from)));
      if (i === 1) first = await held(one);
      if (i === hours - 1) last = await held(one);
    }
    const drawn = await one.page.evaluate(() => Math.max(...[...document.querySelectorAll('[data-lane]')].map((lane) => Number(lane.dataset.moving))));
    return [
      { what: `samples of the fastest wave drawn, in millions (${hours} hours, ${speed} times as fast)`, unit: 'M', value: drawn / 1e6, sense: '', goal: null },
      { what: `memory of the page’s program after collecting, hour ${hours} less hour 2`, unit: 'MB', value: last.heap - first.heap, sense: '≤', goal: 2 },
      { what: `elements of the page, hour ${hours} less hour 2`, unit: '', value: last.nodes - first.nodes, sense: '≤', goal: 0 },
      { what: `listeners of the page, hour ${hours} less hour 2`, unit: '', value: last.listeners - first.listeners, sense: '≤', goal: 0 },
      { what: 'memory of the whole browser at the end (PSS)', unit: 'MB', value: pssMb(chromium.pid), sense: '≤', goal: 400 },
    ];
  } finally {
    await chromium.close();
    child.kill();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const one of await soak(Number(process.argv[2] ?? 180))) console.log(JSON.stringify(one));
