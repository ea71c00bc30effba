import { labelOf, type Language } from '../catalog/labels.ts';
import { unitLabel } from '../catalog/units.ts';
import { formatNumber } from '../i18n/i18n.ts';
import type { NumberUpdate } from '../live/messages.ts';
import type { SignalDescription } from '../wire/api.ts';
import type { CheckedSignal, Rate } from '../wire/settings_api.ts';

// What is held against the display of a device, and what a person found. Pure, so that it can be tested without a page.

export const POINTS = ['label', 'unit', 'polarity', 'range', 'plausible'] as const;
export type Point = (typeof POINTS)[number];
export type Judgement = 'open' | 'right' | 'wrong';

/** What is judged of a signal: only a wave has a polarity. */
export const pointsOf = (signal: SignalDescription): readonly Point[] => (signal.kind === 'waveform' ? POINTS : POINTS.filter((one) => one !== 'polarity'));

export type Judgements = ReadonlyMap<string, Judgement>;

export const judgementKey = (id: string, point: Point): string => `${id} ${point}`;

/** Open, right, wrong, and open again. */
export const nextJudgement = (now: Judgement | undefined): Judgement => (now === undefined || now === 'open' ? 'right' : now === 'right' ? 'wrong' : 'open');

/** What the screen says of a value, unit included; empty = there is none. Old values say their age elsewhere and are no value of this instant. */
export function shownValue(signal: SignalDescription, frozen: NumberUpdate | undefined, at: number): string {
  if (signal.kind === 'waveform' || frozen === undefined || frozen.value === null) return '';
  const due = signal.expectedS === null ? Infinity : Math.max(10_000, signal.expectedS * 4_000);
  if (at - frozen.time > due) return '';
  const unit = unitLabel(signal.unit);
  return `${formatNumber(frozen.value, frozen.decimals)}${unit === '' ? '' : ` ${unit}`}`;
}

/** True where the value is outside of what is technically possible. */
export const isImplausible = (value: number | null | undefined, rate: Rate | undefined): boolean =>
  value != null && ((rate?.min != null && value < rate.min) || (rate?.max != null && value > rate.max));

/** All that was not judged yet is right; what was found wrong stays wrong. */
export function allRight(signals: readonly SignalDescription[], judged: Judgements): Judgements {
  const next = new Map(judged);
  for (const signal of signals) for (const point of pointsOf(signal)) if (next.get(judgementKey(signal.id, point)) !== 'wrong') next.set(judgementKey(signal.id, point), 'right');
  return next;
}

/** One signal as it is stored. */
export function checkedOf(signal: SignalDescription, shown: string, rate: Rate | undefined, judged: Judgements, spoken: Language): CheckedSignal {
  const of = (wanted: Judgement): readonly string[] => pointsOf(signal).filter((point) => judged.get(judgementKey(signal.id, point)) === wanted);
  return { id: signal.id, label: labelOf(signal, spoken), unit: signal.unit, shown, hertz: rate?.measured ?? null, right: of('right'), wrong: of('wrong') };
}

/** How many points were found right, wrong, and not judged, over all signals; a wave has five points, anything else four. */
export function countOf(signals: readonly CheckedSignal[], waves: ReadonlySet<string>): { readonly right: number; readonly wrong: number; readonly open: number } {
  let [right, wrong, open] = [0, 0, 0];
  for (const one of signals) {
    right += one.right.length;
    wrong += one.wrong.length;
    open += Math.max(0, (waves.has(one.id) ? POINTS.length : POINTS.length - 1) - one.right.length - one.wrong.length);
  }
  return { right, wrong, open };
}
