import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { WardClock } from '../base/local_time.ts';
import { lastNight } from '../base/night.ts';
import { toIso, utcMs } from '../base/time.ts';
import { labelOf } from '../catalog/labels.ts';
import { ew } from '../i18n/event_words.ts';
import { language } from '../i18n/i18n.ts';
import { getJson, sendJson } from '../live/http.ts';
import '../style/events.css';
import { listOf, readAlert, readAnnotation, type Annotation, type Priority } from '../wire/api.ts';
import { GROUPS, groupGaps, newestFirst, ofAlarm, ofEvent, ofMark, readEvents, type Group, type Happening } from '../wire/events_api.ts';
import { readGaps } from '../wire/setup_api.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { EventRow } from './event_row.tsx';
import { spanLabel } from './span_label.ts';

const HOURS = [1, 6, 24, 72, 168] as const;
const HOUR_MS = 3_600_000;
const RENEW_MS = 10_000;
/** Distance of the labels of time, by the hours shown. */
const TICK_MS: { readonly [hours: number]: number } = { 0: 2 * HOUR_MS, 1: 600_000, 6: HOUR_MS, 24: 4 * HOUR_MS, 72: 12 * HOUR_MS, 168: 24 * HOUR_MS };
const MOST_ROWS = 300;
const PATHS: { readonly [group in Group]: string } = { mark: 'annotations', alarm: 'alerts', device: 'events', gap: 'gaps' };

/** As monitors write them. */
const PRIORITIES = [['high', '***'], ['medium', '**'], ['low', '*']] as const satisfies readonly (readonly [Priority, string])[];

interface Answer {
  /** 0 = a night. */
  readonly hours: number;
  readonly from: number;
  readonly to: number;
  /** Null: too long, or no answer. */
  readonly lists: { readonly [group in Group]: readonly Happening[] | null };
}

function readGroup(group: Group, json: unknown, deviceOf: (signal: number) => string): readonly Happening[] | null {
  if (!Array.isArray(json)) return null;
  switch (group) {
    case 'mark': return listOf(json, readAnnotation).filter((mark) => !mark.withdrawn).map(ofMark);
    case 'alarm': return listOf(json, readAlert).map(ofAlarm);
    case 'device': return (readEvents(json) ?? []).map(ofEvent);
    case 'gap': return groupGaps(readGaps(json) ?? [], deviceOf);
  }
}

/** The four lists of the last hours, or of a night, asked again every ten seconds and when `again` changes. */
function useHappenings(hours: number, night: (() => { readonly from: number; readonly to: number }) | null, again: number): Answer | null {
  const { store } = useBedside();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let going = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const now = store.now() ?? Date.now();
      const { from, to } = night?.() ?? { from: now - hours * HOUR_MS, to: now };
      const deviceOf = (signal: number): string => store.signals.value.find((one) => one.number === signal)?.device ?? '';
      const query = `from=${toIso(utcMs(from))}&to=${toIso(utcMs(to + 1000))}`;
      const lists = await Promise.all(GROUPS.map(async (group) => [group, readGroup(group, await getJson(`/api/v1/${PATHS[group]}?${query}`), deviceOf)] as const));
      if (!going) return;
      setAnswer({ hours: night === null ? hours : 0, from, to, lists: Object.fromEntries(lists) as Answer['lists'] });
      timer = setTimeout(() => void ask(), RENEW_MS);
    };
    void ask();
    return () => {
      going = false;
      clearTimeout(timer);
    };
  }, [store, hours, night, again]);
  return answer;
}

/** One track for each kind over the time shown; the list below says the same. */
function Timeline({ answer, shown, isWanted, ward }: { readonly answer: Answer; readonly shown: ReadonlySet<Group>; readonly isWanted: (one: Happening) => boolean; readonly ward: WardClock }): JSX.Element {
  const share = (time: number): number => Math.min(100, Math.max(0, ((time - answer.from) / (answer.to - answer.from)) * 100));
  return (
    <div class="event-tracks" aria-hidden="true">
      {GROUPS.filter((group) => shown.has(group)).map((group) => (
        <div key={group} class="event-track">
          <span>{ew(`group.${group}`)}</span>
          <div>{(answer.lists[group] ?? []).filter(isWanted).map((one) => <i key={one.id} data-group={group} data-priority={one.priority} style={{ left: `min(${share(one.time)}%, 100% - 3px)`, width: `${one.on ? 100 - share(one.time) : one.until === null ? 0 : share(one.until) - share(one.time)}%` }} />)}</div>
        </div>
      ))}
      <div class="event-times">{ward.ticks(answer.from, answer.to, TICK_MS[answer.hours] ?? HOUR_MS).filter((tick) => share(tick.time) > 3 && share(tick.time) < 97).map((tick) => <span key={tick.time} style={{ left: `${share(tick.time)}%` }}>{tick.label}</span>)}</div>
    </div>
  );
}

/** What was changed last, and the way back. */
interface Changed {
  readonly notice: string;
  /** The mark as it was; null = nothing was stored. */
  readonly before: Annotation | null;
}

const ALARMS_ALONE: ReadonlySet<Group> = new Set(['alarm']);
const HIGH_ALONE: ReadonlySet<Priority> = new Set(['high']);
const ALL_PRIORITIES: ReadonlySet<Priority> = new Set(['high', 'medium', 'low', 'none']);

