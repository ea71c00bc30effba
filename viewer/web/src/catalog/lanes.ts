import type { SignalDescription } from '../wire/api.ts';

// One list gives the order of the waves, their speed and the numbers beside each of them, so that wave and number always stand
// in one row. Ids are those of the nomenclature; a second signal of the same id (`hr@device`) counts as its base.

export type Speed = 25 | 6.25;

interface LaneRule {
  readonly waves: readonly string[];
  readonly speed: Speed;
  /** Rows of numbers: the first is the big one; `a|b` takes the first that the bed has, `a/b(c)` is shown in one. */
  readonly numerics: readonly string[];
  /** Waves that say much the same: one of them is enough here, the others wait for a later rule. */
  readonly one?: boolean;
}

const ECG_LEADS = ['ecg-ii', 'ecg-i', 'ecg-iii', 'ecg-avr', 'ecg-avl', 'ecg-avf', 'ecg-v', 'ecg-v1', 'ecg-v2', 'ecg-v3', 'ecg-v4', 'ecg-v5', 'ecg-v6', 'ecg-mcl', 'ecg-unspecified'];

/** What a glance needs first, one row per kind; further leads and volume after it. */
export const LANE_RULES: readonly LaneRule[] = [
  { waves: ECG_LEADS, speed: 25, numerics: ['hr', 'pvc-rate'], one: true },
  { waves: ['abp'], speed: 25, numerics: ['abp-sys/abp-dia(abp-mean)', 'ppv'] },
  { waves: ['art'], speed: 25, numerics: ['art-sys/art-dia(art-mean)', 'pr-art'] },
  { waves: ['ibp-generic', 'ao', 'uap'], speed: 25, numerics: ['ibp-sys/ibp-dia(ibp-mean)'] },
  { waves: ['pleth', 'pleth-2'], speed: 25, numerics: ['spo2', 'pr-spo2|pulse', 'perfusion-index|perfusion-relative'], one: true },
  { waves: ['resp-impedance', 'resp-generic'], speed: 6.25, numerics: ['resp-rate|resp-rate-impedance'] },
  { waves: ['co2'], speed: 6.25, numerics: ['etco2', 'resp-rate-co2|resp-rate-airway', 'inco2'] },
  { waves: ['paw'], speed: 6.25, numerics: ['pip|ppeak', 'peep', 'pplat', 'pmean'] },
  { waves: ['airway-flow'], speed: 6.25, numerics: ['vt|vt-exp', 'mv|mv-exp', 'vent-rate-total|vent-rate'] },
  { waves: ['icp'], speed: 25, numerics: ['icp-mean', 'cpp'] },
  { waves: ['cvp', 'rap', 'uvp'], speed: 25, numerics: ['cvp-mean|rap-mean|uvp-mean'] },
  { waves: ['pap', 'lap'], speed: 25, numerics: ['pap-sys/pap-dia(pap-mean)', 'pawp'] },
  { waves: ECG_LEADS, speed: 25, numerics: [] },
  { waves: ['pleth', 'pleth-2'], speed: 25, numerics: [] },
  { waves: ['airway-volume'], speed: 6.25, numerics: [] },
  { waves: ['o2-wave', 'n2o-wave', 'agent-wave'], speed: 6.25, numerics: [] },
  { waves: ['peso', 'ptrans-pulm', 'edi', 'iap'], speed: 6.25, numerics: [] },
  { waves: ['eeg-1', 'eeg-2', 'emg'], speed: 25, numerics: [] },
];

export interface NumericSlot {
  /** One signal, or systolic, diastolic and mean. */
  readonly parts: readonly SignalDescription[];
  /** Name of the whole: the id of the first part, or the common stem of a pressure. */
  readonly key: string;
}

export interface LanePlan {
  readonly wave: SignalDescription;
  readonly speed: Speed;
  readonly numerics: readonly NumericSlot[];
}

export interface BedPlan {
  readonly lanes: readonly LanePlan[];
  /** Everything that has no row beside a wave, in reading order. */
  readonly grid: readonly NumericSlot[];
}

/** Beside one wave: a big one and two small ones. */
const MOST_NUMERICS = 3;

export const baseId = (id: string): string => id.split('@')[0] ?? id;

const PRESSURE = /^(.+)-sys\/(.+)-dia\((.+)-mean\)$/;

