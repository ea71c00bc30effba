import { describe, expect, it } from 'vitest';
import { dayAway, dayText, localText, offsetText } from '../src/base/local_text.ts';
import { WardClock } from '../src/base/local_time.ts';
import { shownIn } from '../src/catalog/units.ts';
import { csvText } from '../src/csv/csv_file.ts';
import { sheetTable } from '../src/csv/csv_tables.ts';
import { sheetEn, sheetFr } from '../src/i18n/sheet_words.ts';
import { csvEn, csvFr } from '../src/i18n/csv_words.ts';
import { happenedIn } from '../src/sheet/happened.ts';
import { lanePicture, readColumns } from '../src/sheet/lanes.ts';
import { cellState, hourLabels, leastCoverage, planSheet, sheetOrder, type HourLabel } from '../src/sheet/plan.ts';
import { readSignal, type SignalDescription } from '../src/wire/api.ts';
import { readSheet, type Sheet } from '../src/wire/sheet_api.ts';
import { utcMs } from '../src/base/time.ts';
import { readCsv } from './csv_reader.ts';

const HOUR = 3_600_000;
const PARIS = new WardClock('Europe/Paris');
const iso = (time: number): string => new Date(time).toISOString();

function signal(number: number, id: string, group: string, more: object = {}): SignalDescription {
  const made = readSignal({ number, id, kind: 'numeric', device: 'm', short: id, unit: '1', group, expected_s: 1, last: null, ...more });
  if (made === null) throw new Error(id);
  return made;
}

const cell = (median: number, coverage: number | null = 1): object => ({ median, min: median - 5, max: median + 5, count: 60, questionable: 0, inAlarm: 0, coverage });

function sheetOf(from: number, hours: number, at: number, rows: readonly { readonly number: number; readonly id: string; readonly cells: readonly (object | null)[] }[]): Sheet {
  const made = readSheet({
    box: 'BX', day: iso(from + 12 * HOUR).slice(0, 10), from: iso(from), to: iso(from + hours * HOUR), at: iso(at), digest: 'abc', rows: rows.map((row) => ({ decimals: 0, demo: false, ...row })),
    hours: Array.from({ length: hours }, (_, i) => ({ from: iso(from + i * HOUR), to: iso(from + (i + 1) * HOUR), offsetMinutes: 0 })),
  });
  if (made === null) throw new Error('no sheet');
  return made;
}

describe('the columns of a day', () => {
  it.each([
    ['spring, from midnight', Date.UTC(2026, 2, 28, 23), 23], ['autumn, from midnight', Date.UTC(2026, 9, 24, 22), 25],
    ['spring, from seven', Date.UTC(2026, 2, 28, 6), 23], ['autumn, from seven', Date.UTC(2026, 9, 24, 5), 25], ['any day', Date.UTC(2026, 10, 21, 6), 24],
  ] as const)('stand once each, named on the clock of the ward (%s)', (_, from, hours) => {
    const labels = hourLabels(sheetOf(from, hours, from + hours * HOUR, []), PARIS);
    expect(labels).toHaveLength(hours);
    const names = labels.map((one) => `${one.label} ${/UTC/.test(one.note) ? one.note : ''}`.trim());
    expect(new Set(names).size).toBe(hours);
    expect(names.filter((name) => name.startsWith('02:00'))).toEqual(hours === 25 ? ['02:00 UTC+2', '02:00 UTC+1'] : hours === 23 ? [] : ['02:00']);
    expect(labels.every((one) => one.state === 'over')).toBe(true);
  });

  it('know which hour runs and which are to come, and where a day begins', () => {
    const from = Date.UTC(2026, 10, 21, 6);
    const labels = hourLabels(sheetOf(from, 24, from + 2.5 * HOUR, []), PARIS);
    expect(labels.map((one) => one.state).join(' ')).toBe(`over over running ${Array(21).fill('future').join(' ')}`);
    expect([labels[0]?.note, labels[17]?.label, labels[17]?.note, labels[18]?.note]).toEqual(['21/11', '00:00', '22/11', '']);
  });
});

