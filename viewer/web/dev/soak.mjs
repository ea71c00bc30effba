// Hours of the live screen in minutes, to see whether anything grows: the stand-in for the box and every clock and timer of the page and its worker run
// faster by one factor. Each of these hours all pages are visited. node dev/soak.mjs MINUTES (180 for a day) prints what was found.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { percentile, pssMb, startKiosk } from './measure.mjs';

/** Faster, a value is late before it is drawn: 2 s of the page are then less than the way from the box to the eye takes. */
const SPEED = 8;

/** Of the page; the least in which growth can be told from beginning. */
const LEAST_HOURS = 3;

/** After the pages were visited, until it is looked at. */
const SETTLING_MS = 30_000;

/** What the visit before a look and the look itself take. */
const LOOKING_MS = 8_000;
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

/**
 * What the page holds on to, once what it dropped was collected; only while the screen shows its values, which is when it has its usual parts. On a machine on which 50 ms of work are usual they are late all the time: the
 * page takes them for eight times as long.
 */
async function held({ page, cdp }) {
  const seen = [];
  // Not waitForSelector: the element that it gives, and all the page around it, would be held until the browser ends.
  await page.locator('[data-signal="hr"]:is([data-state="live"], [data-state="late"])').first().waitFor({ timeout: 120_000 });
  for (let i = 0; i < 15; i++) {
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => metrics.find((one) => one.name === name).value;
    const shown = await page.evaluate(() => {
      const walker = document.createTreeWalker(document);
      let nodes = 0;
      while (walker.nextNode() !== null) nodes++;
      return { nodes, elements: document.querySelectorAll('*').length };
    });

    // Texts come and go with the state of a value; elements do not, and what was dropped and is held counts with all its parts.
    seen.push({ heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes') - shown.nodes + shown.elements, listeners: of('JSEventListeners') });
    await pause(100);
  }
  return Object.fromEntries(['heap', 'nodes', 'listeners'].map((name) => [name, percentile(seen.map((one) => one[name]), 0.25)]));
}

/** All pages once, and a screen held and let go, as people would. */
async function visit({ page }) {
  for (const hash of ['#/trends?h=24', '#/trends?h=1', '#/waves?signal=hr', '#/events', '#/health', '#/setup', '#/patient', '#/live']) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await pause(400);
  }
  await page.keyboard.press('f');
  await pause(200);
  await page.keyboard.press('f');
}

/** Nothing in no minutes. */
export async function soak(minutes) {
  if (!(minutes > 0)) return [];
  const [speed, began] = [SPEED, Date.now()];
  const hours = Math.floor((minutes * speed) / 60);
  if (hours < LEAST_HOURS) throw new Error(`a soak takes ${Math.ceil((LEAST_HOURS * 60) / speed)} minutes at least, 180 for a day`);
  const prelude = `(${faster})(${speed}, ${began});`;
  const { child, address } = await serve(speed, began, prelude);
  const chromium = await startKiosk();
  try {
    const empty = pssMb(chromium.pid);
    const { page } = chromium;
    await page.addInitScript(prelude);
    await page.goto(address);
    const hour = (minutes * 60_000) / hours;
    const found = [];
    for (let i = 0; i < hours; i++) {
      const from = performance.now();
      await visit(chromium);
      await pause(Math.max(0, hour - SETTLING_MS - LOOKING_MS - (performance.now() - from)));

      // From the same place each time: once a part of the page was drawn anew, the program keeps the one before until the next.
      await visit(chromium);
      await pause(SETTLING_MS);
      found.push({ ...(await held(chromium)), pss: pssMb(chromium.pid) });
      console.error(`hour ${i + 1}: ${found[i].heap.toFixed(2)} MB, ${found[i].nodes} elements, ${found[i].listeners} listeners, ${found[i].pss?.toFixed(0)} MB PSS`);
    }
    const drawn = await page.evaluate(() => Math.max(...[...document.querySelectorAll('[data-lane]')].map((lane) => Number(lane.dataset.moving))));
    const [first, last] = [found[1], found[hours - 1]];
    return [
      { what: `samples of the fastest wave drawn, in millions (${hours} hours, ${speed} times as fast)`, unit: 'M', value: drawn / 1e6, sense: '', goal: null },
      { what: `memory of the page’s program after collecting, hour ${hours} less hour 2`, unit: 'MB', value: last.heap - first.heap, sense: '≤', goal: 2 },
      { what: `elements of the page, hour ${hours} less hour 2`, unit: '', value: last.nodes - first.nodes, sense: '≤', goal: 0 },
      { what: `listeners of the page, hour ${hours} less hour 2`, unit: '', value: last.listeners - first.listeners, sense: '≤', goal: 0 },
      { what: 'memory of the whole browser in the last hour (PSS)', unit: 'MB', value: last.pss, sense: '≤', goal: 400 },
      { what: 'memory of the whole browser with an empty page, before (PSS)', unit: 'MB', value: empty, sense: '', goal: null },
    ];
  } finally {
    await chromium.close();
    child.kill();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const one of await soak(Number(process.argv[2] ?? 180))) console.log(JSON.stringify(one));
