import { describe, expect, it } from 'vitest';
import { eventEn, eventFr } from '../src/i18n/event_words.ts';
import { language } from '../src/i18n/i18n.ts';
import { eventWords } from '../src/ui/event_row.tsx';
import { context, readContext, readMarks } from '../src/marks/context.ts';
import { readAlert } from '../src/wire/api.ts';
import { groupGaps, newestFirst, ofAlarm, ofEvent, ofMark, readEvents } from '../src/wire/events_api.ts';
import { readGaps } from '../src/wire/gaps_api.ts';

const at = (s: number): string => new Date(Date.UTC(2026, 10, 21, 19, 30, s)).toISOString();

describe('what happened, as one list', () => {
  const marks = readMarks([{ key: 'k', time: at(5), kind: 'suction', text: 'x', version: 2 }]).map(ofMark);
  const alarms = [readAlert({ key: 'a', device: 'm', since: at(9), until: null, priority: 'high', text: 'SpO2 84' })].flatMap((one) => one ?? []).map(ofAlarm);
  const events = (readEvents([{ time: at(1), kind: 'device-state', source: 'm', text: 'silent: No data for 4 s.' }, { time: 'x' }, 5]) ?? []).map(ofEvent);
  const gaps = groupGaps(readGaps([...[1, 2, 3].map((number) => ({ number, device: '', from: at(2), until: at(8), cause: 'unplugged', missing: 9 })), { number: 4, device: '', from: at(2), until: at(8), cause: 'restart' }]) ?? [], (signal) => (signal < 4 ? 'm' : 'v'));

  it('is in the order of time, newest first, and forgets nothing', () => {
    const all = newestFirst([...marks, ...alarms, ...events, ...gaps]);
    expect(all.map((one) => one.group)).toEqual(['alarm', 'mark', 'gap', 'gap', 'device']);
    expect(all[0]).toMatchObject({ on: true, priority: 'high', device: 'm' });
  });

  it('says once what all signals of a device miss together', () => {
    expect(gaps.map((one) => [one.device, one.kind, one.signals])).toEqual([['m', 'unplugged', 3], ['v', 'restart', 1]]);
  });

  it('has words of its own for what the box reports, and leaves the device its own', () => {
    language.set('fr');
    context.set(readContext({ kinds: [{ kind: 'suction', form: 'range', offered: true, bed: true, name: { fr: 'Aspiration', en: 'Suction' }, signals: [], attributes: [] }] }));
    expect([...events, ...gaps, ...alarms, ...marks].map(eventWords)).toEqual([
      { own: 'État : silencieux', said: 'No data for 4 s.' }, { own: 'Pas de donnée : câble débranché', said: '' }, { own: 'Pas de donnée : redémarrage du boîtier', said: '' },
      { own: '***', said: 'SpO2 84' }, { own: 'Aspiration', said: 'x' },
    ]);
    const kinds = ['clock', 'text', 'device-fault', 'device-restart', 'device-exchanged', 'device-moved', 'adapter-moved', 'late-samples', 'duplicate-samples', 'decoded-again', 'stay-erased', 'hl7-bed'];
    for (const kind of kinds) for (const words of [eventFr, eventEn]) expect(words, kind).toHaveProperty([`kind.${kind}`]);
    expect(Object.keys(eventEn).sort()).toEqual(Object.keys(eventFr).sort());
    expect(readEvents({})).toBeNull();
  });
});
