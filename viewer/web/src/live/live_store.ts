import { Cell } from '../base/cell.ts';
import { toIso, utcMs } from '../base/time.ts';
import { monitorsOf, planBed, type BedPlan } from '../catalog/lanes.ts';
import { getJson } from './http.ts';
import { listOf, readAlert, readSession, readSignal, type Device, type Priority, type Session, type SignalDescription, type State } from '../wire/api.ts';
import { isDemo, isReplayed } from '../wire/validity.ts';
import { judgeBed, type BedView } from './bed_view.ts';
import { ServerClock } from './clock.ts';
import { stateOfLink, stateOfValue, WAVE_EXPECTED_MS } from './freshness.ts';
import type { AlertUpdate, FromWorker, LaneBeat, LinkMode, NumberUpdate } from './messages.ts';

export interface ActiveAlert {
  readonly key: string;
  readonly device: string;
  readonly since: number;
  readonly priority: Priority;
  readonly technical: boolean;
  readonly text: string;
}

export interface LinkView {
  readonly state: State;
  readonly mode: LinkMode;
  /** Age of the last word of the box in whole seconds; null = never heard. */
  readonly ageS: number | null;
  readonly lastFrame: number | null;
}

const WALL_JUMP_MS = 1_500;
const ALERT_HISTORY_MS = 24 * 3_600_000;
const SESSION_RETRY_MS = 3_000;
const SIGNALS_RETRY_MS = 1_500;
const RANK: { readonly [priority in Priority]: number } = { high: 0, medium: 1, low: 2, none: 3 };

/** What the page knows of the bed. Ages are decided here, on the page's own timer, so that they grow even when the worker is dead. */
export class LiveStore {
  readonly session = new Cell<Session | null>(null);
  readonly signals = new Cell<readonly SignalDescription[]>([]);
  readonly devices = new Cell<readonly Device[]>([]);
  readonly alerts = new Cell<readonly ActiveAlert[]>([]);
  readonly plan = new Cell<BedPlan>({ lanes: [], grid: [] });
  readonly link = new Cell<LinkView>({ state: 'lost', mode: 'connecting', ageS: null, lastFrame: null });
  /** How fresh each device is, decided here. */
  readonly bed = new Cell<BedView>({ state: 'live', devices: [] });
  readonly demo = new Cell(false);
  /** Bumped four times a second: whoever shows an age reads it again. */
  readonly tick = new Cell(0);
  /** Bumped when numbers came. */
  readonly changed = new Cell(0);
  readonly numbers = new Map<number, NumberUpdate>();
  readonly lanes = new Map<number, LaneBeat>();
  readonly clock = new ServerClock();
  delayMs = 300;
  fps = 0;
  faults = 0;
  storedUpTo: number | null = null;
  private readonly byNumber = new Map<number, SignalDescription>();
  private readonly byDevice = new Map<string, Device>();
  private readonly active = new Map<string, ActiveAlert>();
  private seen: ReadonlySet<number> = new Set();
  private monitors: ReadonlySet<string> = new Set();
  private dictionary = '';
  private lastFrame: number | null = null;
  private mode: LinkMode = 'connecting';
  private wall = Date.now() - performance.now();
  private sessionAskedAt = -SESSION_RETRY_MS;
  private signalsAskedAt = -SIGNALS_RETRY_MS;

  take(message: FromWorker): void {
    switch (message.type) {
      case 'snapshot':
        if (message.session !== null) this.session.set(message.session);
        this.takeSignals(message.signals);
        this.takeDevices(message.devices);
        void this.askAlerts();
        break;
      case 'status':
        this.takeDevices(message.devices);
        this.storedUpTo = message.storedUpTo;
        // Asked for again with each status until it was had: a request that came too soon after another is left out.
        if (this.dictionary !== message.dictionary) void this.askSignals(message.dictionary);
        break;
      case 'numbers': this.takeNumbers(message.items); break;
      case 'alert': this.takeAlert(message.alert); break;
      case 'annotation':
      case 'ward': break;
      case 'seen':
        this.seen = new Set(message.numbers);
        this.replan();
        if (message.numbers.some((number) => !this.byNumber.has(number))) void this.askSignals();
        break;
      case 'beat':
        if (message.serverNow !== null) this.clock.frame(message.serverNow, performance.now());
        this.lastFrame = message.lastFrame ?? this.lastFrame;
        this.mode = message.mode;
        this.delayMs = message.delayMs;
        this.fps = message.fps;
        this.faults = message.faults;
        for (const lane of message.lanes) this.lanes.set(lane.number, lane);
        break;
    }
  }

  /** Box time now; null until the box was heard. */
  now(): number | null {
    return this.clock.now(performance.now());
  }

  signal = (number: number): SignalDescription | undefined => this.byNumber.get(number);
  device = (name: string): Device | undefined => this.byDevice.get(name);

  /** Four times a second, from a timer of the page. */
  decide(): void {
    // A machine that slept, or a wall clock that was set: what we believed of the box's time is worth nothing until it speaks again.
    const wall = Date.now() - performance.now();
    if (Math.abs(wall - this.wall) > WALL_JUMP_MS) this.clock.reset();
    this.wall = wall;
    const now = this.now();
    const age = now === null || this.lastFrame === null ? null : Math.max(0, now - this.lastFrame);
    const next: LinkView = { state: stateOfLink(now, this.lastFrame), mode: this.mode, ageS: age === null ? null : Math.floor(age / 1000), lastFrame: this.lastFrame };
    const was = this.link.value;
    if (was.state !== next.state || was.mode !== next.mode || was.ageS !== next.ageS) this.link.set(next);
    this.judge(now);
    if (this.session.value === null) void this.askSession();
    this.tick.set(this.tick.value + 1);
  }

