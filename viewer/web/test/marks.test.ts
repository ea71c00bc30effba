import { describe, expect, it } from 'vitest';
import { language } from '../src/i18n/i18n.ts';
import { markEn, markFr } from '../src/i18n/mark_words.ts';
import { context, holdsAt, isAbout, markWords, OPEN_MS, readContext, readMarks } from '../src/marks/context.ts';
import { presetsOf } from '../src/marks/presets.ts';

const at = (s: number): string => new Date(Date.UTC(2026, 10, 21, 19, 30, s)).toISOString();
const ms = (s: number): number => Date.parse(at(s));
const words = (fr: string, en: string): object => ({ fr, en });
const kinds = readContext({
  kinds: [
    { kind: 'position', form: 'state', offered: true, bed: true, name: words('Position', 'Position'), signals: [], attributes: [{ attribute: 'position', name: words('Position', 'Position'), required: true, values: [{ value: 'prone', name: words('Ventral', 'Prone') }, { value: 'supine', name: words('Dos', 'Supine') }] }] },
    { kind: 'suction', form: 'range', offered: true, bed: true, name: words('Aspiration', 'Suction'), signals: [], attributes: [{ attribute: 'route', name: words('Voie', 'Route'), required: false, values: [{ value: 'oral', name: words('bouche', 'mouth') }] }] },
    { kind: 'probe-site', form: 'state', offered: true, bed: false, name: words('Site du capteur', 'Probe site'), signals: [4, 5, 'x'], attributes: [{ attribute: 'site', name: words('Site', 'Site'), required: true, values: [{ value: 'ear', name: words('oreille', 'ear') }] }] },
    { kind: 'leads-off', form: 'range', offered: false, bed: true, name: words('Électrodes décollées', 'Leads off'), signals: [4], attributes: [] },
    7,
  ],
}) ?? [];

describe('marks in codes', () => {
  it('offers what one touch can say, of the bed or of a signal, plain ones first', () => {
    const bed = presetsOf(kinds, 0);
    expect(bed.map((group) => [group.kind, group.title !== null, group.presets.map((one) => one.attributes)])).toEqual([['suction', false, [{}]], ['position', true, [{ position: 'prone' }, { position: 'supine' }]]]);
    expect(presetsOf(kinds, 4).flatMap((group) => group.presets.map((one) => one.full.fr))).toEqual(['Site du capteur : oreille']);
    expect(presetsOf(kinds, 6)).toEqual([]);
    expect(readContext({})).toBeNull();
    expect(readContext(null)).toBeNull();
  });

  it('has the words of the box in both languages, and shows what it has no words for as a code', () => {
    context.set(kinds);
    language.set('fr');
    expect(markWords({ kind: 'probe-site', attributes: { site: 'ear' } })).toBe('Site du capteur : oreille');
    language.set('en');
    expect(markWords({ kind: 'probe-site', attributes: { site: 'ear' } })).toBe('Probe site: ear');
    expect(markWords({ kind: 'probe-site', attributes: { site: 'moon' } })).toBe('Probe site: moon');
    expect(markWords({ kind: 'unheard-of', attributes: {} })).toBe('unheard-of');
    expect(Object.keys(markEn).sort()).toEqual(Object.keys(markFr).sort());
  });

  it('holds as long as the box says, a state until another, and an end that nobody told for no more than a shift', () => {
    context.set(kinds);
    const [state, range, ended] = readMarks([
      { key: 'a', kind: 'probe-site', attributes: { site: 'ear' }, number: 4, concerns: [4, 5], source: 'bed', time: at(0), until: null, heldUntil: null },
      { key: 'b', kind: 'suction', attributes: {}, number: 0, concerns: [], source: 'bed', time: at(0), until: null, heldUntil: null },
      { key: 'c', kind: 'suction', attributes: {}, number: 0, concerns: [], source: 'bed', time: at(0), until: at(9), heldUntil: at(9) },
    ]);
    if (state === undefined || range === undefined || ended === undefined) throw new Error('not read');
    expect([holdsAt(state, ms(-1)), holdsAt(state, ms(0)), holdsAt(state, ms(0) + 100 * OPEN_MS)]).toEqual([false, true, true]);
    expect([holdsAt(range, ms(5)), holdsAt(range, ms(0) + OPEN_MS + 1)]).toEqual([true, false]);
    expect([holdsAt(ended, ms(8)), holdsAt(ended, ms(9))]).toEqual([true, false]);
    expect([isAbout(state, 5), isAbout(state, 6), isAbout(range, 5)]).toEqual([true, false, false]);
  });

  it('reads what is no mark as none, and forgets what was withdrawn', () => {
    expect(readMarks([{ kind: 'suction' }, 5, null, { key: 'w', time: at(1), withdrawn: true }])).toEqual([]);
    expect(readMarks({})).toEqual([]);
  });
});