describe('the lines of a sheet', () => {
  const from = Date.UTC(2026, 10, 21, 6);
  const bed = ['temp', 'bis', 'peep', 'spo2', 'hr', 'abp-mean', 'vt-exp', 'etco2', 'hr@vent', 'nibp-sys'].map((id, i) =>
    signal(i + 1, id, { temp: 'temp', bis: 'neuro', peep: 'vent-pressure', spo2: 'spo2', hr: 'ecg', 'abp-mean': 'art', 'vt-exp': 'vent-volume', etco2: 'co2', 'hr@vent': 'ecg', 'nibp-sys': 'nibp' }[id] ?? 'other', { device: id.includes('@') ? 'vent' : 'm' }));

  it('keep the order of the one list of lanes, with or without their waves', () => {
    const order = (signals: readonly SignalDescription[]): string[] => sheetOrder(signals).map((one) => one.id);
    expect(order(bed).slice(0, 6)).toEqual(['hr', 'hr@vent', 'abp-mean', 'spo2', 'etco2', 'peep']);
    const wave = signal(90, 'paw', 'vent-pressure', { kind: 'waveform', last: { time: iso(from), value: 1, validity: [] } });
    expect(order([...bed, wave])).toEqual(order(bed));
    expect(order([...bed].reverse()).map((id) => id.split('@')[0])).toEqual(order(bed).map((id) => id.split('@')[0]));
  });

  it('stand under circulation, respiration, ventilation, temperature, other; the first forty on paper', () => {
    const sheet = sheetOf(from, 24, from + 24 * HOUR, bed.map((one) => ({ number: one.number, id: one.id, cells: Array(24).fill(cell(50)) })));
    const { parts, left } = planSheet(sheet, bed, 40);
    expect(parts.map((part) => `${part.group}: ${part.lines.map((line) => line.signal.id).join(' ')}`)).toEqual(
      ['circulation: hr hr@vent abp-mean nibp-sys', 'respiration: spo2 etco2', 'ventilation: peep vt-exp', 'temperature: temp', 'other: bis']);
    expect(left).toBe(0);
    expect(parts[0]?.lines.map((line) => line.twice)).toEqual([true, true, false, false]);
    const few = planSheet(sheet, bed, 3);
    expect([few.left, few.parts.flatMap((part) => part.lines).length]).toEqual([bed.length - 3, 3]);
  });

  it('are left out where their cells do not fit the hours', () => {
    expect(sheetOf(from, 24, from, [{ number: 1, id: 'hr', cells: [cell(60)] }]).rows).toEqual([]);
  });
});

describe('a cell', () => {
  const hour = (state: HourLabel['state']): HourLabel => ({ hour: { from: utcMs(0), to: utcMs(HOUR) }, label: '00:00', note: '', state });
  const rate = signal(1, 'hr', 'ecg');
  const cuff = signal(2, 'nibp-sys', 'nibp', { expected_s: null });
  const read = (coverage: number | null): Parameters<typeof cellState>[0] => sheetOf(0, 1, HOUR, [{ number: 1, id: 'hr', cells: [cell(70, coverage)] }]).rows[0]?.cells[0] ?? null;

  it('is a gap only where something was due', () => {
    expect(cellState(null, true, hour('over'))).toBe('gap');
    expect(cellState(null, true, hour('running'))).toBe('gap');
    expect(cellState(null, true, hour('future'))).toBe('future');
    expect(cellState(null, false, hour('over'))).toBe('none');
  });

  it('is due where the signal has a period, or comes regularly without one as from a gateway', () => {
    const due = (one: SignalDescription, count: number): boolean | undefined =>
      planSheet(sheetOf(0, 3, 3 * HOUR, [{ number: one.number, id: one.id, cells: [{ ...cell(70, null), count }, null, { ...cell(70, null), count }] }]), [one], 40).parts[0]?.lines[0]?.due;
    expect([due(rate, 1), due(cuff, 1), due(cuff, 4), due(cuff, 30)]).toEqual([true, false, false, true]);
  });

  it('says when it is of a part of its hour', () => {
    expect(cellState(read(0.4), true, hour('over'))).toBe('partial');
    expect(cellState(read(0.99), true, hour('over'))).toBe('value');
    expect(cellState(read(null), false, hour('over'))).toBe('value');
  });

  it('counts for the least covered line of its hour', () => {
    const sheet = sheetOf(0, 3, 1.5 * HOUR, [{ number: 1, id: 'hr', cells: [cell(70, 1), cell(70, 0.5), null] }, { number: 2, id: 'nibp-sys', cells: [null, null, null] }]);
    expect(leastCoverage(planSheet(sheet, [rate, cuff], 40).parts, hourLabels(sheet, PARIS))).toEqual([1, 0.5, null]);
  });
});

