import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { lastNight, type Span } from '../base/night.ts';
import { ticksOf } from '../base/ticks.ts';
import { toIso, utcMs } from '../base/time.ts';
import { labelOf } from '../catalog/labels.ts';
import { eventTable } from '../csv/csv_tables.ts';
import { ew } from '../i18n/event_words.ts';
import { language } from '../i18n/i18n.ts';
import { getJson, sendJson } from '../live/http.ts';
import '../style/events.css';
import { context, readMarks, type HeldMark } from '../marks/context.ts';
import { listOf, readAlert } from '../wire/api.ts';
import { GROUPS, groupGaps, newestFirst, ofAlarm, ofEvent, ofMark, readEvents, type Group, type Happening } from '../wire/events_api.ts';
import { readGaps } from '../wire/gaps_api.ts';
import { useBedside } from './context.ts';
import { CsvButton, CsvPanel, type ShownTable } from './csv_panel.tsx';
import { shownName } from './device_name.ts';
import { EventRow, eventWords } from './event_row.tsx';
import { markerOf, useContextOfBed } from './mark_bar.tsx';
import { spanLabel } from './span_label.ts';

const HOURS = [1, 6, 24, 72, 168] as const;
const HOUR_MS = 3_600_000;
const RENEW_MS = 10_000;
/** Distances of the labels of time; the first that leaves eight or fewer is taken. */
const TICKS_MS = [600_000, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS];
const MOST_TICKS = 8;
const MOST_ROWS = 300;
const ALARMS: readonly Group[] = ['alarm'];
const PATHS: { readonly [group in Group]: string } = { mark: 'annotations', alarm: 'alerts', device: 'events', gap: 'gaps' };

/** The last so many hours, or the alarms of high priority of the last night. */
type Period = number | 'night';

interface Answer {
  readonly period: Period;
  readonly from: number;
  readonly to: number;
  /** Null: too long, or no answer. */
  readonly lists: { readonly [group in Group]: readonly Happening[] | null };
}

function readGroup(group: Group, json: unknown, deviceOf: (signal: number) => string): readonly Happening[] | null {
  if (!Array.isArray(json)) return null;
  switch (group) {
    case 'mark': return readMarks(json).map(ofMark);
    case 'alarm': return listOf(json, readAlert).map(ofAlarm);
    case 'device': return (readEvents(json) ?? []).map(ofEvent);
    case 'gap': return groupGaps(readGaps(json) ?? [], deviceOf);
  }
}

/** What devices noticed of themselves in codes comes with the marks, and is shown with the devices. */
const apart = (lists: Answer['lists']): Answer['lists'] => ({
  ...lists,
  mark: lists.mark?.filter((one) => one.group === 'mark') ?? null,
  device: lists.device === null ? null : [...lists.device, ...(lists.mark?.filter((one) => one.group === 'device') ?? [])],
});

/** The four lists of a period, asked again every ten seconds and when `again` changes. */
function useHappenings(period: Period, night: (now: number) => Span, again: number): Answer | null {
  const { store } = useBedside();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let going = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const now = store.now() ?? Date.now();
      const { from, to } = period === 'night' ? night(now) : { from: now - period * HOUR_MS, to: now };
      const deviceOf = (signal: number): string => store.signals.value.find((one) => one.number === signal)?.device ?? '';
      const query = `from=${toIso(utcMs(from))}&to=${toIso(utcMs(to + 1000))}`;
      const lists = await Promise.all(GROUPS.map(async (group) => [group, readGroup(group, await getJson(`/api/v1/${PATHS[group]}?${query}`), deviceOf)] as const));
      if (!going) return;
      setAnswer({ period, from, to, lists: apart(Object.fromEntries(lists) as Answer['lists']) });
      timer = setTimeout(() => void ask(), RENEW_MS);
    };
    void ask();
    return () => {
      going = false;
      clearTimeout(timer);
    };
  }, [store, period, night, again]);
  return answer;
}

