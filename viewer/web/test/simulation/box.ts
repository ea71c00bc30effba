import { encodeFrame, encodeReadings, encodeSamples, joinBlocks } from '../../dev/encode.mjs';
import { T0, type Timeline } from './timeline.ts';

const FRAME_MS = 100;
const STATUS_MS = 1_000;
const HISTORY_MS = 30_000;
const CREDIT = 50;
const UNACKNOWLEDGED_MS = 10_000;
const RATE = 50;

export interface SimulatedSignal {
  readonly number: number;
  readonly id: string;
  readonly kind: 'numeric' | 'waveform';
  readonly device: string;
  /** Null = aperiodic. */
  readonly periodMs: number | null;
}

/** A monitor and a ventilator: quick, slow and aperiodic numbers, waves in blocks of half a second. */
export const SIGNALS: readonly SimulatedSignal[] = [
  { number: 1, id: 'hr', kind: 'numeric', device: 'monitor', periodMs: 1_000 },
  { number: 2, id: 'ecg-ii', kind: 'waveform', device: 'monitor', periodMs: 500 },
  { number: 3, id: 'nibp-mean', kind: 'numeric', device: 'monitor', periodMs: null },
  { number: 4, id: 'peep', kind: 'numeric', device: 'ventilator', periodMs: 3_000 },
  { number: 5, id: 'paw', kind: 'waveform', device: 'ventilator', periodMs: 500 },
  { number: 6, id: 'set-rate', kind: 'numeric', device: 'ventilator', periodMs: 20_000 },
];

/** What was captured: at which instant in truth, and at which by the box's clock. */
export interface Captured {
  readonly truth: number;
  readonly boxTime: number;
}

