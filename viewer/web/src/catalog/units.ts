import type { WardUnits } from '../wire/api.ts';

// What is stored keeps the unit of its device. Values are converted where they are shown, and nowhere else; which unit a ward reads hangs on what the quantity is.

/** UCUM as people at the bed write it: no brackets, small digits small. */
export const unitLabel = (ucum: string): string => ucum.replace(/^(1|{score}|\[pH])$/, '').replace('[degF]', '°F').replace('Cel', '°C').replace('Ohm', 'Ω')
  .replace('H2O', 'H₂O').replace(/[[\]]/g, '').replace(/\b(c?m)([25])\b/g, (_, of: string, digit: string) => of + (digit === '2' ? '²' : '⁵')).replace(/\./g, '·').replace(/^u/, 'µ');

/** One of each in Pascal or degrees Celsius, and where its zero lies. */
const BASE: { readonly [ucum: string]: readonly [number, number] } = {
  'mm[Hg]': [133.322387415, 0], kPa: [1000, 0], 'cm[H2O]': [98.0665, 0], mbar: [100, 0], hPa: [100, 0], Cel: [1, 0], '[degF]': [5 / 9, -160 / 9],
};
const PLAIN = [1, 0] as const;

/** What of a signal says which quantity it is. */
export interface Quantity {
  readonly id: string;
  readonly group: string;
  /** UCUM, as stored. */
  readonly unit: string;
}

/** Which of the ward's units a signal is read in; null = the device's own, also for all that the nomenclature does not know. */
export const quantityOf = ({ id, group, unit }: Quantity): keyof WardUnits | null =>
  BASE[unit] === undefined || /^raw/.test(id) ? null
  : /C|F/.test(unit) ? 'temperature'
  : group === 'vent-pressure' ? 'airwayPressure'
  : /^(co2|gas|agent)/.test(group) || /o2([@#]|$)/.test(id) ? 'gasPressure' : 'bodyPressure';

/** How a signal is shown: shown = stored × factor + offset, in `ucum`. */
export interface Shown {
  readonly ucum: string;
  readonly label: string;
  readonly factor: number;
  readonly offset: number;
  readonly of: (stored: number) => number;
  /** As many decimals as tell one step of the device from the next; unconverted values keep those of the device. Null = not known. */
  readonly decimals: (own: number | null) => number | null;
}

/** A third of a digit may go: 120 mmHg is 16,0 kPa, and 20 mbar are 20 cmH₂O. */
const SPARED = 0.35;

export function shownIn(signal: Quantity, units: WardUnits | undefined): Shown {
  const quantity = quantityOf(signal);
  const asked = quantity && units ? units[quantity] : '';
  const ucum = BASE[asked] ? asked : signal.unit;
  const [size, zero] = BASE[signal.unit] ?? PLAIN;
  const [ofSize, ofZero] = BASE[ucum] ?? PLAIN;
  const factor = size / ofSize;
  // A difference of temperatures has no zero to move.
  const offset = /-diff/.test(signal.id) ? 0 : (zero - ofZero) / ofSize;
  return {
    ucum, label: unitLabel(ucum), factor, offset,
    of: (stored) => stored * factor + offset,
    decimals: (own) => (own === null ? (factor === 1 ? own : 1) : Math.max(0, Math.ceil(own - Math.log10(factor) - SPARED))),
  };
}

/** The end of an axis: three digits are enough where it was converted. */
export const edge = (shown: Shown, stored: number): number => Number(shown.of(stored).toPrecision(shown.factor === 1 ? 9 : 3));

/** In the place of a value that is lost, missing or not known. */
export const MISSING = '---';
