// A stand-in for the box while working on the page: node dev/mock.mjs [port]. Serves dist/, the API and the live socket, under the box's own
// content policy. GET /dev/fault?name=none|silent|cut|refuse|vent|abp|restart changes what it does. Not part of the product.
import { createServer } from 'node:http';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import { contextOf, madeOf, pastMarks } from './context.mjs';
import { encodeFrame, encodeReadings, encodeSamples, encodeTile, joinBlocks } from './encode.mjs';
import { makeDesk } from './stays.mjs';
import { envelope, sheet } from './sheet.mjs';
import { completeness, gaps, helpList, helpPage, ports } from './setup.mjs';
import { describe, DEVICES, NIBP_EVERY_S, numbers, waves } from './patient.mjs';

const port = Number(process.argv[2] ?? 8199);
const dist = new URL('../dist/', import.meta.url).pathname;
const DEMO = process.env['MOCK_PLAIN'] === undefined ? 0x0400 : 0;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
let epoch = 1000 + Math.floor(Math.random() * 1000);
let fault = 'none';
let faultAt = 0;
const sockets = new Set();
const marks = [];
const desk = makeDesk(Date.now(), process.env);
// A day can pass in minutes: MOCK_SPEED times as fast since MOCK_BEGAN.
const [speed, began] = [Number(process.env['MOCK_SPEED'] ?? 1), Number(process.env['MOCK_BEGAN'] ?? 0)];
const nowMs = () => began + (Date.now() - began) * speed;
const ns = (ms) => BigInt(Math.round(ms * 1000)) * 1000n;
/** Two pauses a day of 50 min, the newest five hours ago: never now. */
const HOLE_END_S = Math.floor(Date.now() / 1000) - 5 * 3600;
const inHole = (s) => ((s - HOLE_END_S) % 43_200 + 43_200) % 43_200 > 40_200;
const iso = (ms) => new Date(ms).toISOString();
const deadDevice = (device) => fault === 'vent' && device.startsWith('medibus');
const deadSignal = (s) => deadDevice(s.device) || (fault === 'abp' && s.id.startsWith('abp'));
const lastSecond = (s) => {
  const t = nowMs() / 1000;
  if (deadSignal(s)) return Math.floor(faultAt / 1000);
  return s.id.startsWith('nibp') ? Math.floor((t - 130) / NIBP_EVERY_S) * NIBP_EVERY_S + 130 : Math.floor(t);
};
const mantissa = (s, t) => BigInt(Math.round(s.at(t) * 10 ** s.decimals));
const validity = DEMO ? ['demo-data'] : [];

const signals = () => [
  ...waves.map((s) => describe(s, { time: iso(nowMs()), value: null, text: null, validity })),
  ...numbers.map((s) => {
    const t = lastSecond(s);
    return describe(s, { time: iso(t * 1000), value: Number(mantissa(s, t)) / 10 ** s.decimals, text: null, validity });
  }),
];
const devices = () => DEVICES.map((d) => ({
  ...d, demo: DEMO !== 0, state: deadDevice(d.device) && nowMs() - faultAt > 10_000 ? 'silent' : 'receiving', since: iso(nowMs() - 7.2e6), lastData: iso(deadDevice(d.device) ? faultAt : nowMs()), reason: deadDevice(d.device) ? 'Aucun octet depuis le câble.' : '',
}));
const session = () => ({ dayStart: '07:00', box: 'BX-0012', epoch, build: '0.1.0+dev', serverTime: iso(nowMs()), uncertaintyUs: 500, timeZone: 'Europe/Paris', bed: '12', language: 'fr', demo: DEMO !== 0 });
const alerts = () => process.env['MOCK_ALARM'] === undefined ? [] : [
  { key: 'a1', device: DEVICES[0].device, since: iso(nowMs() - 16_000), until: null, ended: null, priority: 'high', technical: false, text: 'SpO₂ 84 < 90' },
  { key: 'a2', device: DEVICES[1].device, since: iso(nowMs() - 62_000), until: null, ended: null, priority: 'medium', technical: false, text: 'VM basse' },
];

