import { Cell } from '../base/cell.ts';
import { toIso, utcMs } from '../base/time.ts';
import { monitorsOf, planBed, type BedPlan } from '../catalog/lanes.ts';
import { getJson } from './http.ts';
import { listOf, readAlert, readSession, readSignal, type Device, type Priority, type Session, type SignalDescription, type State } from '../wire/api.ts';
import { isDemo, isReplayed } from '../wire/validity.ts';
import { judgeBed, type BedView } from './bed_view.ts';
import { ServerClock, WallWatch } from './clock.ts';
import { LIVE_MS, stateOfAge, stateOfLink, stateOfValue, turnIn, WAVE_EXPECTED_MS, worst } from './freshness.ts';
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

const ALERT_HISTORY_MS = 24 * 3_600_000;
const SESSION_RETRY_MS = 3_000;
const SIGNALS_RETRY_MS = 1_500;
const ALERTS_RETRY_MS = 2_000;
/** After this long without waves for a hidden tab, a device is judged by them again. */
const RESUMED_MS = 1_500;
const RANK: { readonly [priority in Priority]: number } = { high: 0, medium: 1, low: 2, none: 3 };

/** What the page knows of the bed. Ages are decided here, on the page's own timer, so that they grow even when the worker is dead. */
export class LiveStore {
  readonly session = new Cell<Session | null>(null);
  readonly signals = new Cell<readonly SignalDescription[]>([]);
  readonly devices = new Cell<readonly Device[]>([]);
  readonly alerts = new Cell<readonly ActiveAlert[]>([]);
  /** False until the box told all alarms of now: an empty list says nothing before that. */
  readonly alertsKnown = new Cell(false);
  readonly plan = new Cell<BedPlan>({ lanes: [], grid: [] });
  readonly link = new Cell<LinkView>({ state: 'lost', mode: 'connecting', ageS: null, lastFrame: null });
  /** How fresh each device is, decided here. */
  readonly bed = new Cell<BedView>({ state: 'live', devices: [], turnMs: Infinity });
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
  gaps = 0;
  storedUpTo: number | null = null;
  private readonly byNumber = new Map<number, SignalDescription>();
  private readonly byDevice = new Map<string, Device>();
  private readonly active = new Map<string, ActiveAlert>();
  private seen: ReadonlySet<number> = new Set();
  private monitors: ReadonlySet<string> = new Set();
  private dictionary = '';
  private lastFrame: number | null = null;
  private mode: LinkMode = 'connecting';
  private readonly wall = new WallWatch();
  private turn = 0;
  /** When the box last spoke of its devices, in its own time. */
  private devicesAt: number | null = null;
  private readonly waveTimes = new Map<number, number>();
  /** When each newest value and wave sample came to this page: nothing is younger than that, whatever the clocks do. */
  private readonly cameAt = new Map<number, number>();
  private wavesSince: number | null = performance.now();
  private alertsAskedAt = -ALERTS_RETRY_MS;
  private sessionAskedAt = -SESSION_RETRY_MS;
  private signalsAskedAt = -SIGNALS_RETRY_MS;

  take(message: Exclude<FromWorker, { readonly type: 'pulse' }>): void {
    this.checkWall();
    switch (message.type) {
      case 'snapshot':
        this.takeSignals(message.signals, this.isAnotherRun(message.session));
        this.takeSession(message.session);
        this.alertsKnown.set(false);
        void this.askAlerts();
        break;
      case 'status':
        this.storedUpTo = message.storedUpTo;
        // Asked for again with each status until it was had: a request that came too soon after another is left out.
        if (this.dictionary !== message.dictionary) void this.askSignals(message.dictionary);
        break;
      case 'devices':
        this.devicesAt = message.toldAt;
        this.takeDevices(message.devices);
        break;
      case 'numbers': this.takeNumbers(message.items); break;
      case 'alert': this.takeAlert(message.alert); break;
      case 'ward': break;
      case 'seen':
        this.seen = new Set(message.numbers);
        this.replan();
        if (message.numbers.some((number) => !this.byNumber.has(number))) void this.askSignals();
        break;
      case 'beat': this.takeBeat(message); break;
    }
  }

