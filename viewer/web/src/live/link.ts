import { utcMs, type UtcMs } from '../base/time.ts';
import { readNumerics } from '../wire/api.ts';
import { isObject } from '../wire/decoded.ts';
import { decodeFrame, type Frame } from '../wire/frame.ts';
import { parseIso } from '../base/time.ts';
import type { LinkMode } from './messages.ts';
import type { ServerClock } from './clock.ts';

const ACK_FRAMES = 10;
const ACK_MS = 250;
const PING_MS = 5_000;
/** The box sends STATUS once a second; a socket that is silent this long is given up. */
const SILENT_MS = 5_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const POLL_AFTER_FAILURES = 2;
const POLL_MS = 1_000;

export interface LinkEvents {
  frame(frame: Frame): void;
  numerics(items: ReturnType<typeof readNumerics>['items'], serverTime: UtcMs): void;
  fault(text: string): void;
}

/**
 * The WebSocket to the box: hello, acknowledgements, pings, back-off, and one HTTP request a second while there is no socket.
 * `tick` is called four times a second by the worker; there is no other timer.
 */
export class Link {
  mode: LinkMode = 'connecting';
  private socket: WebSocket | null = null;
  private epoch = 0;
  private seq = 0;
  private acked = 0;
  private ackedAt = 0;
  private heardAt = 0;
  private pingedAt = 0;
  private wait = FIRST_WAIT_MS;
  private connectAt = 0;
  private failures = 0;
  private polledAt = 0;
  private polling = false;
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
      if (now - this.pingedAt >= PING_MS) {
        this.pingedAt = now;
        this.send({ type: 'ping', t: now });
      }
    }
    if (this.mode === 'polling' && !this.polling && now - this.polledAt >= POLL_MS) void this.poll(now);
  }

  setWaves(on: boolean): void {
    if (this.waves === on) return;
    this.waves = on;
    if (this.socket?.readyState === WebSocket.OPEN) this.send({ type: 'waves', on });
  }

  private connect(now: number): void {
    this.heardAt = now;
    this.pingedAt = now;
    const socket = new WebSocket(`${this.api.replace(/^http/, 'ws')}/live`, 'bedside.v1');
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => this.send({ type: 'hello', epoch: this.epoch, seq: this.seq, waves: this.waves });
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.drop(performance.now());
    };
  }

  private drop(now: number): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.failures++;
    this.mode = this.failures >= POLL_AFTER_FAILURES ? 'polling' : 'connecting';
    this.connectAt = now + this.wait * (0.8 + 0.4 * Math.random());
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 2);
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
    this.heardAt = now;
    this.mode = 'open';
    this.failures = 0;
    this.wait = FIRST_WAIT_MS;
    if (frame.value.epoch !== this.epoch) this.clock.reset();
    if (frame.value.type === 'snapshot') this.acked = frame.value.seq - 1;
    this.epoch = frame.value.epoch;
    this.seq = frame.value.seq;
    this.events.frame(frame.value);
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
    try {
      const answer = await fetch(`${this.api}/numerics`, { cache: 'no-store', signal: AbortSignal.timeout(4_000) });
      if (!answer.ok) return;
      const { serverTime, items } = readNumerics(await answer.json());
      const got = performance.now();
      if (serverTime === null || this.mode !== 'polling') return;
      this.clock.frame(serverTime, got);
      this.clock.pong(serverTime, now, got);
      this.events.numerics(items, utcMs(serverTime));
      // A box that answers is worth trying again at once, whatever the back-off had grown to.
      this.connectAt = Math.min(this.connectAt, got + POLL_MS);
    } catch {
      // No answer is told by the age of everything; there is nothing else to do but ask again.
    } finally {
      this.polling = false;
    }
  }
}
