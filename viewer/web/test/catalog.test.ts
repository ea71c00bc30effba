import { describe, expect, it } from 'vitest';
import { planBed, planTrends } from '../src/catalog/lanes.ts';
import { labelOf } from '../src/catalog/labels.ts';
import { contrast, GROUND, groupsWithColour, INK, LATE_GREY, signalColour } from '../src/catalog/palette.ts';
import { readSignal, type SignalDescription } from '../src/wire/api.ts';
import { parseRoute } from '../src/ui/route.ts';

function signal(number: number, id: string, kind: string, device = 'm', more: object = {}): SignalDescription {
  const made = readSignal({ number, id, kind, device, short: id, unit: '1', group: 'other', last: { time: '2026-01-01T00:00:00Z', value: 1, validity: [] }, ...more });
  if (made === null) throw new Error(id);
  return made;
}

const BED = ['paw', 'pleth', 'ecg-v', 'abp', 'ecg-ii', 'co2', 'cvp', 'airway-flow', 'resp-impedance', 'pap', 'airway-volume'].map((id, i) => signal(i + 1, id, 'waveform'));
const NUMBERS = ['hr', 'st-ii', 'abp-sys', 'abp-dia', 'abp-mean', 'spo2', 'pr-spo2', 'peep', 'pip', 'vt-exp', 'mv-exp', 'etco2', 'resp-rate', 'cvp-mean', 'nibp-sys', 'nibp-dia', 'nibp-mean', 'temp', 'bis'].map((id, i) => signal(i + 20, id, 'numeric'));

describe('the plan of a bed', () => {
  it('orders the waves by the one list', () => {
    expect(planBed([...BED, ...NUMBERS], new Set()).lanes.map((lane) => lane.wave.id)).toEqual(
      ['ecg-ii', 'abp', 'pleth', 'resp-impedance', 'co2', 'paw', 'airway-flow', 'cvp', 'pap', 'ecg-v', 'airway-volume']);
  });

  it('puts each number beside its wave, once, and the rest in the grid', () => {
    const plan = planBed([...BED, ...NUMBERS], new Set());
    const beside = (id: string): string[] => plan.lanes.find((lane) => lane.wave.id === id)?.numerics.map((slot) => slot.parts.map((part) => part.id).join('/')) ?? [];
    expect(beside('ecg-ii')).toEqual(['hr']);
    expect(beside('ecg-v')).toEqual([]);
    expect(beside('airway-flow')).toEqual(['vt-exp', 'mv-exp']);
    expect(beside('abp')).toEqual(['abp-sys/abp-dia/abp-mean']);
    expect(beside('pleth')).toEqual(['spo2', 'pr-spo2']);
    expect(beside('paw')).toEqual(['pip', 'peep']);
    const shown = [...plan.lanes.flatMap((lane) => lane.numerics), ...plan.grid].flatMap((slot) => slot.parts.map((part) => part.id));
    expect([...shown].sort()).toEqual(NUMBERS.map((one) => one.id).sort());
    expect(plan.grid[0]?.key).toBe('nibp');
  });

  it('sweeps hearts at 25 mm/s and breaths at 6.25', () => {
    const speeds = new Map(planBed(BED, new Set()).lanes.map((lane) => [lane.wave.id, lane.speed]));
    expect([speeds.get('ecg-ii'), speeds.get('pleth'), speeds.get('co2'), speeds.get('airway-flow')]).toEqual([25, 25, 6.25, 6.25]);
  });

  it('takes the number of the wave’s own device', () => {
    const plan = planBed([signal(1, 'co2', 'waveform', 'vent'), signal(2, 'etco2', 'numeric', 'monitor'), signal(3, 'etco2@vent', 'numeric', 'vent')], new Set());
    expect(plan.lanes[0]?.numerics[0]?.parts[0]?.number).toBe(3);
    expect(plan.grid[0]?.parts[0]?.number).toBe(2);
  });

  it('puts the monitor’s wave before the ventilator’s when both have it, and says the other again at the end', () => {
    const bed = [signal(1, 'co2', 'waveform', 'vent'), signal(2, 'co2@mon', 'waveform', 'mon'), signal(3, 'ecg-ii', 'waveform', 'mon'), signal(4, 'paw', 'waveform', 'vent'),
      signal(5, 'etco2', 'numeric', 'vent'), signal(6, 'etco2@mon', 'numeric', 'mon')];
    const { lanes } = planBed(bed, new Set());
    expect(lanes.map((lane) => lane.wave.number)).toEqual([3, 2, 4, 1]);
    expect(lanes.map((lane) => lane.numerics[0]?.parts[0]?.number)).toEqual([undefined, 6, undefined, 5]);
  });

  it('keeps in the grid what finds no room beside its wave', () => {
    const paw = [signal(1, 'paw', 'waveform'), ...['pip', 'peep', 'pplat', 'pmean'].map((id, i) => signal(i + 2, id, 'numeric'))];
    const plan = planBed(paw, new Set());
    expect(plan.lanes[0]?.numerics.map((slot) => slot.key)).toEqual(['pip', 'peep', 'pplat']);
    expect(plan.grid.map((slot) => slot.key)).toEqual(['pmean']);
  });

  it('has no lane for a wave that never sent a sample, and one for a wave nobody knows', () => {
    const silent = signal(1, 'ecg-v3', 'waveform', 'm', { last: null });
    expect(planBed([silent], new Set()).lanes).toHaveLength(0);
    expect(planBed([silent], new Set([1])).lanes).toHaveLength(1);
    expect(planBed([signal(9, 'raw/x/1/Q', 'waveform')], new Set()).lanes).toHaveLength(1);
  });

  it('chooses heart rate, mean pressure, saturation, breath and CO2 for the trends', () => {
    expect(planTrends([...BED, ...NUMBERS]).chosen.map((one) => one.id).slice(0, 5)).toEqual(['hr', 'abp-mean', 'spo2', 'resp-rate', 'etco2']);
  });

  it('takes the monitor’s value for the trends where the ventilator has it too', () => {
    const bed = [signal(1, 'etco2', 'numeric', 'vent', { unit: 'mm[Hg]' }), signal(2, 'etco2@mon', 'numeric', 'mon', { unit: 'mm[Hg]' }), signal(3, 'hr', 'numeric', 'mon')];
    expect(planTrends(bed).chosen.map((one) => one.number)).toEqual([3, 2]);
  });

  it('labels in the language of the screen', () => {
    const hr = signal(1, 'hr', 'numeric', 'm', { short: 'HR' });
    expect([labelOf(hr, 'fr'), labelOf(hr, 'en')]).toEqual(['FC', 'HR']);
    expect(labelOf(signal(1, 'ecg-ii', 'waveform', 'm', { short: 'II' }), 'en')).toBe('ECG II');
    expect(labelOf(signal(1, 'spo2', 'numeric', 'm', { short: 'SpO2' }), 'fr')).toBe('SpO₂');
  });
});