const pastAlerts = (from, to) => Array.from({ length: 9 }, (_, i) => {
  const at = Math.floor(nowMs() / 86_400_000) * 86_400_000 - 3_600_000 * (i * 2.7 + 1.2);
  return { key: `p${i}`, device: DEVICES[0].device, since: iso(at), until: iso(at + 40_000), ended: 'end', priority: ['high', 'medium', 'low'][i % 3], technical: i % 4 === 3, text: ['SpO₂ 84 < 90', 'FC 132 > 120', 'ECG électrode', 'PAM 58 < 60'][i % 4] };
}).filter((a) => Date.parse(a.until) >= from && Date.parse(a.since) < to);

/** Columns of a tile straight from the functions: many samples in a coarse column are sampled at 24 places, which is enough to look at. */
function tile(number, level, index) {
  const s = [...waves, ...numbers].find((one) => one.number === number);
  const width = 0.015625 * 4 ** level;
  const start = index * 512 * width;
  const now = nowMs() / 1000;
  const gap = (t) => inHole(t) || t < now - 9 * 86_400;
  const gain = s.hz ? s.gain : 10 ** -s.decimals;
  const period = s.hz ? 1 / s.hz : s.id.startsWith('nibp') ? NIBP_EVERY_S : 1;
  const columns = Array.from({ length: 512 }, (_, i) => {
    const [from, to] = [start + i * width, Math.min(start + (i + 1) * width, now)];
    const [first, last] = [Math.ceil(from / period), Math.ceil(to / period) - 1];
    const count = Math.max(0, last - first + 1);
    if (count === 0 || gap(from)) return null;
    const at = Array.from({ length: Math.min(24, count) }, (_, k) => (first + Math.floor((k * count) / Math.min(24, count))) * period);
    const raw = at.map((t) => Math.round((s.at(t) - (s.offset ?? 0)) / gain));
    return { min: Math.min(...raw), max: Math.max(...raw), mean: raw.reduce((a, b) => a + b, 0) / raw.length, count };
  });
  return encodeTile({ level, index, gain, offset: s.offset ?? 0, columns });
}

/** Exact samples of a wave as whole blocks, one a second, with the pause that the tiles have too. */
function samples(number, from, to) {
  const s = waves.find((one) => one.number === number);
  if (s === undefined) return new Uint8Array();
  const blocks = [];
  for (let second = Math.floor(from / 1000); second * 1000 < Math.min(to, nowMs()); second++) {
    if (inHole(second) || second % 97 === 0) continue;
    const [first, last] = [Math.ceil(second * s.hz), Math.ceil((second + 1) * s.hz)];
    const raw = Int32Array.from({ length: last - first }, (_, i) => Math.round((s.at((first + i) / s.hz) - s.offset) / s.gain));
    blocks.push(encodeSamples({ signal: s.number, start: ns((first / s.hz) * 1000), raw, numerator: 2, denominator: s.hz * 2, firstIndex: BigInt(first), gain: s.gain, offset: s.offset, validity: [] }));
  }
  return joinBlocks(blocks);
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}