/** One track for each kind over the time shown; the list below says the same. */
function Timeline({ answer, groups, ward }: { readonly answer: Answer; readonly groups: readonly Group[]; readonly ward: WardClock }): JSX.Element {
  const share = (time: number): number => Math.min(100, Math.max(0, ((time - answer.from) / (answer.to - answer.from)) * 100));
  return (
    <div class="event-tracks" aria-hidden="true">
      {groups.map((group) => (
        <div key={group} class="event-track">
          <span>{ew(`group.${group}`)}</span>
          <div>{(answer.lists[group] ?? []).map((one) => <i key={one.id} data-group={group} data-priority={one.priority} style={{ left: `min(${share(one.time)}%, 100% - 3px)`, width: `${one.on ? 100 - share(one.time) : one.until === null ? 0 : share(one.until) - share(one.time)}%` }} />)}</div>
        </div>
      ))}
      <div class="event-times">{ticksOf(ward, answer.from, answer.to, TICKS_MS.find((step) => (answer.to - answer.from) / step <= MOST_TICKS) ?? 24 * HOUR_MS).filter((tick) => share(tick.time) > 3 && share(tick.time) < 97).map((tick) => <span key={tick.time} style={{ left: `${share(tick.time)}%` }}>{tick.label}</span>)}</div>
    </div>
  );
}

/** What was changed last, and the way back. */
interface Changed {
  readonly notice: string;
  /** The mark as it was; null = nothing was stored. */
  readonly before: HeldMark | null;
}