describe('the file of a sheet', () => {
  it.each([[Date.UTC(2026, 2, 28, 23), 23], [Date.UTC(2026, 9, 24, 22), 25]] as const)('has a row for each cell that is shown, each with an hour of its own, on the days of the clocks too', (from, hours) => {
    const pressure = signal(1, 'abp-mean', 'art', { unit: 'mm[Hg]' });
    const sheet = sheetOf(from, hours, from + hours * HOUR, [{ number: 1, id: 'abp-mean', cells: Array.from({ length: hours }, (_, i) => (i === 5 ? null : cell(75 + i))) }]);
    const units = { bodyPressure: 'kPa', airwayPressure: 'cm[H2O]', gasPressure: 'mm[Hg]', temperature: 'Cel' };
    const { parts } = planSheet(sheet, [pressure], 40);
    const table = sheetTable(sheet, parts, hourLabels(sheet, PARIS), PARIS, units, 'fr');
    for (const format of ['comma', 'point'] as const) {
      const file = readCsv(csvText(table, { box: 'BX', bed: '', build: '', ward: PARIS, from, to: from + hours * HOUR, at: 0, demo: false }, format));
      expect(file.rows).toHaveLength(hours - 1);
      expect(new Set(file.rows.map((row) => `${row['hour_local']} ${row['hour_offset']}`)).size).toBe(hours - 1);
      expect(file.head.get('digest_sha256')).toBe('abc');
      expect([file.rows[0]?.['unit'], file.number(file.rows[0]?.['median']), file.number(file.rows[0]?.['min']), file.number(file.rows[0]?.['coverage_percent'])]).toEqual(['kPa', 10, 9.3, 100]);
    }
  });
});

describe('a lane under the table', () => {
  it('hatches what is missing and only that, and draws nothing there', () => {
    const from = Date.UTC(2026, 10, 21, 6);
    const sheet = sheetOf(from, 24, from + 12 * HOUR, []);
    const step = 300_000;
    const columns = readColumns(Array.from({ length: 144 }, (_, i) => i).filter((i) => i < 24 || i >= 48).map((i) => ({ t: iso(from + i * step), until: iso(from + (i + 1) * step), min: 60, max: 80, mean: 70, count: 300 })));
    const rate = signal(1, 'hr', 'ecg', { display_min: 40, display_max: 140 });
    const picture = lanePicture(columns, sheet, rate, shownIn(rate, undefined), true);
    expect(picture.gaps).toHaveLength(1);
    expect([picture.gaps[0]?.from, picture.gaps[0]?.width]).toEqual([(24 / 288) * 100, (24 / 288) * 100]);
    expect(picture.mean.match(/M/g)).toHaveLength(2);
    expect(picture.band.match(/Z/g)).toHaveLength(columns.length);
    expect(lanePicture(columns, sheet, rate, shownIn(rate, undefined), false).gaps).toEqual([]);
  });
});

describe('marks and alarms of a day', () => {
  it('are the marks first and the gravest alarms where there are too many, in the order of time', () => {
    const marks = [1, 5].map((time) => ({ key: `m${time}`, version: 1, kind: 'suction', text: '', attributes: {}, source: 'bed', number: 0, concerns: [], time: utcMs(time), until: null, heldUntil: null, withdrawn: false }));
    const alerts = (['low', 'high', 'medium', 'none'] as const).map((priority, i) => ({ key: `a${i}`, device: 'm', since: utcMs(i + 1.5), until: null, priority, technical: false, text: priority }));
    expect(happenedIn(marks, alerts, 0, 3)).toMatchObject({ left: 3, shown: [{ sign: '⚑' }, { sign: '***' }, { sign: '⚑' }] });
    expect(happenedIn(marks, alerts, 3, 9).shown.every((one) => one.time >= 3)).toBe(true);
  });
});

describe('local times in words', () => {
  it('say the offset that makes them instants, also of half hours and west of Greenwich', () => {
    const time = Date.UTC(2026, 9, 25, 0, 30);
    expect([localText(PARIS, time), offsetText(PARIS, time)]).toEqual(['2026-10-25 02:30:00', '+02:00']);
    expect([localText(PARIS, time + HOUR), offsetText(PARIS, time + HOUR)]).toEqual(['2026-10-25 02:30:00', '+01:00']);
    expect(offsetText(new WardClock('America/St_Johns'), Date.UTC(2026, 0, 1))).toBe('-03:30');
    expect([dayAway('2026-03-01', -1), dayAway('2026-12-31', 1), dayText('2026-03-29')]).toEqual(['2026-02-28', '2027-01-01', '29/03/2026']);
  });
});

describe('the words of sheet and file', () => {
  it.each([['sheet', sheetFr, sheetEn], ['csv', csvFr, csvEn]] as const)('are whole in both languages (%s)', (_, fr, en) => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort());
    for (const [key, text] of Object.entries(fr)) {
      const blanks = (words: string): string[] => [...words.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
      expect(blanks((en as Record<string, string>)[key] ?? ''), key).toEqual(blanks(text));
    }
  });
});