function api(request, response, url) {
  const path = url.pathname.slice('/api/v1'.length);
  const [from, to] = [Date.parse(url.searchParams.get('from') ?? iso(nowMs() - 3.6e6)), Date.parse(url.searchParams.get('to') ?? iso(nowMs()))];
  const part = /^\/tiles\/(\d+)\/(\d+)\/(\d+)$/.exec(path);
  if (part !== null) {
    const [number, level, index] = part.slice(1).map(Number);
    const full = (index + 1) * 512 * 15.625 * 4 ** level < nowMs() - 5000;
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': full ? 'public, max-age=31536000, immutable' : 'no-cache' });
    return response.end(tile(number, level, index));
  }
  const exact = /^\/signals\/(\d+)\/samples$/.exec(path);
  if (exact !== null) {
    response.writeHead(200, { 'Content-Type': 'application/vnd.bedside.block', 'Cache-Control': 'no-store' });
    return response.end(samples(Number(exact[1]), from, to));
  }
  if (path.startsWith('/annotations') && request.method !== 'GET') {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    return request.on('end', () => {
      const said = JSON.parse(body);
      const known = marks.find((one) => one.key === decodeURIComponent(path.split('/')[2] ?? ''));
      if (request.method === 'POST') marks.push(madeOf(said, nowMs(), signals()));
      else if (known !== undefined) Object.assign(known, said, { version: known.version + 1 }, said.open ? { until: null, heldUntil: null } : said.until ? { heldUntil: said.until } : {});
      json(response, request.method === 'POST' ? marks.at(-1) : known, request.method === 'POST' ? 201 : 200);
    });
  }
  const columns = /^\/signals\/(\d+)\/envelope$/.exec(path);
  if (columns !== null) return json(response, envelope(Number(columns[1]), from, to, Number(url.searchParams.get('points') ?? 100), nowMs()));
  if (path.startsWith('/stays')) {
    if (request.method === 'GET') return json(response, desk.get(path) ?? {}, desk.get(path) === undefined ? 404 : 200);
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    return request.on('end', () => {
      const [status, answer] = desk.post(path, JSON.parse(body));
      json(response, answer, status);
    });
  }
  switch (path) {
    case '/sheet': return json(response, sheet(url.searchParams, nowMs()));
    case '/session': return json(response, session());
    case '/signals': return json(response, signals());
    case '/devices': return json(response, devices());
    case '/ports': return json(response, ports());
    case '/help/devices': return json(response, helpList);
    case '/help/devices/philips-intellivue': return json(response, helpPage);
    case '/completeness': return json(response, completeness(signals()));
    case '/gaps': return json(response, gaps(signals()));
    case '/alerts': return json(response, [...pastAlerts(from, to), ...alerts()]);
    case '/events': return json(response, [{ time: iso(nowMs() - 7.2e6), until: null, kind: 'device-state', source: DEVICES[0].device, signal: null, text: 'receiving', key: null }]);
    case '/context': return json(response, contextOf(signals()));
    case '/annotations': return json(response, [...pastMarks(nowMs(), signals()), ...marks].filter((m) => Date.parse(m.time) <= to && (m.heldUntil === null || Date.parse(m.heldUntil) >= from) && (url.searchParams.get('source') ?? m.source) === m.source));
    case '/numerics': return json(response, { serverTime: iso(nowMs()), numerics: signals().filter((s) => s.kind !== 'waveform').map((s) => ({ number: s.number, id: s.id, short: s.short, unit: s.unit, ...s.last, age_s: 0, state: 'live' })) });
    case '/health': return json(response, { state: fault === 'none' ? 'ok' : 'attention', sentence: { fr: fault === 'none' ? 'Deux appareils sont reçus et enregistrés.' : 'Le respirateur ne parle plus : vérifiez le câble du port 2.', en: fault === 'none' ? 'Two devices are received and stored.' : 'The ventilator is silent: check the cable of port 2.' }, store: { bytes: 18.4e9, freeBytes: 97.2e9, durableUpTo: iso(nowMs() - 600), segments: 412, journalBytes: 2.1e6 }, process: { rssBytes: 143e6, cpuSeconds: 812, startedAt: iso(nowMs() - 2.6e8) }, devices: devices() });
    default: return json(response, { title: 'not found', detail: 'There is nothing here.' }, 404);
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://x');
  if (url.pathname === '/dev/fault') {
    fault = url.searchParams.get('name') ?? 'none';
    faultAt = nowMs();
    if (fault === 'restart') {
      epoch++;
      fault = 'none';
      for (const one of sockets) one.socket.close(1001);
    }
    if (fault === 'cut' || fault === 'refuse') for (const one of sockets) one.socket.terminate();
    return json(response, { fault });
  }
  if (fault === 'cut') return request.socket.destroy();
  if (fault === 'silent' && url.pathname.startsWith('/api/')) return undefined;
  if (url.pathname.startsWith('/api/v1/')) return api(request, response, url);
  const file = join(dist, normalize(url.pathname === '/' ? '/index.html' : url.pathname));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) return json(response, {}, 404);
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'", 'X-Content-Type-Options': 'nosniff' });
  // What a measurement puts in front of the worker. A browser that is told to route the worker's program keeps it from opening a WebSocket.
  if (process.env['MOCK_BEFORE_WORKER'] !== undefined && url.pathname.startsWith('/assets/worker-')) response.write(`${process.env['MOCK_BEFORE_WORKER']}\n`);
  createReadStream(file).pipe(response);
});

