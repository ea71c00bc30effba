import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edge, quantityOf, shownIn, unitLabel } from '../src/catalog/units.ts';
import type { WardUnits } from '../src/wire/api.ts';

const METRIC: WardUnits = { bodyPressure: 'mm[Hg]', airwayPressure: 'cm[H2O]', gasPressure: 'mm[Hg]', temperature: 'Cel' };
const OTHER: WardUnits = { bodyPressure: 'kPa', airwayPressure: 'hPa', gasPressure: 'kPa', temperature: '[degF]' };

/** Rows of the shipped nomenclature as the screen learns of them. */
const rows = readFileSync(new URL('../../../storage/Bedside.Model/nomenclature.csv', import.meta.url), 'utf8').trim().split('\n').slice(1)
  .map((line) => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((field) => field[1] ?? ''))
  .map((fields) => ({ id: fields[0] ?? '', unit: fields[8] ?? '', group: fields[14] || 'other' }));

/** mulberry32: any run can be had again by its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('which unit of the ward a signal is read in', () => {
  const of = (id: string): string | null => quantityOf(rows.find((row) => row.id === id) ?? { id, group: 'other', unit: '?' });

  it('hangs on what the quantity is', () => {
    expect(['abp-mean', 'nibp-sys', 'cvp-mean', 'pap-mean', 'icp-mean', 'cpp', 'iap-mean', 'art', 'lvp-sys'].map(of)).toEqual(Array(9).fill('bodyPressure'));
    expect(['paw', 'peep', 'pip', 'pplat', 'set-peep', 'cuff-pressure', 'driving-pressure'].map(of)).toEqual(Array(7).fill('airwayPressure'));
    expect(['co2', 'etco2', 'inco2', 'tcpco2', 'tcpo2', 'pao2', 'paco2', 'ptio2', 'pf-ratio'].map(of)).toEqual(Array(9).fill('gasPressure'));
    expect(['temp', 'temp-blood', 'temp-skin', 'temp-airway'].map(of)).toEqual(Array(4).fill('temperature'));
    expect(['hr', 'spo2', 'vt-exp', 'mv-exp', 'compliance', 'resistance', 'dpdt-max', 'set-nava-level'].map(of)).toEqual(Array(8).fill(null));
  });

  it('is told for every pressure and temperature of the nomenclature, and for nothing else', () => {
    for (const row of rows) expect(quantityOf(row) !== null, row.id).toBe(['mm[Hg]', 'cm[H2O]', 'Cel'].includes(row.unit));
  });

  it('is the device’s own where nobody knows what is measured', () => {
    const raw = { id: 'raw/maker/7/PX', group: 'other', unit: 'mm[Hg]' };
    expect(shownIn(raw, OTHER)).toMatchObject({ ucum: 'mm[Hg]', factor: 1, offset: 0 });
  });

  it('goes by the quantity also for second signals, and for a unit that the nomenclature would not have', () => {
    expect(quantityOf({ id: 'etco2@vent/1#kPa', group: 'co2', unit: 'kPa' })).toBe('gasPressure');
    expect(quantityOf({ id: 'ptio2@licox', group: 'neuro', unit: 'mm[Hg]' })).toBe('gasPressure');
    expect(shownIn({ id: 'cvp-mean', group: 'cvp', unit: 'cm[H2O]' }, METRIC)).toMatchObject({ ucum: 'mm[Hg]' });
  });
});

describe('a value in the unit of the ward', () => {
  const pressure = { id: 'abp-mean', group: 'art', unit: 'mm[Hg]' };
  const temperature = { id: 'temp', group: 'temp', unit: 'Cel' };

  it('is what the definitions of the units say', () => {
    expect(shownIn(pressure, OTHER).of(120)).toBeCloseTo(15.99868649, 8);
    expect(shownIn({ id: 'etco2', group: 'co2', unit: 'kPa' }, METRIC).of(5)).toBeCloseTo(37.50308, 5);
    expect(shownIn({ id: 'peep', group: 'vent-pressure', unit: 'mbar' }, METRIC).of(10)).toBeCloseTo(10.19716, 5);
    expect(shownIn({ id: 'peep', group: 'vent-pressure', unit: 'mbar' }, OTHER).of(10)).toBe(10);
    expect(shownIn(temperature, OTHER).of(37)).toBeCloseTo(98.6, 10);
    expect(shownIn(temperature, OTHER).of(-40)).toBeCloseTo(-40, 10);
    expect(shownIn({ ...temperature, unit: '[degF]' }, METRIC).of(98.6)).toBeCloseTo(37, 10);
    expect(shownIn({ ...temperature, id: 'temp-diff' }, OTHER).of(1.5)).toBeCloseTo(2.7, 10);
  });

  it('comes back as it was, from any unit and for any value, and keeps the order of values', () => {
    const units = ['mm[Hg]', 'kPa', 'cm[H2O]', 'mbar', 'hPa'];
    for (let seed = 0; seed < 400; seed++) {
      const next = random(seed);
      const isTemperature = next() < 0.3;
      const pick = (all: readonly string[]): string => all[Math.floor(next() * all.length)] as string;
      const [from, to] = isTemperature ? [pick(['Cel', '[degF]']), pick(['Cel', '[degF]'])] : [pick(units), pick(units)];
      const there = shownIn(isTemperature ? { ...temperature, unit: from } : { ...pressure, unit: from }, isTemperature ? { ...METRIC, temperature: to } : { ...METRIC, bodyPressure: to });
      const back = shownIn(isTemperature ? { ...temperature, unit: to } : { ...pressure, unit: to }, isTemperature ? { ...METRIC, temperature: from } : { ...METRIC, bodyPressure: from });
      const value = (next() - 0.2) * 400;
      expect(there.ucum).toBe(to);
      expect(back.of(there.of(value))).toBeCloseTo(value, 8);
      expect(there.of(value + 0.1)).toBeGreaterThan(there.of(value));
      expect((there.of(value) - there.offset) / there.factor).toBeCloseTo(value, 8);
      if (from === to) expect([there.of(value), there.decimals(1), there.decimals(null)]).toEqual([value, 1, null]);
    }
  });

  it('has as many decimals as tell one step of the device from the next, and one digit more at most', () => {
    for (const [from, to] of [['mm[Hg]', 'kPa'], ['kPa', 'mm[Hg]'], ['mbar', 'cm[H2O]'], ['cm[H2O]', 'mbar'], ['Cel', '[degF]'], ['[degF]', 'Cel']] as const) {
      for (const own of [0, 1, 2]) {
        const isTemperature = from === 'Cel' || from === '[degF]';
        const shown = shownIn({ ...(isTemperature ? temperature : pressure), unit: from }, { ...METRIC, bodyPressure: to, temperature: to });
        const step = 10 ** -own * shown.factor;
        const digit = 10 ** -(shown.decimals(own) ?? 0);
        // Kept: half a device's step at least is told apart; not made up: a digit is no finer than a twentieth of it.
        expect(digit, `${from} ${to} ${own}`).toBeLessThanOrEqual(Math.max(1, step * 2.3));
        expect(digit).toBeGreaterThanOrEqual(step / 20);
      }
    }
    expect([shownIn(pressure, OTHER).decimals(0), shownIn(temperature, OTHER).decimals(1), shownIn({ id: 'peep', group: 'vent-pressure', unit: 'mbar' }, METRIC).decimals(0)]).toEqual([1, 1, 0]);
  });

  it('stands as the device has it while the ward’s units are not known, or are none that can be', () => {
    expect(shownIn(pressure, undefined)).toMatchObject({ ucum: 'mm[Hg]', label: 'mmHg', factor: 1, offset: 0 });
    expect(shownIn(pressure, { ...METRIC, bodyPressure: 'furlong' })).toMatchObject({ ucum: 'mm[Hg]', factor: 1, offset: 0 });
    expect(shownIn({ id: 'hr', group: 'ecg', unit: '/min' }, OTHER)).toMatchObject({ ucum: '/min', factor: 1 });
  });

  it('ends its axis on three digits where it was converted, else on the digits it has', () => {
    expect(edge(shownIn(pressure, OTHER), 200)).toBe(26.7);
    expect(edge(shownIn(pressure, METRIC), 1013)).toBe(1013);
  });
});

describe('the name of a unit', () => {
  it.each([
    ['1', ''], ['{score}', ''], ['[pH]', ''], ['mm[Hg]', 'mmHg'], ['cm[H2O]', 'cmH₂O'], ['Cel', '°C'], ['[degF]', '°F'], ['uV', 'µV'], ['Ohm', 'Ω'], ['[ppm]', 'ppm'],
    ['dyn.s/cm5', 'dyn·s/cm⁵'], ['dyn.s.m2/cm5', 'dyn·s·m²/cm⁵'], ['L/min/m2', 'L/min/m²'], ['mL/m2', 'mL/m²'], ['mL/cm[H2O]', 'mL/cmH₂O'], ['cm[H2O].s/L', 'cmH₂O·s/L'],
    ['cm[H2O]/L', 'cmH₂O/L'], ['mm[Hg]/s', 'mmHg/s'], ['mbar.s/L', 'mbar·s/L'], ['ug/kg/min', 'µg/kg/min'], ['kg/m2', 'kg/m²'], ['m2', 'm²'], ['g.m/m2', 'g·m/m²'],
    ['/min', '/min'], ['%', '%'], ['kPa', 'kPa'], ['hPa', 'hPa'], ['mm', 'mm'], ['L/min', 'L/min'], ['', ''],
  ])('%s is written %s', (ucum, label) => expect(unitLabel(ucum)).toBe(label));
});