  private takeBeat(beat: Extract<FromWorker, { type: 'beat' }>): void {
    const now = performance.now();
    // A page that was held up takes it late: it says what the box's clock read then.
    const waited = Math.max(0, performance.timeOrigin + now - beat.sentAt);
    if (beat.turn !== this.turn) this.clock.reset();
    this.turn = beat.turn;
    if (beat.serverNow !== null) this.clock.follow(beat.serverNow + waited, now);
    this.lastFrame = beat.lastFrame ?? this.lastFrame;
    this.mode = beat.mode;
    this.delayMs = beat.delayMs;
    this.fps = beat.fps;
    this.faults = beat.faults;
    this.gaps = beat.gaps;
    for (const [number, time] of beat.waves) {
      if (this.waveTimes.get(number) !== time) this.cameAt.set(number, now - waited);
      this.waveTimes.set(number, time);
    }
    for (const lane of beat.lanes) this.lanes.set(lane.number, lane);
  }

  /** A hidden tab gets no waves: their silence then says nothing of a device. */
  setVisible(visible: boolean): void {
    this.wavesSince = visible ? performance.now() : null;
    this.decide();
  }

  /** Box time now; null until the box was heard. */
  now(): number | null {
    return this.clock.now(performance.now());
  }

  signal = (number: number): SignalDescription | undefined => this.byNumber.get(number);
  device = (name: string): Device | undefined => this.byDevice.get(name);

  /** Four times a second, from a timer of the page, and when something is to turn; answers in how many ms that is, if nothing comes. */
  decide(): number {
    this.checkWall();
    const now = this.now();
    const age = now === null || this.lastFrame === null ? null : Math.max(0, now - this.lastFrame);
    const next: LinkView = { state: stateOfLink(now, this.lastFrame), mode: this.mode, ageS: age === null ? null : Math.floor(age / 1000), lastFrame: this.lastFrame };
    const was = this.link.value;
    if (was.state !== next.state || was.mode !== next.mode || was.ageS !== next.ageS) this.link.set(next);
    const turnMs = this.judge(now);
    if (this.session.value === null) void this.askSession();
    if (!this.alertsKnown.value && this.mode === 'open') void this.askAlerts();
    this.tick.set(this.tick.value + 1);
    const saying = now === null || this.devicesAt === null ? Infinity : turnIn(now - this.devicesAt, WAVE_EXPECTED_MS);
    return Math.min(turnMs, saying, age === null ? Infinity : turnIn(age, 0));
  }

  private checkWall(): void {
    if (this.wall.jumped()) this.clock.reset();
  }

  private judge(now: number | null): number {
    const waves = this.mode !== 'polling' && this.wavesSince !== null && performance.now() - this.wavesSince > RESUMED_MS;
    const next = judgeBed({
      signals: this.signals.value, device: this.device, monitors: this.monitors, waves, sinceOf: (signal) => this.sinceCame(signal),
      lastOf: (signal) => (signal.kind === 'waveform' ? (this.waveTimes.get(signal.number) ?? null) : (this.numbers.get(signal.number)?.time ?? null)),
    }, now, this.link.value.state);
    // While all is well the newest time changes at every look, and nobody needs it.
    const name = (one: BedView): string => JSON.stringify(one.devices.map((each) => [each.device, each.name, each.experimental, each.monitor, each.state, each.state === 'live' ? 0 : each.last]));
    if (name(next) !== name(this.bed.value)) this.bed.set(next);
    return next.turnMs;
  }

  /** The worst of link, device and the value itself. */
  stateOf(signal: SignalDescription): State {
    const link = this.link.value.state;
    const expectedMs = signal.expectedS === null ? null : signal.expectedS * 1000;
    // A value that comes when it comes rests on what the box says of its device, while it says it.
    const told = expectedMs === null ? worst(link, this.stateOfSaying()) : link;
    return this.judged(signal, this.numbers.get(signal.number)?.time ?? null, expectedMs, told);
  }

  stateOfLane(signal: SignalDescription): State {
    const link = this.link.value.mode === 'polling' ? worst('late', this.link.value.state) : this.link.value.state;
    return this.judged(signal, this.waveTimes.get(signal.number) ?? null, WAVE_EXPECTED_MS, link);
  }

  private judged(signal: SignalDescription, time: number | null, expectedMs: number | null, link: State): State {
    const since = expectedMs === null ? 'live' : stateOfAge(this.sinceCame(signal), expectedMs);
    const device = this.bed.value.devices.find((one) => one.device === signal.device)?.state ?? 'live';
    const own = stateOfValue({ time, expectedMs, device: this.byDevice.get(signal.device) }, this.now(), link);
    return worst(own, worst(since, device));
  }

  private sinceCame(signal: SignalDescription): number {
    const now = performance.now();
    return now - (this.cameAt.get(signal.number) ?? now);
  }

