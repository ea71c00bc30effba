import { describe, expect, it } from 'vitest';
import { signalColour } from '../src/catalog/palette.ts';
import { language } from '../src/i18n/i18n.ts';
import { settingsEn, settingsFr } from '../src/i18n/settings_words.ts';
import { shiftTime } from '../src/ui/bed_step.tsx';
import { allRight, checkedOf, countOf, isImplausible, judgementKey, nextJudgement, shownValue } from '../src/ui/check_model.ts';
import { perSecond } from '../src/ui/health_lights.tsx';
import { pinOfPlace } from '../src/ui/port_pin.tsx';
import { fieldWords } from '../src/ui/settings_bar.tsx';
import { withPin } from '../src/ui/use_settings.ts';
import type { SignalDescription } from '../src/wire/api.ts';
import { readCheck, readLights, readRates, readSettings } from '../src/wire/settings_api.ts';
import type { Port } from '../src/wire/setup_api.ts';

const signal = (id: string, kind: SignalDescription['kind'], more: Partial<SignalDescription> = {}): SignalDescription => ({
  number: 1, id, kind, nameFr: id, nameEn: id, short: id, unit: '/min', device: 'd', colour: '#00e676', group: 'ecg', displayMin: null, displayMax: null, expectedS: 1, last: null, ...more,
});

describe('settings as the box tells them', () => {
  it('are read field by field, and what is missing is neutral', () => {
    expect(readSettings(undefined)).toBeNull();
    expect(readSettings({ settings: {} })).toMatchObject({ number: 0, form: { bed: '', colours: {}, ports: [] }, pinned: [], draft: null, trial: null, versions: [], fault: '' });
    expect(readSettings({
      number: 3, settings: { bed: '7', colours: { ecg: 5 }, ports: [{ serial: '/dev/a', listenOnly: true }, 4] }, pinned: ['bed', 7],
      draft: { rests: 3, settings: { bed: '8' }, changes: ['bed'], onTrial: true, faults: [{ field: 'bed', sentence: { fr: 'x', en: 'y' } }] }, trial: { number: 4, remainingSeconds: 12.5, lost: ['m'] },
    })).toMatchObject({ form: { bed: '7', colours: { ecg: '' }, ports: [{ serial: '/dev/a', driver: '', listenOnly: true }] }, pinned: ['bed'], draft: { form: { bed: '8' }, onTrial: true, faults: [{ field: 'bed' }] }, trial: { remainingS: 12.5, lost: ['m'] } });
    expect(readRates({ signals: [{ id: 'hr', measured: 'x', plausibleMax: 300 }] })).toEqual([{ id: 'hr', nominal: null, measured: null, min: null, max: 300 }]);
    expect(readCheck({ at: 'never' })).toBeNull();
    expect(readLights({ lights: [{ part: 'disk', state: 'ok', sentence: { fr: 'a', en: 'b' } }, 1] })).toEqual([{ part: 'disk', state: 'ok', sentence: { fr: 'a', en: 'b' } }]);
  });

  it('have words in both languages for every outcome, origin and point', () => {
    for (const key of ['applied', 'on-trial', 'confirmed', 'device-lost', 'unconfirmed', 'interrupted', 'taken-back'].map((one) => `outcome.${one}`).concat(['configuration', 'screen', 'undo'].map((one) => `origin.${one}`))) {
      expect(settingsFr).toHaveProperty([key]);
      expect(settingsEn).toHaveProperty([key]);
    }
    language.set('en');
    expect(fieldWords('timeZone')).toBe('Time zone');
    expect(fieldWords('ports./dev/serial/by-path/pci-0000:00.14')).toBe('/dev/serial/by-path/pci-0000:00.14');
    expect(fieldWords('colours.ecg')).toBe('Colours ecg');
    expect(fieldWords('units.temperature')).toBe('Temperature');
    language.set('fr');
  });
});

