import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WardClock } from '../src/base/local_time.ts';
import { language } from '../src/i18n/i18n.ts';
import { CHOICES, stayEn, stayFr } from '../src/i18n/stay_words.ts';
import { waveEn, waveFr } from '../src/i18n/wave_words.ts';
import { choiceWords, faultWords, linkWords } from '../src/ui/stay_card.tsx';
import { stayWords } from '../src/ui/stay_label.tsx';
import { numberStays, placeOf, restsOn } from '../src/ui/stay_week.tsx';
import { CERTAINTIES, readBelonging, readStays, readStayTasks, SOURCES, TASK_KINDS } from '../src/wire/stay_api.ts';

const vector = (name: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(`../../../tests/vectors/stays/${name}.json`, import.meta.url)), 'utf8'));
const ward = new WardClock('Europe/Paris');
const now = Date.UTC(2026, 10, 21, 19, 30);

describe('what the box says of stays', () => {
  it('is read from the very answers of the box', () => {
    const stays = readStays(vector('stays'));
    const tasks = readStayTasks(vector('stay-tasks'));
    expect(stays?.spans.map((span) => span.certainty)).toEqual(['sure', 'sure', 'conflict']);
    expect(stays?.spans.at(-1)?.to).toBeNull();
    expect(tasks?.now?.certainty).toBe('conflict');
    expect(tasks?.now?.since).toBe(stays?.spans[1]?.from);
    expect(tasks?.open).toBe(1);
    expect(tasks?.tasks.map((task) => [task.kind, task.choices])).toEqual([['two-patients', CHOICES['two-patients']], ['possible-move', CHOICES['possible-move']]]);
    expect(tasks?.tasks[1]).toMatchObject({ choice: 'moved', hasFirst: true, hasSecond: false });
  });

  it('is never taken for sure when it is not understood', () => {
    expect(readStayTasks({ kept: true, now: { from: '2026-11-21T19:30:00Z', certainty: 'new-word' } })?.now?.certainty).toBe('conflict');
    expect([readStays(undefined), readStays({}), readStayTasks([]), readBelonging({ belongs: 'both' })]).toEqual([null, null, null, null]);
    expect(readStayTasks({ kept: true, tasks: [{ key: 'x', kind: 'unheard-of', from: '2026-11-21T19:30:00Z' }, 5] })?.tasks).toEqual([]);
  });
});

describe('words of the patient page and of the exact waves', () => {
  it('are whole in both languages, for every question, choice, certainty and source', () => {
    const keys = [
      ...TASK_KINDS.flatMap((kind) => [`task.${kind}`, `task.${kind}.a`, `task.${kind}.b`, ...(CHOICES[kind] ?? []).flatMap((choice) => [`task.${kind}.${choice}`, `link.${kind}.${choice}`])]),
      ...CERTAINTIES.flatMap((one) => [`now.${one}`, `nowWhy.${one}`, `certainty.${one}`]), ...SOURCES.map((one) => `source.${one}`),
    ];
    for (const key of keys) for (const words of [stayFr, stayEn]) expect(words, key).toHaveProperty([key]);
    for (const [french, english] of [[stayFr, stayEn], [waveFr, waveEn]] as const) {
      expect(Object.keys(english).sort()).toEqual(Object.keys(french).sort());
      for (const key of Object.keys(french)) {
        const marks = (text: string): string[] => [...(text.match(/\{\w+\}/g) ?? [])].sort();
        expect(marks((english as Record<string, string>)[key] ?? ''), key).toEqual(marks((french as Record<string, string>)[key] ?? ''));
      }
    }
  });

  it('say what a choice links before it is written', () => {
    language.set('en');
    expect(choiceWords('two-patients', 'monitor')).toBe('It is the monitor’s patient');
    expect(linkWords('signals-after-discharge', 'left', '14:02')).toContain('ends at 14:02');
    expect(choiceWords('two-patients', 'coin')).toBe('coin');
    expect([faultWords(409, true), faultWords(404, true), faultWords(404, false), faultWords(418, true)]).toEqual([stayEn['fault.409'], stayEn['fault.gone'], stayEn['fault.404'], stayEn['fault.other']]);
    language.set('fr');
  });

  it('say nothing of the stay while the identity is in doubt', () => {
    const at = '2026-11-21T13:02:00Z';
    const words = (certainty: string): string => stayWords(readStayTasks({ kept: true, now: { stay: 'a', from: at, since: at, certainty } }) ?? (null as never), ward, now);
    expect(words('sure')).toBe('Séjour depuis 14:02');
    expect(words('conflict')).toBe('Identité non confirmée');
    expect(words('no-patient-yet')).toBe('Patient non affecté');
    expect(stayWords(readStayTasks({ kept: true, now: null }) ?? (null as never), ward, now)).toBe('Aucun patient annoncé');
  });
});

describe('the week of a bed', () => {
  it('puts spans where they lie, and a short one stays seen', () => {
    expect(placeOf({ from: 0 as never, to: 50 as never }, 0, 100)).toEqual({ left: 0, width: 50 });
    expect(placeOf({ from: 99.99 as never, to: null }, 0, 100)).toMatchObject({ left: expect.closeTo(99.65), width: 0.35 });
    expect(placeOf({ from: 0 as never, to: 10 as never }, 20, 100)).toBeNull();
  });

  it('numbers stays in their order and says each source once', () => {
    const stays = readStays(vector('stays'));
    expect([...numberStays(stays?.spans ?? []).values()]).toEqual([1, 2]);
    expect(restsOn(stays?.spans.at(-1)?.because ?? [])).toBe('admissions de l’hôpital · moniteur');
  });
});