  private stateOfSaying(): State {
    const now = this.now();
    return now === null || this.devicesAt === null ? 'lost' : stateOfAge(now - this.devicesAt, WAVE_EXPECTED_MS);
  }

  ageOf(time: number | null): number | null {
    const now = this.now();
    return now === null || time === null ? null : Math.max(0, now - time);
  }

  private takeNumbers(items: readonly NumberUpdate[]): void {
    const now = this.now();
    for (const item of items) {
      const old = this.numbers.get(item.number);
      // What is ahead of the box's time is from before its clock was set back: it must not keep out what comes now.
      if (old !== undefined && old.time > item.time && !(now !== null && old.time - now > LIVE_MS)) continue;
      if (old?.time !== item.time) this.cameAt.set(item.number, performance.now());
      this.numbers.set(item.number, { ...item, decimals: item.decimals ?? old?.decimals ?? null });
      if (isDemo(item.validity) || isReplayed(item.validity)) this.demo.set(true);
    }
    this.changed.set(this.changed.value + 1);
    if (items.some((item) => this.byNumber.get(item.number) === undefined)) void this.askSignals();
  }

  /** Pages hold what they show by it: only what differs is news. */
  private takeSession(session: Session | null): void {
    if (session !== null && JSON.stringify(session) !== JSON.stringify(this.session.value)) this.session.set(session);
  }

  private isAnotherRun(session: Session | null): boolean {
    const known = this.session.value;
    return session !== null && known !== null && session.epoch !== known.epoch;
  }

  /** What was captured in an earlier run of the box was timed by a clock that may have been set since: the values of this run are waited for. */
  private takeSignals(signals: readonly SignalDescription[], isAnotherRun = false): void {
    this.forgetOthers(signals);
    this.byNumber.clear();
    this.demo.set(this.session.value?.demo === true);
    const numbers: NumberUpdate[] = [];
    for (const signal of signals) {
      this.byNumber.set(signal.number, signal);
      const { last } = signal;
      if (last !== null && signal.kind !== 'waveform' && !isAnotherRun) numbers.push({ number: signal.number, ...last, decimals: null });
    }
    this.takeNumbers(numbers);
    this.monitors = monitorsOf(signals);
    this.signals.set(signals);
    this.replan();
  }

  /** A number that means another signal now, as after another run of the box, keeps nothing of the one before. */
  private forgetOthers(signals: readonly SignalDescription[]): void {
    const name = (one: SignalDescription | undefined): string => (one === undefined ? '' : `${one.id} ${one.device} ${one.kind}`);
    const next = new Map(signals.map((one) => [one.number, name(one)] as const));
    for (const [number, old] of this.byNumber) {
      if (next.get(number) === name(old)) continue;
      for (const known of [this.numbers, this.lanes, this.waveTimes, this.cameAt]) known.delete(number);
    }
  }

  private takeDevices(devices: readonly Device[]): void {
    this.byDevice.clear();
    for (const device of devices) this.byDevice.set(device.device, device);
    if (JSON.stringify(devices) !== JSON.stringify(this.devices.value)) this.devices.set(devices);
  }

  /** The plan changes only when a signal appears or has another colour, so that no row jumps. */
  private replan(): void {
    const plan = planBed(this.signals.value, this.seen);
    const same = (part: SignalDescription): string => `${part.number}${part.colour}`;
    const name = (one: BedPlan): string => JSON.stringify([one.lanes.map((lane) => [lane.wave.number, lane.wave.colour, lane.numerics.map((slot) => slot.parts.map(same))]), one.grid.map((slot) => slot.parts.map(same))]);
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
    if (performance.now() - this.alertsAskedAt < ALERTS_RETRY_MS) return;
    this.alertsAskedAt = performance.now();
    const now = this.now() ?? Date.now();
    const answer = await getJson(`/api/v1/alerts?from=${toIso(utcMs(now - ALERT_HISTORY_MS))}`);
    if (answer === undefined) return;
    this.active.clear();
    for (const one of listOf(answer, readAlert)) {
      const key = `${one.device} ${one.key}`;
      if (one.until === null) this.active.set(key, { ...one, key });
    }
    this.showAlerts();
    this.alertsKnown.set(true);
  }

  /** `dictionary`: the box's name for the list that is asked for. */
  private async askSignals(dictionary?: string): Promise<void> {
    if (performance.now() - this.signalsAskedAt < SIGNALS_RETRY_MS) return;
    this.signalsAskedAt = performance.now();
    const [signals, session] = [listOf(await getJson('/api/v1/signals'), readSignal), readSession(await getJson('/api/v1/session'))];
    this.takeSession(session);
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
