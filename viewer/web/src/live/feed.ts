import { nsToMs, parseIso } from '../base/time.ts';
import { listOf, readAlertChange, readDevice, readSession, readSignal, text } from '../wire/api.ts';
import { isObject } from '../wire/decoded.ts';
import type { Block, Reading } from '../wire/block.ts';
import type { Frame, JsonFrame } from '../wire/frame.ts';
import { validityOfNames } from '../wire/validity.ts';
import { ServerClock, WallWatch } from './clock.ts';
import { LIVE_WAVE_MS, stateOfLink } from './freshness.ts';
import { Link } from './link.ts';
import type { FromWorker, NumberUpdate, ToWorker } from './messages.ts';
import { Playout } from './playout.ts';
import { WaveField } from './wave_field.ts';

const STEPPED_MS = 250;
/** A screen that did nothing for this long was held up itself: what waits in its socket is of the past. */
const HELD_UP_MS = 4_000;
/** The page speaks four times a second. */
const PAGE_SILENT_MS = 2_500;
const FPS_MS = 1_000;

/**
 * What the worker does: takes the frames of the box, draws the waves, tells the page. `beat` is to be called four times a second, `draw` for each
 * picture; time comes from `performance.now()` and `Date.now()`.
 */
export class Feed {
  private readonly clock = new ServerClock();
  private readonly wall = new WallWatch();
  private readonly playout = new Playout();
  private readonly field = new WaveField();
  private readonly seen = new Set<number>();
  private link: Link | null = null;
  private lastFrame: number | null = null;
  private faults = 0;
  private gaps = 0;
  private frames = 0;
  /** Since the worker began. */
  private begun = 0;
  private fps = 0;
  private countedAt = performance.now();
  private stepped = false;
  private drewAt = performance.now();
  private pictureAt: number | null = null;
  private longestMs = 0;
  private penTime: number | null = null;
  private workedAt = performance.now();
  private pageAt = performance.now();

  constructor(private readonly post: (message: FromWorker) => void) {}

  tell(message: ToWorker): void {
    switch (message.type) {
      case 'start': this.start(message.api); break;
      case 'canvas': this.field.setCanvas(message.canvas); break;
      case 'layout': this.field.setLayout(message.layout); break;
      case 'visible': this.setVisible(message.visible); break;
      case 'stepped': this.stepped = message.stepped; break;
      case 'freeze': this.field.freeze(message.on, this.penTime, message.backMs); break;
      case 'alive': this.pageAt = performance.now(); break;
      case 'pulse': this.post({ type: 'pulse', frames: this.begun, checksum: this.field.checksum() }); break;
    }
  }

  beat(): void {
    const now = performance.now();
    this.wake(now);
    this.link?.tick();
    if (now - this.countedAt >= FPS_MS) {
      this.fps = Math.round((this.frames * 1_000) / (now - this.countedAt));
      this.frames = 0;
      this.countedAt = now;
    }
    this.report();
  }

  draw(): void {
    const now = performance.now();
    if (this.pictureAt !== null) this.longestMs = Math.max(this.longestMs, now - this.pictureAt);
    this.pictureAt = now;
    const serverNow = this.clock.now(now);
    if (serverNow !== null && (!this.stepped || now - this.drewAt >= STEPPED_MS)) {
      this.drewAt = now;
      this.penTime = this.playout.advance(serverNow, now);
      // Beside a page that hangs stand numbers that nobody renews: its waves do not pretend that the screen is live.
      this.field.draw(this.penTime, serverNow, stateOfLink(serverNow, this.lastFrame) === 'live' && now - this.pageAt <= PAGE_SILENT_MS);
    }
    this.frames++;
    this.begun++;
  }

  private start(api: string): void {
    this.link = new Link(api, this.clock, {
      frame: (frame) => this.takeFrame(frame),
      polled: ({ items, devices, serverTime }) => {
        this.lastFrame = serverTime;
        this.post({ type: 'devices', devices, toldAt: serverTime });
        this.post({ type: 'numbers', items: items.map((item) => ({ ...item, decimals: null })), sentAt: serverTime });
      },
      fault: () => this.faults++,
    });
    this.beat();
  }