interface Stored {
  readonly signal: SimulatedSignal;
  readonly index: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface Receiver {
  send(data: ArrayBuffer | string): void;
  close(): void;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const bytesOf = (json: object): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

/** One connection as the box sees it: hello, credit, gaps, 4008. */
export class Connection {
  private seq = 0;
  private acked = 0;
  private ackedAt = 0;
  private owed: number[] = [];
  private sentUpTo = 0;
  private hasGap = false;
  private isGreeted = false;
  private waves = true;
  isOpen = true;

  constructor(private readonly box: SimulatedBox, private readonly receiver: Receiver) {}

  hear(text: string): void {
    const message = JSON.parse(text) as { readonly type: string; readonly seq?: number; readonly t?: number; readonly waves?: boolean; readonly on?: boolean };
    if (message.type === 'ack') {
      this.acked = message.seq ?? 0;
      this.ackedAt = this.box.timeline.now;
      this.owed = this.owed.filter((seq) => seq > this.acked);
    } else if (message.type === 'ping') {
      this.receiver.send(JSON.stringify({ type: 'pong', t: message.t, serverTime: iso(this.box.clock()) }));
    } else if (message.type === 'hello') {
      this.isGreeted = true;
      this.waves = message.waves ?? true;
      this.frame(4, bytesOf({ signals: this.box.signals(), devices: this.box.devices(), session: { box: 'b', epoch: this.box.epoch, build: 'one', timeZone: 'UTC', bed: '1' } }));
      this.history(() => true);
    } else if (message.type === 'waves') {
      this.waves = message.on === true;
      if (this.waves) this.history((one) => one.signal.kind === 'waveform');
    }
  }

  tick(status: boolean): void {
    if (!this.isGreeted || !this.isOpen) return;
    if (this.owed.length > 0 && this.box.timeline.now - this.ackedAt > UNACKNOWLEDGED_MS) {
      this.close();
      return;
    }
    if (status) this.frame(2, bytesOf({ devices: this.box.devices(), signals: {}, dictionary: 'x', build: 'one' }));
    const waiting = this.box.stored.filter((one) => one.index > this.sentUpTo);
    if (waiting.length === 0) return;
    if (this.owed.length >= CREDIT) {
      this.hasGap = true;
      return;
    }
    this.sentUpTo = waiting.at(-1)?.index ?? this.sentUpTo;
    if (this.hasGap) {
      this.hasGap = false;
      this.frame(3, bytesOf({ from: iso(this.box.clock()), to: iso(this.box.clock()), frames: 1 }));
    }
    // Beyond the credit waves were dropped and numbers conflated; what is left is what came just now.
    const recent = waiting.filter((one) => one.at > this.box.timeline.now - 400 || (one.signal.kind === 'numeric' && !waiting.some((other) => other.signal === one.signal && other.index > one.index)));
    this.data(recent.filter((one) => this.waves || one.signal.kind === 'numeric'), false);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.receiver.close();
  }

  private history(which: (one: Stored) => boolean): void {
    this.sentUpTo = this.box.stored.at(-1)?.index ?? 0;
    this.data(this.box.stored.filter((one) => one.at > this.box.timeline.now - HISTORY_MS && which(one) && (this.waves || one.signal.kind === 'numeric')), true);
  }

  private data(stored: readonly Stored[], history: boolean): void {
    if (stored.length === 0) return;
    if (this.owed.length === 0) this.ackedAt = this.box.timeline.now;
    this.frame(1, joinBlocks(stored.map((one) => one.bytes)), history);
    this.owed.push(this.seq);
  }

  private frame(type: number, body: Uint8Array, history = false): void {
    this.seq++;
    this.receiver.send(encodeFrame({ type, epoch: this.box.epoch, seq: this.seq, serverTime: BigInt(Math.round(this.box.clock() * 1000)) * 1000n, history }, body).buffer as ArrayBuffer);
  }
}

/** The box of the simulation, with what can happen to it and to its devices. */
export class SimulatedBox {
  epoch = 1;
  /** What its clock is set away from the truth. */
  offset = 0;
  isUp = true;
  readonly silent = new Set<string>();
  readonly stored: Stored[] = [];
  readonly truth = new Map<number, Captured[]>();
  readonly connections = new Set<Connection>();
  private readonly dueAt = new Map<number, number>();
  private readonly firstIndex = new Map<number, number>();
  private readonly heardAt = new Map<string, number>();
  private index = 0;
  private statusAt = 0;

  constructor(readonly timeline: Timeline) {
    timeline.every(FRAME_MS, () => this.tick());
  }

  clock(): number {
    return T0 + this.timeline.now + this.offset;
  }

  restart(downMs: number): void {
    this.isUp = false;
    for (const one of this.connections) one.close();
    this.connections.clear();
    // The history of the live view is kept in memory; the newest values are read back from the store.
    this.stored.length = 0;
    this.timeline.in(downMs, () => {
      this.epoch++;
      this.isUp = true;
    });
  }

  signals(): object[] {
    return SIGNALS.map((one) => {
      const last = this.truth.get(one.number)?.at(-1);
      const value = one.kind === 'waveform' ? null : (this.truth.get(one.number)?.length ?? 0) - 1;
      return { number: one.number, id: one.id, kind: one.kind, device: one.device, short: one.id, unit: '1', group: 'other', expected_s: one.periodMs === null ? null : one.periodMs / 1000, last: last === undefined ? null : { time: iso(last.boxTime), value, text: null, validity: [] } };
    });
  }

  devices(): object[] {
    return ['monitor', 'ventilator'].map((device) => {
      const at = this.heardAt.get(device);
      const isSilent = at === undefined || this.timeline.now - at > 10_000;
      return { device, model: device, state: isSilent ? 'silent' : 'receiving', lastData: at === undefined ? null : iso(T0 + at + this.offset) };
    });
  }

  numerics(): object {
    return { serverTime: iso(this.clock()), numerics: this.signals().flatMap((one) => ((one as { kind: string }).kind === 'waveform' ? [] : [{ ...one, ...(one as { last: object | null }).last }])) };
  }

  private tick(): void {
    const { now } = this.timeline;
    if (!this.isUp) return;
    for (const one of SIGNALS) this.capture(one, now);
    const status = now - this.statusAt >= STATUS_MS;
    if (status) this.statusAt = now;
    for (const one of [...this.connections]) {
      one.tick(status);
      if (!one.isOpen) this.connections.delete(one);
    }
    while ((this.stored[0]?.at ?? now) < now - HISTORY_MS) this.stored.shift();
  }

  private capture(one: SimulatedSignal, now: number): void {
    if (this.silent.has(one.device) || this.silent.has(one.id) || now < (this.dueAt.get(one.number) ?? 0)) return;
    this.dueAt.set(one.number, now + (one.periodMs ?? 60_000));
    this.heardAt.set(one.device, now);
    const captured = this.truth.get(one.number) ?? [];
    this.truth.set(one.number, captured);
    const boxTime = this.clock();
    captured.push({ truth: now, boxTime });
    const ns = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n;
    this.index++;
    if (one.kind === 'numeric') {
      this.stored.push({ signal: one, index: this.index, at: now, bytes: encodeReadings(one.number, [{ time: ns(boxTime), mantissa: BigInt(captured.length - 1), exponent: 0, validity: 0 }]) });
      return;
    }
    const count = ((one.periodMs ?? 0) * RATE) / 1000;
    const first = this.firstIndex.get(one.number) ?? 0;
    this.firstIndex.set(one.number, first + count);
    this.stored.push({
      signal: one, index: this.index, at: now,
      bytes: encodeSamples({ signal: one.number, start: ns(boxTime - (one.periodMs ?? 0)), raw: new Int32Array(count), numerator: 1, denominator: RATE, firstIndex: BigInt(first), epoch: 1 + Math.round(Math.abs(this.offset)), gain: 1, offset: 0, validity: [] }),
    });
  }
}
