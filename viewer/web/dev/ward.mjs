// Goal P12: twenty beds on one page, at a fourth of the processor's speed. node dev/ward.mjs [SECONDS] [PICTURE_DIR]: needs the built product (./bedside build) and the built page.
// Three of the boxes are real, each with a simulated monitor; the other seventeen speak byte for byte what one of these says, on a socket of their own each, and only the name of the bed in the snapshot is another.
// What the browser gets passes a counter of bytes and sockets. Prints one JSON line; exit 1 when a goal is missed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createRelay } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { product, simulators, start, stop } from './product.mjs';
import { WebSocket, WebSocketServer } from 'ws';

const GOAL = { fps: 55, bytesPerSecond: 200_000 };
const [seconds = '20', pictures] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bedside-ward-'));

async function box(bed, ...more) {
  const line = join(folder, `monitor-${bed}`);
  await start([simulators, 'philips-intellivue', '--pty', '--link', line, '--seed', String(bed), '--accept-delay', '0.05']);
  const config = join(folder, `config-${bed}.json`);
  writeFileSync(config, JSON.stringify({ bed: String(bed), language: 'fr' }));
  return start([product, 'run', '--data', join(folder, `data-${bed}`), '--port', '0', '--serial', `${line}=philips-intellivue`, '--config', config, '--ward-approved-by', 'the measurement', ...more]);
}

/** Another bed that says what the real box `of` says. */
async function echo(of, bed) {
  const renamed = (json) => JSON.stringify({ ...json, ...(json.session === undefined ? { bed } : { session: { ...json.session, bed } }) });
  const server = createServer((request, response) => {
    fetch(of + request.url).then(async (answer) => {
      const body = request.url.endsWith('/session') ? renamed(await answer.json()) : Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
    }, () => response.writeHead(502).end());
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'bedside.v1', perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (near) => {
    const far = new WebSocket(of.replace('http', 'ws') + request.url, 'bedside.v1', { perMessageDeflate: false });
    const early = [];
    near.on('message', (data) => (far.readyState === WebSocket.OPEN ? far.send(data.toString()) : early.push(data.toString())));
    far.on('open', () => early.forEach((data) => far.send(data)));
    far.on('message', (data, binary) => near.send(binary && data[5] === 4 ? Buffer.concat([data.subarray(0, 28), Buffer.from(renamed(JSON.parse(data.subarray(28))))]) : binary ? data : data.toString()));
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('close', () => other.close());
      one.on('error', () => other.terminate());
    }
  }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** What the browser gets of the hub: sockets of the ward and their bytes. */
const counted = { wardSockets: 0, wardBytes: 0, bytes: 0 };
async function counter(of) {
  const { hostname, port } = new URL(of);
  const server = createRelay((near) => {
    const far = connect(Number(port), hostname);
    let isWard = false;
    near.once('data', (data) => {
      isWard = data.includes('GET /api/v1/ward/live');
      if (isWard) counted.wardSockets++;
    });
    far.on('data', (data) => {
      counted.bytes += data.length;
      if (isWard) counted.wardBytes += data.length;
    });
    near.pipe(far).pipe(near);
    for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => other.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Seconds of processor and MiB of memory of a process. */
function costs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024 };
}

let browser = null;
try {
  const real = [await box(1), await box(2)];
  const peers = real.map((one, i) => [`${i + 1}`, one.address]);
  for (let bed = 4; bed <= 20; bed++) peers.push([String(bed), await echo(real[bed % 2].address, String(bed))]);
  const hub = await box(3, ...peers.flatMap(([bed, address]) => ['--ward-peer', `${bed}=${address}`]));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${await counter(hub.address)}/#/ward`);
  await page.waitForFunction(() => document.querySelectorAll('[data-tile-state=live][data-wave=live]').length === 20, undefined, { timeout: 180_000 });
  await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await wait(4_000);
  const before = { ...counted, ...costs(hub.pid) };
  const frames = await page.evaluate((duration) => new Promise((resolve) => {
    const [times, worker] = [[], []];
    const begun = performance.now();
    const look = setInterval(() => worker.push(Number(document.querySelector('.ward-host').dataset.fps)), 1_000);
    const frame = (now) => {
      times.push(now);
      if (now - begun < duration) requestAnimationFrame(frame);
      else {
        clearInterval(look);
        resolve({ times, worker, live: document.querySelectorAll('[data-tile-state=live]').length, scrolls: document.querySelector('.ward-grid').scrollHeight > document.querySelector('.ward-grid').clientHeight + 1 });
      }
    };
    requestAnimationFrame(frame);
  }), Number(seconds) * 1_000);
  const after = { ...counted, ...costs(hub.pid) };
  const spans = frames.times.slice(1).map((time, i) => time - frames.times[i]).sort((a, b) => a - b);
  const lasted = (frames.times.at(-1) - frames.times[0]) / 1_000;
  const workers = [...frames.worker].sort((a, b) => a - b);
  const figures = {
    beds: 20, realBoxes: 3, throttle: 4, seconds: Math.round(lasted),
    sweepFps: { median: workers[workers.length >> 1], least: workers[0] },
    pageFps: Math.round((spans.length / lasted) * 10) / 10, pageFrameP95Ms: Math.round(spans[Math.floor(spans.length * 0.95)] * 10) / 10,
    wardSockets: after.wardSockets, wardBytesPerSecond: Math.round((after.wardBytes - before.wardBytes) / lasted), allBytesPerSecond: Math.round((after.bytes - before.bytes) / lasted),
    hubCpuPercentOfOneCore: Math.round(((after.cpu - before.cpu) / lasted) * 1_000) / 10, hubRssMiB: Math.round(after.rss),
    liveTiles: frames.live, fitsWithoutScrolling: !frames.scrolls, cores: cpus().length, load1min: Math.round(loadavg()[0] * 10) / 10,
  };
  console.log(JSON.stringify(figures));
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    const cdp = await page.context().newCDPSession(page);
    for (const [width, height] of [[1280, 800], [800, 480]]) {
      await page.setViewportSize({ width, height });
      await wait(4_000);
      const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
      writeFileSync(join(pictures, `ward-20-fr-day-${width}x${height}.webp`), Buffer.from(data, 'base64'));
    }
  }
  process.exitCode = figures.sweepFps.median >= GOAL.fps && figures.wardSockets === 1 && figures.wardBytesPerSecond <= GOAL.bytesPerSecond && figures.liveTiles === 20 ? 0 : 1;
} finally {
  await browser?.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}