/** The numbers of the bed by name; each can be taken once. */
class Shelf {
  private readonly byBase = new Map<string, SignalDescription[]>();
  private readonly taken = new Set<number>();

  /** `monitors` come before other devices that give the same. */
  constructor(signals: readonly SignalDescription[], monitors: ReadonlySet<string>) {
    const isMonitor = (signal: SignalDescription): number => (monitors.has(signal.device) ? 0 : 1);
    for (const signal of [...signals].sort((a, b) => isMonitor(a) - isMonitor(b))) {
      const base = baseId(signal.id);
      this.byBase.set(base, [...(this.byBase.get(base) ?? []), signal]);
    }
  }

  /** The first free signal of one of the names: of the lane's own device and in its unit before others; with `only`, of no other device. */
  take(names: string, device: string, unit: string, only = false): SignalDescription | null {
    for (const name of names.split('|')) {
      const free = (this.byBase.get(name) ?? []).filter((signal) => !this.taken.has(signal.number));
      const own = free.filter((signal) => signal.device === device);
      const one = own.find((signal) => signal.unit === unit) ?? own[0] ?? (only ? undefined : free.find((signal) => signal.unit === unit) ?? free[0]);
      if (one !== undefined) {
        this.taken.add(one.number);
        return one;
      }
    }
    return null;
  }

  slot(spec: string, device: string, unit: string, only = false): NumericSlot | null {
    const pressure = PRESSURE.exec(spec);
    const names = pressure === null ? [spec] : [`${pressure[1]}-sys`, `${pressure[1]}-dia`, `${pressure[1]}-mean`];
    const parts = names.flatMap((name) => this.take(name, device, unit, only) ?? []);
    const first = parts[0];
    return first === undefined ? null : { parts, key: parts.length > 1 ? (pressure?.[1] ?? baseId(first.id)) : baseId(first.id) };
  }

  isFree = (signal: SignalDescription): boolean => !this.taken.has(signal.number);
}

/** Devices that watch the patient's heart or blood; where a ventilator gives the same, the monitor comes first. */
export function monitorsOf(signals: readonly SignalDescription[]): ReadonlySet<string> {
  return new Set(signals.filter((signal) => /^(ecg-|hr$|spo2$|pleth|nibp)/.test(baseId(signal.id))).map((signal) => signal.device));
}

/** A wave and the rule that gave it its row; `again` = another wave of that rule stands above it. */
interface Placed {
  readonly wave: SignalDescription;
  readonly rule: LaneRule;
  readonly again: boolean;
}

/** Waves that once had data, each kind once and then those that say the same again; a signal that the device only announced has no lane. */
function wavesInOrder(signals: readonly SignalDescription[], seen: ReadonlySet<number>): readonly Placed[] {
  const monitors = monitorsOf(signals);
  const rankOf = (wave: SignalDescription): number => (monitors.has(wave.device) ? 0 : 2) + (wave.id.includes('@') ? 1 : 0);
  const waves = signals.filter((signal) => signal.kind === 'waveform' && (signal.last !== null || seen.has(signal.number)));
  const placed = new Set<SignalDescription>();
  const first: Placed[] = [];
  const again: Placed[] = [];
  const firstIds = new Set<string>();
  for (const rule of LANE_RULES) {
    let found = false;
    for (const id of rule.waves) {
      for (const wave of waves.filter((one) => baseId(one.id) === id && !placed.has(one)).sort((a, b) => rankOf(a) - rankOf(b) || a.number - b.number)) {
        if (rule.one === true && found) continue;
        (firstIds.has(id) ? again : first).push({ wave, rule, again: firstIds.has(id) });
        firstIds.add(id);
        placed.add(wave);
        found = true;
      }
    }
  }
  const others: LaneRule = { waves: [], speed: 6.25, numerics: [] };
  return [...first, ...again, ...waves.filter((wave) => !placed.has(wave)).map((wave) => ({ wave, rule: others, again: true }))];
}

