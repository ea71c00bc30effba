import { nsToMs, parseIso } from '../base/time.ts';
import { isObject } from '../wire/decoded.ts';
import { decodeFrame, type Frame } from '../wire/frame.ts';
import type { LinkMode } from './messages.ts';
import type { ServerClock } from './clock.ts';
import { pollBox, type Polled } from './poll.ts';

const ACK_FRAMES = 10;
const ACK_MS = 250;
const PING_MS = 5_000;
/** The second ping: the first one shares the line with everything that a hello brings. */
const SECOND_PING_MS = 1_000;
/** The box sends STATUS once a second; a socket that is silent this long is given up. */
const SILENT_MS = 5_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const JITTER = 0.4;
const POLL_AFTER_FAILURES = 2;
/** Without a socket for this long, numbers are asked for, however many attempts are still hanging. */
const POLL_AFTER_MS = 2_000;
const POLL_MS = 1_000;
/** An attempt to connect that is older than this began before the box answered again. */
const HANGING_MS = 500;

export interface LinkEvents {
  frame(frame: Frame): void;
  polled(answer: Polled): void;
  fault(text: string): void;
}

/**
 * The WebSocket to the box: hello, acknowledgements, pings, back-off, and one HTTP request a second while there is no socket.
 * `tick` is called four times a second by the worker; only the next attempt to connect has a timer of its own.
 */
export class Link {
  mode: LinkMode = 'connecting';
  private socket: WebSocket | null = null;
  private epoch = 0;
  private seq = 0;
  private acked = 0;
  private ackedAt = 0;
  private heardAt = 0;
  private openedAt = 0;
  private nextPingAt = 0;
  private helloAt = 0;
  private closedAt = performance.now();
  private wait = FIRST_WAIT_MS;
  private connectAt = 0;
  private failures = 0;
  private polledAt = 0;
  private polling = false;
  private answered = false;
  private waves = true;

  /** `api`: address of the box's API, or of another bed's or the ward's below it. */
  constructor(private readonly api: string, private readonly clock: ServerClock, private readonly events: LinkEvents) {}

  tick(): void {
    const now = performance.now();
    if (this.socket === null) {
      if (now >= this.connectAt) this.connect(now);
    } else if (now - this.heardAt > SILENT_MS) {
      this.drop(now);
    } else if (this.socket.readyState === WebSocket.OPEN) {
      this.acknowledge(now, false);
      if (now >= this.nextPingAt) this.ping(now);
    }
    if (this.mode === 'connecting' && now - this.closedAt > POLL_AFTER_MS) this.mode = 'polling';
    if (this.mode === 'polling' && !this.polling && now - this.polledAt >= POLL_MS) void this.poll(now);
  }

  setWaves(on: boolean): void {
    if (this.waves === on) return;
    this.waves = on;
    if (this.socket?.readyState === WebSocket.OPEN) this.send({ type: 'waves', on });
  }

  /** Begins anew at once: this screen was held up, and what waits in the old socket is of the past. */
  restart(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.connect(performance.now());
  }

  private connect(now: number): void {
    this.heardAt = now;
    this.openedAt = now;
    const socket = new WebSocket(`${this.api.replace(/^http/, 'ws')}/live`, 'bedside.v1');
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      if (socket === this.socket) this.greet(performance.now());
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.drop(performance.now());
    };
  }

  private greet(now: number): void {
    this.helloAt = now;
    this.send({ type: 'hello', epoch: this.epoch, seq: this.seq, waves: this.waves });
    this.ping(now);
    this.nextPingAt = now + SECOND_PING_MS;
  }

  private ping(now: number): void {
    this.nextPingAt = now + PING_MS;
    this.send({ type: 'ping', t: now });
  }

  private drop(now: number): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.failures++;
    if (this.mode === 'open') {
      this.mode = 'connecting';
      this.closedAt = now;
    }
    if (this.failures >= POLL_AFTER_FAILURES) this.mode = 'polling';
    this.connectIn(this.wait * (1 - JITTER / 2 + JITTER * Math.random()), now);
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 2);
  }

  private connectIn(ms: number, now: number): void {
    this.connectAt = now + ms;
    setTimeout(() => this.tick(), ms + 1);
  }

  private receive(data: unknown): void {
    const now = performance.now();
    if (typeof data === 'string') {
      this.pong(data, now);
      return;
    }
    if (!(data instanceof ArrayBuffer)) return;
    const frame = decodeFrame(data);
    if (!frame.ok) {
      this.events.fault(frame.fault);
      return;
    }
    const { value } = frame;
    this.heardAt = now;
    this.mode = 'open';
    this.failures = 0;
    this.wait = FIRST_WAIT_MS;
    if (value.epoch !== this.epoch) this.clock.reset();
    if (value.type === 'snapshot') {
      this.acked = value.seq - 1;
      // It answers the hello, so the box read its clock after that: as good as a pong.
      this.clock.pong(nsToMs(value.serverTime), this.helloAt, now);
    }
    this.epoch = value.epoch;
    this.seq = value.seq;
    this.events.frame(value);
    this.acknowledge(now, true);
  }

  /** Acknowledged only after the frame was taken in, so that the credit speaks of this screen and not of its buffers. */
  private acknowledge(now: number, counted: boolean): void {
    const frames = this.seq - this.acked;
    if (frames <= 0 || (counted && frames < ACK_FRAMES) || (!counted && now - this.ackedAt < ACK_MS)) return;
    this.acked = this.seq;
    this.ackedAt = now;
    this.send({ type: 'ack', seq: this.seq });
  }

  private pong(data: string, now: number): void {
    try {
      const json = JSON.parse(data) as unknown;
      if (!isObject(json) || json['type'] !== 'pong' || typeof json['t'] !== 'number') return;
      const time = parseIso(json['serverTime']);
      if (time !== null) this.clock.pong(time, json['t'], now);
    } catch {
      this.events.fault('text frame that is no JSON');
    }
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private async poll(now: number): Promise<void> {
    this.polledAt = now;
    this.polling = true;
    const polled = await pollBox(this.api);
    this.polling = false;
    const got = performance.now();
    const isFirst = !this.answered;
    this.answered = polled !== null;
    if (polled === null || this.mode !== 'polling') return;
    this.clock.frame(polled.serverTime, got);
    this.clock.pong(polled.serverTime, now, got);
    this.events.polled(polled);
    if (isFirst) this.retry(got);
  }

  /** A box that answers again is worth trying at once, whatever the back-off had grown to, and instead of an attempt that began before. */
  private retry(now: number): void {
    this.wait = FIRST_WAIT_MS;
    if (this.socket === null) this.connectIn(0, now);
    else if (this.socket.readyState === WebSocket.CONNECTING && now - this.openedAt > HANGING_MS) this.restart();
  }
}