describe('preparing settings', () => {
  const pin = { serial: '/dev/a', udp: '', tcp: '', driver: 'x', line: '', listenOnly: false };

  it('moves the day by half hours around midnight', () => {
    expect(shiftTime('07:00', 30)).toBe('07:30');
    expect(shiftTime('00:00', -30)).toBe('23:30');
    expect(shiftTime('23:30', 30)).toBe('00:00');
  });

  it('keeps one pin a port, and none that says nothing', () => {
    expect(withPin([pin], { ...pin, driver: 'y' }, '/dev/a')).toEqual([{ ...pin, driver: 'y' }]);
    expect(withPin([pin], { ...pin, driver: '' }, '/dev/a')).toEqual([]);
    expect(withPin([pin], { ...pin, serial: '/dev/b' }, '/dev/b')).toHaveLength(2);
  });

  it('takes a path for a serial port and an address for the network the driver speaks on', () => {
    const entry = { driver: 'd', manufacturer: '', devices: '', quality: '', tried: ['TCP 4601'], title: { fr: '', en: '' }, lead: { fr: '', en: '' }, nullModem: '', listenOnly: '' };
    expect(pinOfPlace(' /dev/ttyUSB0 ', undefined)).toMatchObject({ serial: '/dev/ttyUSB0', udp: '', tcp: '' });
    expect(pinOfPlace('192.0.2.7:4601', entry)).toMatchObject({ serial: '', tcp: '192.0.2.7:4601' });
    expect(pinOfPlace('192.0.2.7:24105', { ...entry, tried: ['UDP 24105'] })).toMatchObject({ udp: '192.0.2.7:24105' });
  });

  it('shows a colour that the ward chose at night too, dimmed', () => {
    expect(signalColour('#00e676', 'ecg', true)).toBe('#43b078');
    expect(signalColour('#ffcc80', 'ecg', true)).not.toBe('#43b078');
    expect(signalColour('#ffcc80', 'ecg', false)).toBe('#ffcc80');
  });
});

describe('a check of signals', () => {
  const hr = signal('hr', 'numeric');
  const wave = signal('ecg-ii', 'waveform', { unit: 'mV' });

  it('shows the value of the instant with its unit, and none that is older', () => {
    language.set('fr');
    const frozen = { number: 1, time: 100_000, value: 37.25, decimals: 1, text: null, validity: 0 };
    expect(shownValue(hr, frozen, 101_000)).toBe('37,3 /min');
    expect(shownValue(hr, frozen, 111_001)).toBe('');
    expect(shownValue(signal('nibp', 'numeric', { expectedS: null }), frozen, 9_000_000)).toBe('37,3 /min');
    expect(shownValue(hr, { ...frozen, value: null }, 101_000)).toBe('');
    expect(shownValue(wave, frozen, 101_000)).toBe('');
  });

  it('doubts what is technically impossible, and only that', () => {
    const rate = { id: 'hr', nominal: 1, measured: 1, min: 0, max: 350 };
    expect([isImplausible(351, rate), isImplausible(80, rate), isImplausible(null, rate), isImplausible(351, undefined)]).toEqual([true, false, false, false]);
  });

  it('turns open, right, wrong and open, and all at once leaves what is wrong', () => {
    expect([nextJudgement(undefined), nextJudgement('right'), nextJudgement('wrong')]).toEqual(['right', 'wrong', 'open']);
    const judged = allRight([hr, wave], new Map([[judgementKey('hr', 'unit'), 'wrong']]));
    const checked = [checkedOf(hr, '80', undefined, judged, 'en'), checkedOf(wave, '', { id: 'ecg-ii', nominal: 250, measured: 249.98, min: null, max: null }, judged, 'en')];
    expect(checked[0]).toMatchObject({ right: ['label', 'range', 'plausible'], wrong: ['unit'], hertz: null });
    expect(checked[1]).toMatchObject({ right: ['label', 'unit', 'polarity', 'range', 'plausible'], hertz: 249.98 });
    expect(countOf(checked, new Set(['ecg-ii']))).toEqual({ right: 8, wrong: 1, open: 0 });
  });
});

describe('what a port gives a second', () => {
  it('is told from two looks, and not when the count began anew', () => {
    const port = (read: number, bytesIn: number): Port => ({ port: '/dev/a', read, bytesIn }) as Port;
    expect(perSecond(port(100, 5_000), { at: 1_000, ports: [port(50, 1_000)] }, 3_000)).toEqual({ reads: 25, bytes: 2_000 });
    expect(perSecond(port(10, 5_000), { at: 1_000, ports: [port(50, 1_000)] }, 3_000)).toBeNull();
    expect(perSecond(port(10, 5_000), null, 3_000)).toBeNull();
  });
});
