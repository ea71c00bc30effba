import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useCell, useCellPart } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { MISSING } from '../catalog/units.ts';
import { formatAge, language } from '../i18n/i18n.ts';
import { sw } from '../i18n/stay_words.ts';
import { getJson } from '../live/http.ts';
import { standing } from '../live/person.ts';
import { PatientRights } from '../people/patient_rights.tsx';
import '../style/patient.css';
import { readStays, type Stays, type StayTasks } from '../wire/stay_api.ts';
import { useBedside } from './context.ts';
import { secondOf } from './second.ts';
import { TaskCard } from './stay_card.tsx';
import { SayWho } from './stay_say.tsx';
import { restsOn, StayWeek } from './stay_week.tsx';

const MOST_SETTLED = 12;

/** The spans of the last week, asked again whenever the box says that something changed. */
function useStays(version: number): readonly [Stays | null | undefined, () => Promise<void>] {
  const [stays, setStays] = useState<Stays | null | undefined>(undefined);
  const ask = useCallback(async (): Promise<void> => setStays(readStays(await getJson('/api/v1/stays'))), []);
  useEffect(() => void ask(), [version, ask]);
  return [stays, ask];
}

function Admissions({ tasks, ward, now }: { readonly tasks: StayTasks; readonly ward: WardClock; readonly now: number }): JSX.Element {
  const { heard, stale } = tasks.admissions;
  if (heard === null) return <p class="stay-admissions" data-admissions="never">{sw('admissions.never')}</p>;
  if (stale) return <p class="stay-admissions" data-admissions="stale"><strong>{sw('admissions.stale', { age: formatAge(Math.max(0, now - heard)) })}</strong></p>;
  return <p class="stay-admissions" data-admissions="heard">{sw('admissions.heard', { time: ward.shortStamp(heard, now) })}</p>;
}

function Now({ tasks, ward, now }: { readonly tasks: StayTasks; readonly ward: WardClock; readonly now: number }): JSX.Element {
  const span = tasks.now;
  const how = span?.certainty ?? 'empty';
  const rests = span === null ? '' : restsOn(span.because);
  // What a person settled may be what another source still denies.
  const why = how === 'sure' && span?.because.some(({ source }) => source === 'person') === true ? 'said' : how;
  return (
    <section class="card card-wide stay-now" data-now={how} aria-label={sw('title')}>
      <p class="stay-words"><i class="week-span" data-certainty={how} aria-hidden="true" /><strong>{sw(`now.${how}`, { time: span === null ? '' : ward.shortStamp(span.since, now) })}</strong><span>{sw(`certainty.${how}`)}</span></p>
      <p>{sw(`nowWhy.${why}`, { time: span === null ? '' : ward.shortStamp(span.from, now) })}{rests !== '' && <> <span class="stay-rests">{sw('rests', { what: rests })}</span></>}</p>
      <Admissions tasks={tasks} ward={ward} now={now} />
    </section>
  );
}

/** Who lies in the bed in words without identity, what is to be settled, and the last seven days. */
export function PatientPage(): JSX.Element {
  const { stays: watch, store } = useBedside();
  const tasks = useCell(watch.tasks);
  // Who lies in the bed is a word of the box, and the box is not heard.
  const known = useCell(store.link).state !== 'lost';
  const session = useCell(store.session);
  const who = useCell(standing);
  useCell(language);
  useCellPart(store.tick, secondOf);
  const [stays, again] = useStays(tasks?.version ?? -1);
  // Silence is only one once the box was asked.
  const [asked, setAsked] = useState(false);
  useEffect(() => void watch.ask().finally(() => setAsked(true)), [watch]);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  const changed = useCallback(async (): Promise<void> => {
    await Promise.all([watch.ask(), again()]);
  }, [watch, again]);
  // What is settled here stays where it was, with its way back, until the page is left.
  const seen = useRef<string[]>([]);
  const open = tasks?.tasks.filter((task) => task.settled === 0) ?? [];
  for (const { key } of open) if (!seen.current.includes(key)) seen.current.push(key);
  const here = seen.current.flatMap((key) => tasks?.tasks.filter((task) => task.key === key) ?? []);
  const settled = tasks?.tasks.filter((task) => task.settled !== 0 && !seen.current.includes(task.key)).slice(0, MOST_SETTLED) ?? [];
  return (
    <main class="health patient" id="values" tabIndex={0} data-patient={tasks === null ? 'unknown' : tasks.kept ? 'kept' : 'not-kept'}>
      <h1>{sw('title')}</h1>
      <p class="setup-lead">{sw('lead')}</p>
      {tasks === null && asked && who !== 'nobody' && who !== 'resting' && <p class="verdict"><strong>{sw('unreachable')}</strong></p>}
      {tasks === null && <PatientRights version={0} />}
      {tasks !== null && !tasks.kept && <section class="card card-wide"><p class="stay-words"><strong>{sw('notKept')}</strong></p><p>{sw('notKeptWhy')}</p></section>}
      {tasks !== null && tasks.kept && (
        <>
          {known ? <Now tasks={tasks} ward={ward} now={now} /> : <section class="card card-wide stay-now" data-now="unknown" aria-label={sw('title')}><p class="stay-words"><strong>{MISSING}</strong><span>{sw('unreachable')}</span></p></section>}
          <h2 class="stay-head">{sw('tasks')}{open.length > 0 && ` (${open.length})`}</h2>
          {open.length === 0 && <p class="stay-none">{sw('tasks.none')}</p>}
          {here.map((task) => <TaskCard key={task.key} task={task} ward={ward} now={now} changed={changed} />)}
          <SayWho span={tasks.now} ward={ward} now={now} changed={changed} />
          <PatientRights version={tasks.version} />
          {stays != null && <StayWeek spans={stays.spans} ward={ward} now={now} />}
          {settled.length > 0 && <h2 class="stay-head">{sw('tasks.settled')}</h2>}
          {settled.map((task) => <TaskCard key={task.key} task={task} ward={ward} now={now} changed={changed} />)}
        </>
      )}
    </main>
  );
}
