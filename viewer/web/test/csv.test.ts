import { afterEach, describe, expect, it } from 'vitest';
import { WardClock } from '../src/base/local_time.ts';
import { TimeScale } from '../src/base/time_scale.ts';
import { csvField, csvName, csvText, type CsvFormat, type CsvOrigin, type CsvTable } from '../src/csv/csv_file.ts';
import { eventTable, isWhole, trendTable } from '../src/csv/csv_tables.ts';
import { formatNumber, language } from '../src/i18n/i18n.ts';
import { Fill, PixelColumns } from '../src/trend/columns.ts';
import { readSignal, type SignalDescription } from '../src/wire/api.ts';
import { utcMs, type UtcMs } from '../src/base/time.ts';
import type { HeldMark } from '../src/marks/context.ts';
import { readCsv } from './csv_reader.ts';

const PARIS = new WardClock('Europe/Paris');
const FORMATS: readonly CsvFormat[] = ['comma', 'point'];
const origin = (from: number, to: number, more: Partial<CsvOrigin> = {}): CsvOrigin => ({ box: 'BX-0012', bed: '12', build: '1.0', ward: PARIS, from, to, at: to, demo: false, ...more });

function random(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

function signal(id: string, group: string, unit: string, more: object = {}): SignalDescription {
  const made = readSignal({ number: 1, id, kind: 'numeric', device: 'm', short: id, unit, group, expected_s: 1, last: null, ...more });
  if (made === null) throw new Error(id);
  return made;
}

afterEach(() => language.set('fr'));

describe('a file of what is shown', () => {
  const table = (rows: CsvTable['rows'], columns: readonly string[]): CsvTable => ({ content: 'test', head: [], columns, rows });

  it.each(['fr', 'en'] as const)('gives every number back as it was shown, in both writings (%s)', (spoken) => {
    language.set(spoken);
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed);
      const decimals = next() < 0.2 ? null : Math.floor(next() * 4);
      const value = (next() - 0.3) * 10 ** Math.floor(next() * 5);
      const shown = formatNumber(value, decimals);
      for (const format of FORMATS) {
        const read = readCsv(csvText(table([[{ value, decimals }]], ['value']), origin(0, 1), format));
        const back = read.number(read.rows[0]?.['value']);
        // What a person reads on the screen, typed into any program in the language of the screen, is the number of the file.
        expect(back, `${seed} ${format}`).toBe(Number(shown.replace(',', '.')));
        expect(formatNumber(back, decimals)).toBe(shown);
      }
    }
  });

  it('gives 37,2 back that a person typed, whatever stands around it', () => {
    const typed = ['37,2', 'T 37,2 ; "fièvre"', '37.2', ' 37,2 ', '=2+3', '@x', '-37,2', '+1', 'a\r\nb', '', '"', ';', ',', 'œdème ≥ 2'];
    for (const format of FORMATS) {
      const read = readCsv(csvText(table(typed.map((text) => [text, 'x']), ['text', 'last']), origin(0, 1), format));
      // What a spreadsheet would run stands behind an apostrophe.
      expect(read.rows.map((row) => row['text'])).toEqual(typed.map((text) => (/^[=+\-@]/.test(text) ? `'${text}` : text)));
      expect(read.rows.every((row) => row['last'] === 'x')).toBe(true);
    }
  });

  it('survives any text', () => {
    const letters = ['a', ';', ',', '"', '\r\n', '\n', '=', ' ', 'é', '37,2', '#', "'"];
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed);
      const text = Array.from({ length: Math.floor(next() * 8) }, () => letters[Math.floor(next() * letters.length)]).join('');
      for (const format of FORMATS) {
        const read = readCsv(csvText(table([['begin', text, { value: 1, decimals: 0 }]], ['a', 'b', 'c']), origin(0, 1), format));
        expect(read.rows[0]?.['b']).toBe(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
        expect(read.rows[0]?.['c']).toBe('1');
      }
    }
  });

  it('says in its head how it is written, of which box, and that it is not validated', () => {
    for (const [format, separator, decimal] of [['comma', 'semicolon', 'comma'], ['point', 'comma', 'point']] as const) {
      const { head } = readCsv(csvText(table([], ['a']), origin(Date.UTC(2026, 9, 25), Date.UTC(2026, 9, 26), { demo: true }), format));
      expect([head.get('separator'), head.get('decimal'), head.get('box'), head.get('time_zone'), head.get('from')]).toEqual([separator, decimal, 'BX-0012', 'Europe/Paris', '2026-10-25T00:00:00.000Z']);
      expect(head.get('demo')).toContain('DEMO');
      expect(csvText(table([], ['a']), origin(0, 1), format)).toContain('NOT validated');
      expect(csvText(table([], ['a']), origin(0, 1), format)).toContain('not a monitor');
    }
  });

  it('is named after the bed, what it is of, and when; by nothing that a file system minds', () => {
    expect(csvName(table([], []), origin(Date.UTC(2026, 10, 21, 18, 30), 0))).toBe('bedside-12-test-20261121-1930.csv');
    expect(csvName(table([], []), origin(0, 0, { bed: '../é "3"' }))).toBe('bedside-e-3-test-19700101-0100.csv');
    expect(csvName(table([], []), origin(0, 0, { bed: '', box: '' }))).toMatch(/^bedside-bed-test-/);
  });

  it('leaves a field empty where there is no number', () => {
    expect([csvField(null, 'comma'), csvField({ value: NaN, decimals: 1 }, 'comma'), csvField({ value: 37.2, decimals: 1 }, 'comma'), csvField({ value: 37.2, decimals: 1 }, 'point')]).toEqual(['', '', '37,2', '37.2']);
  });
});