  private judge(now: number | null): void {
    const waves = this.mode !== 'polling';
    const next = judgeBed({
      signals: this.signals.value, device: this.device, monitors: this.monitors, waves,
      lastOf: (signal) => (signal.kind === 'waveform' ? (this.lanes.get(signal.number)?.lastTime ?? null) : (this.numbers.get(signal.number)?.time ?? null)),
    }, now, this.link.value.state);
    // While all is well the newest time changes at every look, and nobody needs it.
    const name = (one: BedView): string => JSON.stringify(one.devices.map((each) => [each.device, each.name, each.experimental, each.monitor, each.state, each.state === 'live' ? 0 : each.last]));
    if (name(next) !== name(this.bed.value)) this.bed.set(next);
  }

  stateOf(signal: SignalDescription): State {
    const known = this.numbers.get(signal.number);
    return stateOfValue({
      time: known?.time ?? null,
      expectedMs: signal.expectedS === null ? null : signal.expectedS * 1000,
      device: this.byDevice.get(signal.device),
    }, this.now(), this.link.value.state);
  }

  stateOfLane(signal: SignalDescription): State {
    const time = this.lanes.get(signal.number)?.lastTime ?? null;
    const link = this.link.value.mode === 'polling' ? 'late' : this.link.value.state;
    return stateOfValue({ time, expectedMs: WAVE_EXPECTED_MS, device: this.byDevice.get(signal.device) }, this.now(), link);
  }

  ageOf(time: number | null): number | null {
    const now = this.now();
    return now === null || time === null ? null : Math.max(0, now - time);
  }

  private takeNumbers(items: readonly NumberUpdate[]): void {
    for (const item of items) {
      const old = this.numbers.get(item.number);
      if (old !== undefined && old.time > item.time) continue;
      this.numbers.set(item.number, { ...item, decimals: item.decimals ?? old?.decimals ?? null });
      if (isDemo(item.validity) || isReplayed(item.validity)) this.demo.set(true);
    }
    this.changed.set(this.changed.value + 1);
    if (items.some((item) => this.byNumber.get(item.number) === undefined)) void this.askSignals();
  }

  private takeSignals(signals: readonly SignalDescription[]): void {
    this.byNumber.clear();
    this.demo.set(this.session.value?.demo === true);
    const numbers: NumberUpdate[] = [];
    for (const signal of signals) {
      this.byNumber.set(signal.number, signal);
      const { last } = signal;
      if (last !== null && signal.kind !== 'waveform') numbers.push({ number: signal.number, ...last, decimals: null });
    }
    this.takeNumbers(numbers);
    this.monitors = monitorsOf(signals);
    this.signals.set(signals);
    this.replan();
  }

  private takeDevices(devices: readonly Device[]): void {
    this.byDevice.clear();
    for (const device of devices) this.byDevice.set(device.device, device);
    if (JSON.stringify(devices) !== JSON.stringify(this.devices.value)) this.devices.set(devices);
  }

  /** The plan changes only when a signal appears, so that no row jumps. */
  private replan(): void {
    const plan = planBed(this.signals.value, this.seen);
    const name = (one: BedPlan): string => JSON.stringify([one.lanes.map((lane) => [lane.wave.number, lane.numerics.map((slot) => slot.parts.map((part) => part.number))]), one.grid.map((slot) => slot.parts.map((part) => part.number))]);
    if (name(plan) !== name(this.plan.value)) this.plan.set(plan);
  }

  private takeAlert(alert: AlertUpdate): void {
    const key = `${alert.device} ${alert.key}`;
    const old = this.active.get(key);
    if (alert.phase === 'end') this.active.delete(key);
    else this.active.set(key, { ...alert, key, since: old?.since ?? alert.time });
    this.showAlerts();
  }

  private showAlerts(): void {
    const alerts = [...this.active.values()].filter((one) => one.priority !== 'none' || one.technical);
    this.alerts.set(alerts.sort((a, b) => RANK[a.priority] - RANK[b.priority] || b.since - a.since));
  }

  private async askAlerts(): Promise<void> {
    const now = this.now() ?? Date.now();
    const list = listOf(await getJson(`/api/v1/alerts?from=${toIso(utcMs(now - ALERT_HISTORY_MS))}`), readAlert);
    this.active.clear();
    for (const one of list) {
      const key = `${one.device} ${one.key}`;
      if (one.until === null) this.active.set(key, { ...one, key });
    }
    this.showAlerts();
  }

  /** `dictionary`: the box's name for the list that is asked for. */
  private async askSignals(dictionary?: string): Promise<void> {
    if (performance.now() - this.signalsAskedAt < SIGNALS_RETRY_MS) return;
    this.signalsAskedAt = performance.now();
    const signals = listOf(await getJson('/api/v1/signals'), readSignal);
    if (signals.length === 0) return;
    this.takeSignals(signals);
    this.dictionary = dictionary ?? this.dictionary;
  }

  private async askSession(): Promise<void> {
    if (performance.now() - this.sessionAskedAt < SESSION_RETRY_MS) return;
    this.sessionAskedAt = performance.now();
    const session = readSession(await getJson('/api/v1/session'));
    if (session !== null && this.session.value === null) {
      this.session.set(session);
      if (this.signals.value.length === 0) void this.askSignals();
    }
  }
}