/** Marks, alarms, devices and gaps in one list, newest first; one touch gives the high alarms of last night. */
export function EventsPage(): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const devices = useCell(store.devices);
  const signals = useCell(store.signals);
  const spoken = useCell(language);
  const [hours, setHours] = useState<number>(24);
  const [shown, setShown] = useState<ReadonlySet<Group>>(new Set(GROUPS));
  const [priorities, setPriorities] = useState<ReadonlySet<Priority>>(ALL_PRIORITIES);
  const [atNight, setAtNight] = useState(false);
  const [again, setAgain] = useState(0);
  const [changed, setChanged] = useState<Changed | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const ward = useMemo(() => new WardClock(session?.timeZone ?? 'UTC'), [session]);
  const nightNow = useCallback(() => lastNight(ward, session?.dayStart ?? '', store.now() ?? Date.now()), [ward, session, store]);
  const answer = useHappenings(hours, atNight ? nightNow : null, again);
  const groups = atNight ? ALARMS_ALONE : shown;
  const wanted = atNight ? HIGH_ALONE : priorities;
  const isWanted = (one: Happening): boolean => one.group !== 'alarm' || wanted.has(one.priority);
  const now = store.now() ?? Date.now();
  const names = new Map(devices.map((one) => [one.device, shownName({ name: one.model || one.manufacturer || one.device, experimental: one.experimental })]));
  const byNumber = new Map(signals.map((one) => [one.number, one]));
  const labelled = (number: number): { readonly signalId: string; readonly signalLabel: string } => {
    const signal = byNumber.get(number);
    return signal === undefined ? { signalId: '', signalLabel: '' } : { signalId: signal.id, signalLabel: labelOf(signal, spoken) };
  };
  const all = answer === null ? [] : newestFirst(GROUPS.filter((group) => groups.has(group)).flatMap((group) => answer.lists[group] ?? []).filter(isWanted));
  const toggled = <T,>(of: ReadonlySet<T>, one: T): ReadonlySet<T> => (of.has(one) ? new Set([...of].filter((other) => other !== one)) : new Set([...of, one]));
  const toggle = (group: Group): void => {
    setAtNight(false);
    setShown(toggled(groups, group));
  };
  const togglePriority = (priority: Priority): void => {
    setAtNight(false);
    const next = new Set(toggled(wanted, priority));
    // What has no priority of its own is shown with all the others.
    if (PRIORITIES.every(([one]) => next.has(one))) next.add('none');
    else next.delete('none');
    setPriorities(next);
  };
  const night = nightNow();
  const took = (before: Annotation | null, notice: string): void => {
    setChanged(notice === '' ? null : { before, notice });
    setAgain(again + 1);
  };
  const undo = async (before: Annotation): Promise<void> => {
    const { status } = await sendJson('PATCH', `/api/v1/annotations/${encodeURIComponent(before.key)}`, { version: before.version + 1, kind: before.kind, text: before.text, withdrawn: before.withdrawn });
    took(null, status === 200 ? ew('saved') : ew(status === 409 ? 'conflict' : 'failed'));
  };
  return (
    <main class="events" id="values" tabIndex={-1} data-events={answer === null ? 'loading' : all.length}>
      <h1 class="sr">{ew('title')}</h1>
      <div class="toolbar">
        <div class="segmented" role="group" aria-label={ew('range')}>
          {HOURS.map((one) => <button key={one} type="button" data-hours={one} aria-pressed={!atNight && hours === one} onClick={() => { setHours(one); setAtNight(false); }}>{spanLabel(one)}</button>)}
        </div>
        <button type="button" class="chip" data-night aria-pressed={atNight} title={ew('nightOf', { from: ward.minute(night.from), to: ward.minute(night.to) })} aria-label={`${ew('night')} – ${ew('nightOf', { from: ward.minute(night.from), to: ward.minute(night.to) })}`} onClick={() => setAtNight(!atNight)}>{ew('night')}</button>
        <div class="segmented" role="group" aria-label={ew('priorities')}>
          {PRIORITIES.map(([priority, stars]) => <button key={priority} type="button" data-priority-filter={priority} aria-pressed={groups.has('alarm') && wanted.has(priority)} aria-label={`${stars} ${ew(`priority.${priority}`)}`} onClick={() => togglePriority(priority)}>{stars}</button>)}
        </div>
        <div class="event-filters" role="group" aria-label={ew('filters')}>
          {GROUPS.map((group) => <button key={group} type="button" class="chip" data-filter={group} aria-pressed={groups.has(group)} onClick={() => toggle(group)}>{answer?.lists[group] == null ? ew(`group.${group}`) : ew('count', { name: ew(`group.${group}`), n: answer.lists[group].length })}</button>)}
        </div>
      </div>
      {answer !== null && <Timeline answer={answer} shown={groups} isWanted={isWanted} ward={ward} />}
      {changed !== null && <p class="event-notice" role="status">{changed.notice}{changed.before !== null && <button type="button" class="button" data-undo onClick={() => changed.before !== null && void undo(changed.before)}>{ew('undo')}</button>}</p>}
      {answer !== null && GROUPS.filter((group) => groups.has(group) && answer.lists[group] === null).map((group) => <p key={group} class="event-notice" role="alert">{ew('tooMany', { name: ew(`group.${group}`) })}</p>)}
      <ol class="event-list" ref={list} tabIndex={0} aria-label={ew('title')}>
        {all.slice(0, MOST_ROWS).map((one) => <EventRow key={one.id} one={one} ward={ward} now={now} deviceName={names.get(one.device) ?? one.device} {...labelled(one.signal)} changed={took} />)}
        {all.length > MOST_ROWS && <li class="event-none">{ew('more', { n: all.length - MOST_ROWS })}</li>}
        {all.length === 0 && <li class="event-none">{answer === null ? ew('loading') : ew(groups.size === 0 ? 'noneChosen' : 'none')}</li>}
      </ol>
    </main>
  );
}
