import { nsToMs, parseIso } from '../base/time.ts';
import { listOf, readAlertChange, readAnnotation, readDevice, readSession, readSignal, text } from '../wire/api.ts';
import { isObject } from '../wire/decoded.ts';
import type { Block, Reading } from '../wire/block.ts';
import type { Frame, JsonFrame } from '../wire/frame.ts';
import { validityOfNames } from '../wire/validity.ts';
import { ServerClock } from './clock.ts';
import { stateOfLink } from './freshness.ts';
import { Link } from './link.ts';
import type { FromWorker, NumberUpdate, ToWorker } from './messages.ts';
import { Playout } from './playout.ts';
import { WaveField } from './wave_field.ts';

// Owns the socket and the canvas, so that nothing the page does can hold up the waves.

const BEAT_MS = 250;
const STEPPED_MS = 250;
const WALL_JUMP_MS = 1_500;

const clock = new ServerClock();
const playout = new Playout();
const field = new WaveField();
const seen = new Set<number>();
let link: Link | null = null;
let lastFrame: number | null = null;
let faults = 0;
let frames = 0;
let fps = 0;
let countedAt = performance.now();
let stepped = false;
let drewAt = 0;
let wall = Date.now() - performance.now();
let penTime: number | null = null;

const post = (message: FromWorker): void => self.postMessage(message);

function numberOf(signal: number, reading: Reading): NumberUpdate {
  const { value } = reading;
  const exponent = value?.exponent ?? 0;
  return {
    number: signal,
    time: nsToMs(reading.time),
    value: value === null ? null : exponent >= 0 ? Number(value.mantissa) * 10 ** exponent : Number(value.mantissa) / 10 ** -exponent,
    decimals: value === null ? null : Math.max(0, -exponent),
    text: null,
    validity: reading.validity,
  };
}

function takeBlock(block: Block, history: boolean, serverNow: number | null, numbers: NumberUpdate[]): void {
  if (block.kind === 'samples') {
    field.push(block, history);
    if (!seen.has(block.signal)) {
      seen.add(block.signal);
      post({ type: 'seen', numbers: [...seen] });
    }
    if (!history && serverNow !== null) playout.see(nsToMs(block.start), serverNow, performance.now());
    return;
  }
  if (block.kind === 'readings') {
    const last = block.readings.at(-1);
    if (last !== undefined) numbers.push(numberOf(block.signal, last));
    return;
  }
  const time = nsToMs(block.start);
  if (block.kind === 'text' && isObject(block.json)) {
    numbers.push({ number: block.signal, time, value: null, decimals: null, text: text(block.json['text']), validity: validityOfNames(block.json['validity']) });
  } else if (block.kind === 'alert') {
    const alert = readAlertChange(block.json);
    if (alert !== null) post({ type: 'alert', alert: { ...alert, time } });
  } else if (block.kind === 'annotation' && isObject(block.json)) {
    const annotation = readAnnotation({ ...block.json, time: new Date(time).toISOString() });
    if (annotation !== null) post({ type: 'annotation', annotation });
  }
}

function takeJson(frame: JsonFrame): void {
  const { json } = frame;
  if (json['beds'] !== undefined) {
    if (frame.type === 'snapshot') field.clear();
    post({ type: 'ward', json });
  } else if (frame.type === 'status') {
    post({ type: 'status', devices: listOf(json['devices'], readDevice), dictionary: text(json['dictionary']), storedUpTo: parseIso(json['storedUpTo']) });
  } else if (frame.type === 'snapshot') {
    field.clear();
    post({ type: 'snapshot', session: readSession(json['session']), signals: listOf(json['signals'], readSignal), devices: listOf(json['devices'], readDevice) });
  }
}

function takeFrame(frame: Frame): void {
  const now = performance.now();
  const serverTime = nsToMs(frame.serverTime);
  clock.frame(serverTime, now);
  lastFrame = serverTime;
  if (frame.type !== 'data') {
    takeJson(frame);
    return;
  }
  faults += frame.faults.length;
  const serverNow = clock.now(now);
  const numbers: NumberUpdate[] = [];
  for (const block of frame.blocks) takeBlock(block, frame.history, serverNow, numbers);
  if (numbers.length > 0) post({ type: 'numbers', items: numbers });
}

function beat(): void {
  link?.tick();
  const now = performance.now();
  // A machine that slept, or a wall clock that was set: the box's time is unknown until the next frame.
  if (Math.abs(Date.now() - now - wall) > WALL_JUMP_MS) clock.reset();
  wall = Date.now() - now;
  if (now - countedAt >= 1_000) {
    fps = Math.round((frames * 1_000) / (now - countedAt));
    frames = 0;
    countedAt = now;
  }
  post({
    type: 'beat', serverNow: clock.now(now), lastFrame, mode: link?.mode ?? 'connecting', delayMs: playout.delayMs, fps, faults, lanes: field.beats(),
  });
}

function draw(): void {
  const now = performance.now();
  const serverNow = clock.now(now);
  if (serverNow !== null && (!stepped || now - drewAt >= STEPPED_MS)) {
    drewAt = now;
    penTime = playout.advance(serverNow, now);
    field.draw(penTime, serverNow, stateOfLink(serverNow, lastFrame) === 'live');
  }
  frames++;
  self.requestAnimationFrame(draw);
}

function start(api: string): void {
  link = new Link(api, clock, {
    frame: takeFrame,
    numerics: (items, serverTime) => {
      lastFrame = serverTime;
      post({ type: 'numbers', items: items.map((item) => ({ ...item, decimals: null })) });
    },
    fault: () => faults++,
  });
  setInterval(beat, BEAT_MS);
  beat();
  self.requestAnimationFrame(draw);
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.type) {
    case 'start': start(message.api); break;
    case 'canvas': field.setCanvas(message.canvas); break;
    case 'layout': field.setLayout(message.layout); break;
    case 'visible': link?.setWaves(message.visible); break;
    case 'stepped': stepped = message.stepped; break;
    case 'freeze': field.freeze(message.on, penTime, message.backMs); break;
  }
};
