// What the screen costs and how quick it is, in Chromium, called by `./bedside bench screen`: node dev/bench.mjs LIVE_BOX HISTORY_BOX SIGNALS SECONDS SOAK_MINUTES.
// LIVE_BOX has the bed of the demo, HISTORY_BOX thirty days of the ten SIGNALS and an hour of waves. Prints one JSON document.
// Throttling (CDP) slows the main thread of the page alone: workers, raster and the compositor go at full speed, so nothing here stands for a Raspberry Pi.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { sizes } from './size.mjs';
import { soak } from './soak.mjs';
import { cpuSeconds, open, percentile, start } from './measure.mjs';

const [live, history, signals, secondsText = '20', soakText = '0'] = process.argv.slice(2);
const seconds = Number(secondsText);
const SLOW = 4;
const STARTS = 5;
const STEPS = 90;
const STALL_MS = 400;
const loadBefore = loadavg()[0];
const figures = [];
const figure = (id, what, unit, value, sense, goal) => {
  figures.push({ id, what, unit, value, sense, goal, met: goal === null || value === null ? null : sense === '≤' ? value <= goal : value >= goal });
  if (process.stderr.isTTY || process.env['BENCH_TELL'] !== undefined) console.error(`${id} ${what}: ${value?.toFixed(2)} ${unit}`);
};
const median = (values) => percentile(values, 0.5);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const chromium = await start();