describe('the trends as a file', () => {
  const hour = 3_600_000;
  const units = { bodyPressure: 'kPa', airwayPressure: 'cm[H2O]', gasPressure: 'mm[Hg]', temperature: 'Cel' };

  function columnsOf(scale: TimeScale): PixelColumns {
    const columns = new PixelColumns(scale.widthPx);
    for (let x = 0; x < scale.widthPx; x++) {
      columns.fill[x] = x >= 10 && x < 15 ? Fill.None : x >= 40 ? Fill.Future : Fill.Data;
      if (columns.fill[x] !== Fill.Data) continue;
      [columns.min[x], columns.max[x], columns.mean[x], columns.count[x]] = [90, 120, 100, 60];
    }
    return columns;
  }

  const mark = (kind: string, text: string, time: UtcMs, attributes: HeldMark['attributes']): HeldMark => ({ key: kind, version: 1, kind, text, attributes, source: 'bed', number: 0, concerns: [], time, until: null, heldUntil: null, withdrawn: false });

  it('holds each column that is drawn, each hole once, marks and alarms of its time, in the units that are shown', () => {
    const scale = TimeScale.over(Date.UTC(2026, 10, 21, 10), Date.UTC(2026, 10, 21, 11), 60);
    const lanes = [{ signal: signal('abp-mean', 'art', 'mm[Hg]'), columns: columnsOf(scale), decimals: 0 }];
    const inside = utcMs(scale.start + hour / 2);
    const events = {
      marks: [mark('position', 'a;b', inside, { position: 'prone' }), mark('note', '', utcMs(scale.start - 1), {})],
      alerts: [{ key: 'x', device: 'm', since: inside, until: null, priority: 'high' as const, technical: false, text: 'PAM 58 < 60' }],
    };
    for (const format of FORMATS) {
      const read = readCsv(csvText(trendTable(lanes, scale, events, PARIS, units, 'fr'), origin(scale.start, scale.end), format));
      expect(read.rows.filter((row) => row['kind'] === 'value')).toHaveLength(35);
      expect(read.rows.filter((row) => row['kind'] === 'gap')).toHaveLength(1);
      const first = read.rows[0] ?? {};
      expect([first['unit'], first['name'], first['time_local'], first['time_offset'], read.number(first['min']), read.number(first['mean']), read.number(first['max']), first['n']])
        .toEqual(['kPa', 'PAM', '2026-11-21 11:00:00', 'UTC+01:00', 12, 13.33, 16, '60']);
      expect(read.rows.filter((row) => row['kind'] === 'mark').map((row) => row['text'])).toEqual(['position position=prone: a;b']);
      expect(read.rows.filter((row) => row['kind'] === 'alarm-high').map((row) => row['text'])).toEqual(['PAM 58 < 60']);
    }
  });

  it('is not written while a part is still on its way', () => {
    const columns = new PixelColumns(3);
    const lanes = [{ signal: signal('hr', 'ecg', '/min'), columns, decimals: 0 }];
    expect(isWhole(lanes)).toBe(true);
    columns.fill[1] = Fill.Loading;
    expect(isWhole(lanes)).toBe(false);
  });

  it.each([['2026-03-29', Date.UTC(2026, 2, 28, 23), 23], ['2026-10-25', Date.UTC(2026, 9, 24, 22), 25]] as const)('tells every instant of %s apart by UTC and by local time with its offset', (_, from, hours) => {
    const scale = TimeScale.over(from, from + hours * hour, hours);
    const columns = new PixelColumns(hours);
    columns.fill.fill(Fill.Data);
    columns.count.fill(1);
    const { rows } = readCsv(csvText(trendTable([{ signal: signal('hr', 'ecg', '/min'), columns, decimals: 0 }], scale, { marks: [], alerts: [] }, PARIS, undefined, 'fr'), origin(from, from + hours * hour), 'comma'));
    expect(rows).toHaveLength(hours);
    expect(new Set(rows.map((row) => row['time_utc'])).size).toBe(hours);
    expect(new Set(rows.map((row) => `${row['time_local']} ${row['time_offset']}`)).size).toBe(hours);
    // Local time and offset make the very instant.
    for (const row of rows) expect(new Date(`${row['time_local']?.replace(' ', 'T')}${row['time_offset']?.slice(3)}`).toISOString()).toBe(row['time_utc']);
  });
});

describe('the events as a file', () => {
  it('holds the lines of the list, and says how many are not on the screen', () => {
    const shown = [{ group: 'mark', time: Date.UTC(2026, 9, 25, 1, 30), until: null, on: false, what: 'Aspiration', text: '37,2', of: 'au lit', signal: '' }];
    const read = readCsv(csvText(eventTable(shown, ['mark', 'gap'], 12, PARIS), origin(0, 1), 'comma'));
    expect(read.head.get('rows_not_shown')).toBe('12');
    expect(read.rows).toHaveLength(1);
    expect([read.rows[0]?.['time_local'], read.rows[0]?.['time_offset'], read.rows[0]?.['text'], read.rows[0]?.['what']]).toEqual(['2026-10-25 02:30:00', 'UTC+01:00', '37,2', 'Aspiration']);
  });
});