const BLOCK_MS = { intellivue: 256, medibus: 400 };
const lives = new WebSocketServer({ noServer: true, handleProtocols: () => 'bedside.v1' });
server.on('upgrade', (request, socket, head) => {
  if (fault === 'cut' || fault === 'refuse') return socket.destroy();
  return lives.handleUpgrade(request, socket, head, (ws) => greet(ws));
});

function blocksOf(s, from, to, cursor) {
  const step = BLOCK_MS[s.device.split('-')[0]];
  const blocks = [];
  while (cursor.at + step <= to) {
    const [first, last] = [Math.ceil((cursor.at / 1000) * s.hz), Math.ceil(((cursor.at + step) / 1000) * s.hz)];
    const raw = Int32Array.from({ length: last - first }, (_, i) => Math.round((s.at((first + i) / s.hz) - s.offset) / s.gain));
    if (!deadSignal(s) && raw.length > 0) {
      blocks.push(encodeSamples({ signal: s.number, start: ns((first / s.hz) * 1000), raw, numerator: 2, denominator: s.hz * 2, firstIndex: BigInt(first), gain: s.gain, offset: s.offset, validity: DEMO ? [{ start: 0, length: raw.length, validity: DEMO }] : [] }));
    }
    cursor.at += step;
  }
  return blocks;
}

function greet(socket) {
  const one = { socket, seq: 0, on: true, cursors: new Map(), second: 0, statusAt: 0 };
  const send = (type, body, history = false) => socket.send(encodeFrame({ type, epoch, seq: ++one.seq, serverTime: ns(nowMs()), history }, body));
  const text = (value) => new TextEncoder().encode(JSON.stringify(value));
  const restart = (from) => waves.forEach((s, i) => one.cursors.set(s.number, { at: Math.floor(from / 400) * 400 + i * 7 }));
  const collect = () => waves.flatMap((s) => blocksOf(s, 0, nowMs(), one.cursors.get(s.number)));
  socket.on('message', (data) => {
    if (fault === 'silent') return;
    const message = JSON.parse(String(data));
    if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong', t: message.t, serverTime: iso(nowMs()) }));
    if (message.type === 'hello' || (message.type === 'waves' && message.on)) {
      if (message.type === 'hello') send(4, text({ signals: signals(), devices: devices(), session: session() }));
      restart(nowMs() - 30_000);
      send(1, joinBlocks(collect()), true);
      sockets.add(one);
    }
    if (message.type === 'waves') one.on = message.on;
  });
  socket.on('close', () => sockets.delete(one));
  one.tick = () => {
    if (fault === 'silent' || socket.readyState !== 1) return;
    const now = nowMs();
    const blocks = one.on ? collect() : [];
    if (Math.floor(now / 1000) !== one.second) {
      one.second = Math.floor(now / 1000);
      for (const s of numbers) if (!deadSignal(s) && (s.expected !== null || one.second % NIBP_EVERY_S === 130)) blocks.push(encodeReadings(s.number, [{ time: BigInt(one.second) * 1_000_000_000n, mantissa: mantissa(s, one.second), exponent: -s.decimals, validity: DEMO }]));
    }
    if (blocks.length > 0) send(1, joinBlocks(blocks));
    if (now - one.statusAt >= 1000) {
      one.statusAt = now;
      send(2, text({ devices: devices(), signals: {}, dictionary: 'x', build: '0.1.0+dev', storedUpTo: iso(now - 600) }));
    }
  };
}

setInterval(() => {
  for (const one of sockets) one.tick();
}, Math.max(10, 40 / speed));
server.listen(port, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