/** When the first number is live, and waves are drawn, in ms since the page was asked for. */
const whenUsable = () => {
  const look = () => {
    const moving = [...document.querySelectorAll('[data-lane]')].filter((one) => Number(one.dataset.moving) > 0).length;
    if (window.usableAt === undefined && document.querySelector('[data-signal][data-state="live"]') !== null && moving >= 4) window.usableAt = performance.now();
    else if (window.usableAt === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** P9: the live screen from nothing. */
async function starts() {
  const [paints, usables] = [[], []];
  for (let i = 0; i < STARTS; i++) {
    const one = await open(chromium, { slow: SLOW });
    await one.page.addInitScript(whenUsable);
    await one.page.goto(live);
    await one.page.waitForFunction(() => window.usableAt !== undefined, undefined, { timeout: 60_000 });
    usables.push(await one.page.evaluate(() => window.usableAt));
    paints.push(await one.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime));
    await one.close();
  }
  figure('P9', 'first contentful paint of the live screen, 4×, median', 'ms', median(paints), '≤', 600);
  figure('P9', 'live numbers and waves on the screen, 4×, median', 'ms', median(usables), '≤', 1500);
}

/** In the worker: the times of its frames, and how long each took to draw. */
const watchFrames = () => {
  const real = self.requestAnimationFrame.bind(self);
  self.frameLog = { at: [], took: [] };
  self.requestAnimationFrame = (draw) => real((now) => {
    const before = performance.now();
    draw(now);
    self.frameLog.at.push(now);
    self.frameLog.took.push(performance.now() - before);
  });
};
const takeFrames = () => {
  const log = self.frameLog;
  self.frameLog = { at: [], took: [] };
  return log;
};
const gapsOf = (at) => at.slice(1).map((time, i) => time - at[i]);

/** P1, P2, P3: eight waves, and what they cost. */
async function sweep() {
  const one = await open(chromium, { slow: SLOW });
  await one.page.goto(live);
  await one.page.waitForFunction(() => [...document.querySelectorAll('[data-lane]')].filter((lane) => Number(lane.dataset.moving) > 0).length >= 8, undefined, { timeout: 90_000 });
  const worker = one.page.workers()[0];
  await worker.evaluate(watchFrames);
  await pause(2000);
  await worker.evaluate(takeFrames);
  await pause(seconds * 1000);
  const { at, took } = await worker.evaluate(takeFrames);
  const gaps = gapsOf(at);
  figure('P1', 'waves on the screen', '', await one.page.locator('[data-lane]').count(), '≥', 8);
  figure('P1', 'frame of the waves, p95, 4×', 'ms', percentile(gaps, 0.95), '≤', 17);
  figure('P1', 'frames later than 25 ms, 4×', '%', (100 * gaps.filter((gap) => gap > 25).length) / gaps.length, '≤', 1);
  figure('P1', 'time to draw a frame of all waves, mean', 'ms', took.reduce((sum, ms) => sum + ms, 0) / took.length, '', null);

  await worker.evaluate(takeFrames);
  await one.page.evaluate((ms) => {
    window.stall = setInterval(() => {
      for (const until = performance.now() + ms; performance.now() < until;);
    }, 5 * ms);
  }, STALL_MS);
  await pause(Math.max(8000, seconds * 500));
  const stalled = gapsOf((await worker.evaluate(takeFrames)).at);
  figure('P2', 'waves stand still longer than 100 ms while the page stalls 400 ms every 2 s', '', stalled.filter((gap) => gap > 100).length, '≤', 0);
  await one.close();

  const idle = await open(chromium, { slow: 1 });
  await idle.page.goto(live);
  await idle.page.waitForFunction(() => [...document.querySelectorAll('[data-lane]')].filter((lane) => Number(lane.dataset.moving) > 0).length >= 8, undefined, { timeout: 90_000 });
  await pause(3000);
  const [before, since] = [cpuSeconds(chromium.pid), performance.now()];
  await pause(seconds * 1000);
  const share = (name) => (100 * (after[name] - (before[name] ?? 0))) / ((performance.now() - since) / 1000);
  const after = cpuSeconds(chromium.pid);
  figure('P3', 'processor time of the whole browser, live screen, 1×, of one core', '%', share('all'), '≤', 20);
  for (const name of Object.keys(after).filter((kind) => kind !== 'all' && share(kind) > 0.5)) figure('P3', `  of that ${name}`, '%', share(name), '', null);
  await idle.close();
}

const lanesReady = (count) => {
  const lanes = [...document.querySelectorAll('[data-lane-trend]')];
  return lanes.length === count && lanes.every((one) => one.dataset.loading === 'false');
};

/** P6: ten trends of a day from nothing. */
async function coldTrend() {
  const count = signals.split(',').length;
  const [times, tiles, all] = [[], [], []];
  for (let i = 0; i < STARTS; i++) {
    const one = await open(chromium, { slow: SLOW, count: true });
    await one.page.addInitScript(`(() => { const ready = ${lanesReady}; const look = () => { if (ready(${count})) window.trendAt ??= performance.now(); else requestAnimationFrame(look); }; requestAnimationFrame(look); })()`);
    await one.page.goto(`${history}#/trends?h=24&s=${signals}`);
    await one.page.waitForFunction(() => window.trendAt !== undefined, undefined, { timeout: 60_000 });
    times.push(await one.page.evaluate(() => window.trendAt));
    tiles.push(one.bytes.tiles / 1000);
    all.push(one.bytes.all / 1000);
    await one.close();
  }
  figure('P6', '24 h × 10 trends from nothing, 4×, median', 'ms', median(times), '≤', 600);
  figure('P6', 'bytes of their tiles', 'kB', median(tiles), '≤', 250);
  figure('P6', 'bytes of everything, program included', 'kB', median(all), '', null);
}

/** One wheel event a frame; gives the times between frames. */
const moveTrend = ([steps, kind]) => new Promise((done) => {
  const plot = document.querySelector('[data-trend-plot]');
  const box = plot.getBoundingClientRect();
  const at = [];
  const step = (now) => {
    at.push(now);
    if (at.length > steps) {
      done(at.slice(1).map((time, i) => time - at[i]));
      return;
    }
    // There and back, so that tiles are at hand after the first turn.
    const sign = Math.floor(at.length / 15) % 2 === 0 ? -1 : 1;
    const move = kind === 'pan' ? { deltaX: sign * 37 } : { deltaY: sign * 40 };
    plot.dispatchEvent(new WheelEvent('wheel', { ...move, clientX: box.left + box.width * 0.6, clientY: box.top + 20, bubbles: true, cancelable: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
});

/** P7: pan and zoom, at a day and at thirty. */
async function moving() {
  const count = signals.split(',').length;
  const cost = {};
  for (const [name, hours] of [['24 h', 24], ['30 d', 720]]) {
    for (const kind of ['pan', 'zoom']) {
      const one = await open(chromium, { slow: 1 });
      await one.page.goto(`${history}#/trends?h=${hours}&s=${signals}`);
      await one.page.waitForFunction(lanesReady, count, { timeout: 60_000 });
      await one.page.evaluate(moveTrend, [STEPS, kind]);
      const task = async () => (await one.cdp.send('Performance.getMetrics')).metrics.find((metric) => metric.name === 'TaskDuration').value;
      const [tasks, cpu] = [await task(), cpuSeconds(chromium.pid)];
      await one.page.evaluate(moveTrend, [STEPS, kind]);
      const step = (1000 * ((await task()) - tasks)) / STEPS;
      const after = cpuSeconds(chromium.pid);
      cost[`${name} ${kind}`] = (1000 * (after.renderer - cpu.renderer)) / STEPS;
      figure('P7', `processor time of the page's process a step of ${kind}, ${name}, 1×`, 'ms', cost[`${name} ${kind}`], '≤', 8);
      figure('P7', '  of that its main thread', 'ms', step, '', null);
      await one.slowDown(SLOW);
      const frames = await one.page.evaluate(moveTrend, [STEPS, kind]);
      figure('P7', `frame while ${kind === 'pan' ? 'panning' : 'zooming'}, p95, ${name}, 4×`, 'ms', percentile(frames, 0.95), '≤', 33);
      await one.close();
    }
  }
  for (const kind of ['pan', 'zoom']) figure('P7', `30 d to 24 h, processor time of a step of ${kind}`, '×', cost[`30 d ${kind}`] / cost[`24 h ${kind}`], '≤', 1.2);
}

/** P8: from the touch on "see the waves here" in a day's trend to their samples in the pixels. */
async function toExact() {
  for (const slow of [1, SLOW]) {
    const times = [];
    for (let i = 0; i < STARTS; i++) {
      const one = await open(chromium, { slow });
      await one.page.goto(`${history}#/trends?h=24&s=${signals}`);
      await one.page.waitForFunction(lanesReady, signals.split(',').length, { timeout: 60_000 });
      // The page of exact waves is fetched ahead of need some seconds after the start.
      await pause(3500);
      await one.page.evaluate(() => {
        const inked = (canvas) => canvas.width > 0 && canvas.height > 0 && new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer).some((pixel) => pixel !== 0);
        addEventListener('click', (event) => {
          if (event.target.closest('[data-waves-here]') === null) return;
          const from = performance.now();
          const look = () => {
            const traces = [...document.querySelectorAll('[data-trace]')];
            if (traces.length >= 4 && traces.every(inked)) window.exactMs = performance.now() - from;
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }, true);
      });
      const box = await one.page.locator('[data-trend-plot]').boundingBox();
      await one.page.mouse.click(box.x + box.width * 0.965, box.y + 30);
      await one.page.locator('[data-waves-here]').click();
      await one.page.waitForFunction(() => window.exactMs !== undefined, undefined, { timeout: 30_000 });
      times.push(await one.page.evaluate(() => window.exactMs));
      await one.close();
    }
    figure('P8', `from the trend to the exact samples of all waves, ${slow}×, median`, 'ms', median(times), '≤', 500);
  }
}

await starts();
await sweep();
await coldTrend();
await moving();
await toExact();
const weight = sizes(new URL('../dist/', import.meta.url));
figure('P10', 'program at the start, gzip', 'kB', weight.start / 1000, '≤', 45);
figure('P10', 'program in all, gzip', 'kB', weight.all / 1000, '≤', 120);
await chromium.close();
// What was measured before it is kept when the soak does not come to its end.
try {
  for (const one of await soak(Number(soakText))) figure('P11', one.what, one.unit, one.value, one.sense, one.goal);
} catch (error) {
  console.error(`the soak did not come to its end: ${error.message}`);
  figure('P11', 'hours of the live screen: what grows', '', null, '≤', 0);
}
const cpu = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
console.log(JSON.stringify({ figures, load: `${loadBefore.toFixed(1)}, ${loadavg()[0].toFixed(1)}`, processor: cpu }, null, 1));