/** What people look for first in the grid, then the rest by group. */
const GRID_FIRST = ['nibp', 'abp', 'art', 'ibp', 'temp', 'temp-core', 'temp-blood', 'temp-bladder', 'cco', 'co', 'svo2', 'bis', 'icp-mean', 'fio2-vent', 'set-vent-mode', 'vt-exp', 'mv-exp', 'compliance-dyn'];
const GROUP_ORDER = ['art', 'pap', 'cvp', 'icp', 'spo2', 'hemo', 'temp', 'resp', 'co2', 'gas-o2', 'vent-pressure', 'vent-volume', 'vent-flow', 'vent-other', 'neuro', 'ecg', 'renal', 'pump', 'lab'];

const GRID_PRESSURES = ['nibp', 'abp', 'art', 'ibp', 'pap', 'cvp', 'icp', 'ao'];
/** A compound code, or what a screen for staff has no use for. */
const HIDDEN = new Set(['nibp', 'height', 'bsa', 'bmi', 'head-circumference']);

function rank(slot: NumericSlot): number {
  const signal = slot.parts[0];
  const id = signal?.id ?? '';
  const early = id.includes('@') ? -1 : GRID_FIRST.indexOf(slot.key);
  if (early >= 0) return early - GRID_FIRST.length;
  const group = GROUP_ORDER.indexOf(signal?.group ?? '');
  const later = id.startsWith('raw/') ? 200 : id.includes('@') ? 50 : 0;
  return later + (signal?.kind === 'numeric' ? 0 : 100) + (group < 0 ? GROUP_ORDER.length : group);
}

export function planBed(signals: readonly SignalDescription[], seen: ReadonlySet<number>): BedPlan {
  const numbers = signals.filter((signal) => signal.kind !== 'waveform' && !HIDDEN.has(baseId(signal.id)) && !signal.id.startsWith('bedside/'));
  const shelf = new Shelf(numbers, monitorsOf(signals));
  const lanes: LanePlan[] = [];
  for (const { wave, rule, again } of wavesInOrder(signals, seen)) {
    const numerics: NumericSlot[] = [];
    for (const spec of rule.numerics) {
      // Looked up only while there is room: what is taken from the shelf is not in the grid.
      const slot = numerics.length < MOST_NUMERICS ? shelf.slot(spec, wave.device, wave.unit, again) : null;
      if (slot !== null) numerics.push(slot);
    }
    lanes.push({ wave, speed: rule.speed, numerics });
  }
  const grid: NumericSlot[] = GRID_PRESSURES.flatMap((stem) => shelf.slot(`${stem}-sys/${stem}-dia(${stem}-mean)`, '', '') ?? []);
  grid.push(...numbers.filter(shelf.isFree).map((signal) => ({ parts: [signal], key: baseId(signal.id) })));
  return { lanes, grid: grid.map((slot, at) => ({ slot, at })).sort((a, b) => rank(a.slot) - rank(b.slot) || a.at - b.at).map(({ slot }) => slot) };
}

/** Signals of the trend page, in order, as far as the bed has them; `a|b` takes the first. */
export const TREND_ORDER: readonly string[] = [
  'hr|pulse|pr-spo2', 'abp-mean|art-mean|ibp-mean|nibp-mean', 'spo2', 'resp-rate|resp-rate-impedance|resp-rate-co2|resp-rate-airway|vent-rate-total|vent-rate',
  'etco2', 'pip|ppeak', 'peep', 'mv|mv-exp', 'vt|vt-exp', 'cvp-mean', 'icp-mean', 'cpp', 'pap-mean', 'temp|temp-core|temp-blood|temp-bladder', 'fio2-vent|fio2-gas',
];
/** Where a device gives one value in two units. */
const TREND_UNIT = 'mm[Hg]';
const TREND_LANES_AT_FIRST = 6;

export function planTrends(signals: readonly SignalDescription[]): { readonly chosen: readonly SignalDescription[]; readonly all: readonly SignalDescription[] } {
  const numbers = signals.filter((signal) => (signal.kind === 'numeric' || signal.kind === 'setting') && signal.last?.text == null);
  const shelf = new Shelf(numbers, monitorsOf(signals));
  const ordered = TREND_ORDER.flatMap((names) => shelf.take(names, '', TREND_UNIT) ?? []);
  const rest = numbers.filter(shelf.isFree);
  const waves = signals.filter((signal) => signal.kind === 'waveform' && signal.last !== null);
  return { chosen: ordered.slice(0, TREND_LANES_AT_FIRST), all: [...ordered, ...rest, ...waves] };
}