/** Marks, alarms, devices and gaps in one list, newest first. */
export function EventsPage(): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const devices = useCell(store.devices);
  const signals = useCell(store.signals);
  const spoken = useCell(language);
  const [period, setPeriod] = useState<Period>(24);
  const [shown, setShown] = useState<ReadonlySet<Group>>(new Set(GROUPS));
  const [again, setAgain] = useState(0);
  const [csv, setCsv] = useState(false);
  const [changed, setChanged] = useState<Changed | null>(null);
  useContextOfBed();
  useCell(context);
  const marker = markerOf(store);
  useEffect(() => marker.stored.watch(() => setAgain((n) => n + 1)), [marker]);
  const ward = wardClockOf(session);
  const night = useCallback((at: number): Span => lastNight(ward, session?.dayStart ?? '07:00', at), [ward, session]);
  const answer = useHappenings(period, night, again);
  const list = useRef<HTMLOListElement>(null);
  const now = store.now() ?? Date.now();
  const names = new Map(devices.map((one) => [one.device, shownName({ name: one.model || one.manufacturer || one.device, experimental: one.experimental })]));
  const byNumber = new Map(signals.map((one) => [one.number, one]));
  const labelled = (number: number): { readonly signalId: string; readonly signalLabel: string } => {
    const signal = byNumber.get(number);
    return signal === undefined ? { signalId: '', signalLabel: '' } : { signalId: signal.id, signalLabel: labelOf(signal, spoken) };
  };
  const isNight = period === 'night';
  const groups = isNight ? ALARMS : GROUPS.filter((group) => shown.has(group));
  // What is still on the way is not shown under the name of what was asked for now.
  const ready = answer !== null && answer.period === period ? answer : null;
  const all = ready === null ? [] : newestFirst(groups.flatMap((group) => ready.lists[group] ?? []).filter((one) => !isNight || (one.priority === 'high' && one.time <= ready.to)));
  const nameOf = (one: Happening): string => names.get(one.device) ?? one.device;
  const makeTable = (): ShownTable | null => ready === null ? null : {
    table: eventTable(all.slice(0, MOST_ROWS).map((one) => {
      const { own, said } = eventWords(one);
      return { group: one.group, time: one.time, until: one.until, on: one.on, what: own, text: said, of: one.group === 'mark' ? ew('bed') : nameOf(one) || ew('box'), signal: one.signals > 1 ? ew('signals', { n: one.signals }) : labelled(one.signal).signalId };
    }), groups, Math.max(0, all.length - MOST_ROWS), ward),
    from: ready.from, to: ready.to,
  };
  const toggle = (group: Group): void => {
    const next = new Set<Group>(isNight ? [] : shown);
    if (isNight) setPeriod(24);
    if (!next.delete(group)) next.add(group);
    setShown(next);
  };
  const took = (before: HeldMark | null, notice: string): void => {
    setChanged(notice === '' ? null : { before, notice });
    setAgain(again + 1);
  };
  const undo = async (before: HeldMark): Promise<void> => {
    const { status } = await sendJson('PATCH', `/api/v1/annotations/${encodeURIComponent(before.key)}`, { version: before.version + 1, kind: before.kind, attributes: before.attributes, text: before.text, ...(before.until === null ? { open: true } : { until: toIso(before.until) }), withdrawn: before.withdrawn });
    took(null, status === 200 ? ew('saved') : ew(status === 409 ? 'conflict' : 'failed'));
  };
  return (
    <main class="events" id="values" tabIndex={-1} data-events={ready === null ? 'loading' : all.length}>
      <h1 class="sr">{ew('title')}</h1>
      <div class="toolbar">
        <div class="segmented" role="group" aria-label={ew('range')}>
          {HOURS.map((one) => <button key={one} type="button" data-hours={one} aria-pressed={period === one} onClick={() => setPeriod(one)}>{spanLabel(one)}</button>)}
        </div>
        <div class="event-filters" role="group" aria-label={ew('filters')}>
          {GROUPS.map((group) => <button key={group} type="button" class="chip" data-filter={group} aria-pressed={!isNight && shown.has(group)} onClick={() => toggle(group)}>{ready?.lists[group] == null || isNight ? ew(`short.${group}`) : ew('count', { name: ew(`short.${group}`), n: ready.lists[group].length })}</button>)}
          <button type="button" class="chip" data-filter="high-night" aria-pressed={isNight} title={ew('highNight')} onClick={() => setPeriod(isNight ? 24 : 'night')}>*** <span><span class="button-wide">{ew('high')} </span>{ew('night')}</span></button>
        </div>
        <div class="tools"><CsvButton open={csv} onClick={() => setCsv(!csv)} /></div>
      </div>
      {csv && <CsvPanel make={makeTable} close={() => setCsv(false)} />}
      {ready !== null && <Timeline answer={ready} groups={groups} ward={ward} />}
      {isNight && ready !== null && <p class="event-notice" role="status" data-night={all.length}>{ew('highNight')} : {all.length}<small>{`${ward.date(ready.from)} ${ward.minute(ready.from)} → ${ward.date(ready.to)} ${ward.minute(ready.to)} ${ward.zoneLabel(ready.to)}`}</small></p>}
      {changed !== null && <p class="event-notice" role="status">{changed.notice}{changed.before !== null && <button type="button" class="button" data-undo onClick={() => changed.before !== null && void undo(changed.before)}>{ew('undo')}</button>}</p>}
      {ready !== null && groups.filter((group) => ready.lists[group] === null).map((group) => <p key={group} class="event-notice" role="alert">{ew('tooMany', { name: ew(`group.${group}`) })}</p>)}
      <ol class="event-list" ref={list} tabIndex={0} aria-label={ew('title')}>
        {all.slice(0, MOST_ROWS).map((one) => <EventRow key={one.id} one={one} ward={ward} now={now} deviceName={nameOf(one)} {...labelled(one.signal)} changed={took} />)}
        {all.length > MOST_ROWS && <li class="event-none">{ew('more', { n: all.length - MOST_ROWS })}</li>}
        {all.length === 0 && <li class="event-none">{ready === null ? ew('loading') : ew(groups.length === 0 ? 'noneChosen' : isNight ? 'noneHigh' : 'none')}</li>}
      </ol>
    </main>
  );
}