  private setVisible(visible: boolean): void {
    this.link?.setWaves(visible);
    // Nothing is drawn for a hidden tab: that is no pause of the sweep.
    this.pictureAt = null;
  }

  /** True when this screen was held up, or its machine slept, or its clock was set: then the link begins anew. */
  private wake(now: number): boolean {
    const heldUp = now - this.workedAt > HELD_UP_MS;
    this.workedAt = now;
    const jumped = this.wall.jumped();
    if (jumped) this.clock.reset();
    if (!heldUp && !jumped) return false;
    this.link?.restart();
    return true;
  }

  private report(): void {
    const { clock, playout, field } = this;
    const now = performance.now();
    this.post({
      type: 'beat', sentAt: performance.timeOrigin + now, serverNow: clock.now(now), lastFrame: this.lastFrame, mode: this.link?.mode ?? 'connecting', turn: clock.turn, delayMs: playout.delayMs,
      fps: this.fps, longestMs: this.longestMs, faults: this.faults, gaps: this.gaps, waves: field.newest(), lanes: field.beats(),
    });
    this.longestMs = 0;
  }

  private takeFrame(frame: Frame): void {
    const now = performance.now();
    if (this.wake(now)) return;
    const serverTime = nsToMs(frame.serverTime);
    this.clock.frame(serverTime, now);
    this.lastFrame = serverTime;
    if (frame.type !== 'data') {
      this.takeJson(frame, serverTime);
      return;
    }
    this.faults += frame.faults.length;
    const serverNow = this.clock.now(now);
    const numbers: NumberUpdate[] = [];
    let isAwaited = false;
    for (const block of frame.blocks) isAwaited = this.takeBlock(block, frame.history, serverNow, numbers) || isAwaited;
    if (numbers.length > 0) this.post({ type: 'numbers', items: numbers, sentAt: serverTime });
    if (isAwaited) this.report();
  }

  private takeJson(frame: JsonFrame, serverTime: number): void {
    const { json } = frame;
    if (json['beds'] !== undefined) {
      if (frame.type === 'snapshot') this.field.clear();
      this.post({ type: 'ward', json });
      return;
    }
    const devices = listOf(json['devices'], readDevice);
    switch (frame.type) {
      case 'status':
        this.post({ type: 'status', dictionary: text(json['dictionary']), storedUpTo: parseIso(json['storedUpTo']) });
        break;
      case 'snapshot':
        this.field.clear();
        this.post({ type: 'snapshot', session: readSession(json['session']), signals: listOf(json['signals'], readSignal) });
        break;
      case 'gap': this.gaps++; return;
    }
    this.post({ type: 'devices', devices, toldAt: serverTime });
  }

  /** True for samples that were waited for. */
  private takeBlock(block: Block, history: boolean, serverNow: number | null, numbers: NumberUpdate[]): boolean {
    const time = nsToMs(block.start);
    switch (block.kind) {
      case 'samples': {
        if (!this.seen.has(block.signal)) {
          this.seen.add(block.signal);
          this.post({ type: 'seen', numbers: [...this.seen] });
        }
        // What was held up on its way is the past, whatever the box thought when it sent it.
        const past = history || serverNow === null || serverNow - nsToMs(block.end) > LIVE_WAVE_MS;
        if (!past) this.playout.see(block.signal, time, serverNow, performance.now());
        return this.field.push(block, past, serverNow);
      }
      case 'readings': {
        const last = block.readings.at(-1);
        if (last !== undefined) numbers.push(numberOf(block.signal, last));
        return false;
      }
      case 'text':
        if (isObject(block.json)) numbers.push({ number: block.signal, time, value: null, decimals: null, text: text(block.json['text']), validity: validityOfNames(block.json['validity']) });
        return false;
      case 'alert': {
        const alert = readAlertChange(block.json);
        if (alert !== null) this.post({ type: 'alert', alert: { ...alert, time } });
        return false;
      }
      default: return false;
    }
  }
}

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