describe('colours', () => {
  it.each(groupsWithColour())('of %s reach 7:1 on black by day and by night', (group) => {
    expect(contrast(signalColour('', group, false), GROUND)).toBeGreaterThanOrEqual(7);
    expect(contrast(signalColour('', group, true), GROUND)).toBeGreaterThanOrEqual(6.99);
  });

  it('of groups nobody knows are dimmed for the night and still reach 7:1', () => {
    for (const colour of ['#d8b4ff', '#ff9e80', '#e8ffe8', '#ffe082', '#9cc4ff']) {
      const night = contrast(signalColour(colour, 'no-such-group', true), GROUND);
      expect(night).toBeGreaterThanOrEqual(7);
      expect(night).toBeLessThan(8);
    }
  });

  it('that cannot be read are refused', () => {
    expect(signalColour('#0000ff', 'ecg', false)).toBe('#00e676');
    expect(signalColour('red', 'art', false)).toBe('#ff6b6b');
  });

  it('of text and of late values can be read', () => {
    expect(contrast(INK, GROUND)).toBeGreaterThan(7);
    expect(contrast(LATE_GREY, GROUND)).toBeGreaterThan(7);
  });
});

describe('a deep link', () => {
  it('opens its screen, and anything else the live one', () => {
    expect(parseRoute('#/trends?h=24')).toMatchObject({ screen: 'trends' });
    expect(parseRoute('#/trends?h=24').query.get('h')).toBe('24');
    expect(parseRoute('#/live').screen).toBe('live');
    expect(parseRoute('').screen).toBe('live');
    expect(parseRoute('#/nowhere').screen).toBe('live');
  });
});
