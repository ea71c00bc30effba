import { describe, expect, it } from 'vitest';
import { language } from '../src/i18n/i18n.ts';
import { judgeBed, type BedView } from '../src/live/bed_view.ts';
import { shownName } from '../src/ui/device_name.ts';
import type { State } from '../src/wire/api.ts';
import { readDevice, readSignal, type Device, type SignalDescription } from '../src/wire/api.ts';

const NOW = Date.UTC(2026, 0, 1);

function signal(number: number, id: string, kind: string, device: string, expected_s: number | null): SignalDescription {
  const made = readSignal({ number, id, kind, device, short: id, unit: '1', group: 'other', expected_s, last: null });
  if (made === null) throw new Error(id);
  return made;
}

function device(name: string, state: string): Device {
  const made = readDevice({ device: name, model: name.toUpperCase(), state, lastData: new Date(NOW - 60_000).toISOString() });
  if (made === null) throw new Error(name);
  return made;
}

const BED = [signal(1, 'ecg-ii', 'waveform', 'mon', 0.004), signal(2, 'hr', 'numeric', 'mon', 1.024), signal(3, 'nibp-sys', 'numeric', 'mon', null), signal(4, 'paw', 'waveform', 'vent', 0.016), signal(5, 'peep', 'numeric', 'vent', 3)];

function judge(ages: { readonly [number: number]: number }, more: { waves?: boolean; link?: State; states?: { readonly [name: string]: string } } = {}): BedView {
  const lastOf = (one: SignalDescription): number | null => (ages[one.number] === undefined ? null : NOW - (ages[one.number] ?? 0) * 1000);
  const devices = (name: string): Device => device(name, more.states?.[name] ?? 'receiving');
  return judgeBed({ signals: BED, device: devices, monitors: new Set(['mon']), lastOf, waves: more.waves ?? true }, NOW, more.link ?? 'live');
}

const states = (view: BedView): readonly (readonly [string, State])[] => view.devices.map((one) => [one.name, one.state] as const);

describe('a device', () => {
  it('that an experimental driver reads is never named without saying so', () => {
    const made = readDevice({ device: 'hamilton-polling', manufacturer: 'Hamilton Medical', model: '', experimental: true, state: 'receiving' });
    const view = judgeBed({ signals: BED, device: () => made ?? undefined, monitors: new Set(), lastOf: () => NOW, waves: true }, NOW, 'live');
    language.set('fr');
    expect(view.devices.map(shownName)).toEqual(['Hamilton Medical (expérimental)', 'Hamilton Medical (expérimental)']);
    language.set('en');
    expect(view.devices.map(shownName)[0]).toBe('Hamilton Medical (experimental)');
    expect(judge({ 1: 1, 4: 1 }).devices.map(shownName)).toEqual(['MON', 'VENT']);
  });

  it('is lost ten seconds after its newest data, though the box still calls it receiving, while another goes on', () => {
    const view = judge({ 1: 10.1, 2: 11, 4: 0.4, 5: 2 });
    expect(states(view)).toEqual([['MON', 'lost'], ['VENT', 'live']]);
    expect(view.state).toBe('lost');
    expect(view.devices[0]).toMatchObject({ monitor: true, last: NOW - 10_100 });
  });

  it('is late before that, and live as long as one of its signals is', () => {
    expect(states(judge({ 1: 4, 2: 4.5, 4: 1, 5: 1 }))).toEqual([['MON', 'late'], ['VENT', 'live']]);
    expect(states(judge({ 1: 60, 2: 1, 4: 1, 5: 1 }))).toEqual([['MON', 'live'], ['VENT', 'live']]);
  });

  it('that never sent anything is not missed', () => {
    expect(states(judge({ 1: 1, 2: 1 }))).toEqual([['MON', 'live']]);
  });

  it('is judged by its numbers alone while only numbers come', () => {
    expect(states(judge({ 4: 30, 5: 5 }, { waves: false }))).toEqual([['VENT', 'live']]);
    expect(states(judge({ 4: 30, 5: 13 }, { waves: false }))).toEqual([['VENT', 'lost']]);
  });

  it('of values that come when they come is what the box says of it', () => {
    expect(states(judge({ 3: 900 }))).toEqual([['MON', 'live']]);
    expect(states(judge({ 3: 900 }, { states: { mon: 'unplugged' } }))).toEqual([['MON', 'lost']]);
  });

  it('is never fresher than the link', () => {
    expect(states(judge({ 1: 0.1, 4: 0.1 }, { link: 'late' }))).toEqual([['MON', 'late'], ['VENT', 'late']]);
  });
});
