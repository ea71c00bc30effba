import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { hasWords, sw, type StayKey } from '../i18n/stay_words.ts';
import { sendJson } from '../live/http.ts';
import { isObject } from '../wire/decoded.ts';
import { readBelonging, type Belonging, type StayTask } from '../wire/stay_api.ts';

/** Who says the first and the second sentence of a question. */
const SAYS: { readonly [kind in StayTask['kind']]: readonly [StayKey, StayKey] } = {
  'two-patients': ['says.admissions', 'says.monitor'],
  'possible-move': ['says.admissions', 'says.admissions'],
  'two-visits': ['says.admissions', 'says.admissions'],
  'signals-after-discharge': ['says.admissions', 'says.devices'],
  'nobody-admitted': ['says.devices', 'says.admissions'],
  'admitted-without-signals': ['says.admissions', 'says.devices'],
  'not-understood': ['says.admissions', 'says.admissions'],
};

/** A choice in a plain sentence; one that this page has no words for shows its own name. */
export function choiceWords(kind: string, choice: string): string {
  const key = `task.${kind}.${choice}`;
  return hasWords(key) ? sw(key) : choice;
}

export function linkWords(kind: string, choice: string, time: string): string {
  const key = `link.${kind}.${choice}`;
  return hasWords(key) ? sw(key, { time }) : choiceWords(kind, choice);
}

export function faultWords(status: number, question: boolean): string {
  if (status === 404) return sw(question ? 'fault.gone' : 'fault.404');
  const key = `fault.${status}`;
  return sw(hasWords(key) ? key : 'fault.other');
}

/** A question about a wristband: the number leaves the field as soon as it was asked, whatever the answer. */
export async function askWhose(number: string, task: string | null): Promise<{ readonly status: number; readonly belongs: Belonging | null }> {
  const answer = await sendJson('POST', '/api/v1/stays/compare', task === null ? { number } : { number, task });
  return { status: answer.status, belongs: answer.status === 200 ? readBelonging(answer.json) : null };
}

/** The field for a wristband: scanners type and end with Enter, so it is a form. */
export function BandField({ button, onNumber }: { readonly button: string; readonly onNumber: (number: string) => void }): JSX.Element {
  const id = useId();
  const [number, setNumber] = useState('');
  const take = (event: Event): void => {
    event.preventDefault();
    const whole = number.trim();
    setNumber('');
    if (whole !== '') onNumber(whole);
  };
  return (
    <form class="band" onSubmit={take} autocomplete="off">
      <label for={id}>{sw('band.label')}</label>
      <input id={id} type="text" inputMode="text" value={number} onInput={(event) => setNumber(event.currentTarget.value)} maxLength={64} autocomplete="off" spellcheck={false} data-band />
      <button type="submit" class="button" disabled={number.trim() === ''}>{button}</button>
      <small>{sw('band.forgets')}</small>
    </form>
  );
}

interface Props {
  readonly task: StayTask;
  readonly ward: WardClock;
  readonly now: number;
  readonly changed: () => Promise<void>;
}

function belongsWords(task: StayTask, belongs: Belonging): string {
  const at = belongs === 'first' ? 0 : belongs === 'second' ? 1 : -1;
  const choice = task.choices[at];
  return choice === undefined ? sw('band.neither') : sw('band.choice', { choice: choiceWords(task.kind, choice) });
}

/** What the two sources say, the answers in plain words, and before anything is written what it will link. */
export function TaskCard({ task, ward, now, changed }: Props): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(null);
  const [belongs, setBelongs] = useState<Belonging | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const time = ward.shortStamp(task.from, now);
  const [firstSays, secondSays] = SAYS[task.kind];

  const send = async (path: string, body: object): Promise<void> => {
    setBusy(true);
    const { status } = await sendJson('POST', path, body);
    await changed();
    setBusy(false);
    setFault(status === 200 ? '' : faultWords(status, true));
    setChosen(null);
  };
  const compare = async (number: string): Promise<void> => {
    const answer = await askWhose(number, task.key);
    setBelongs(answer.belongs);
    setFault(answer.belongs === null ? faultWords(answer.status, true) : '');
  };

  return (
    <section class="card stay-task" data-task={task.key} data-task-kind={task.kind} data-task-open={task.settled === 0} aria-label={sw(`task.${task.kind}`)}>
      <h3>{sw(`task.${task.kind}`)}</h3>
      <dl class="stay-says">
        <div><dt>{sw(firstSays)}</dt><dd>{sw(`task.${task.kind}.a`, { time })}</dd></div>
        <div><dt>{sw(secondSays)}</dt><dd>{sw(`task.${task.kind}.b`, { time })}</dd></div>
      </dl>
      {task.settled !== 0 && (
        <div class="stay-settled">
          <p>{task.choice === '' ? sw('settled', { time: task.settledAt === null ? '' : ward.shortStamp(task.settledAt, now) }) : sw('settledAs', { time: task.settledAt === null ? '' : ward.shortStamp(task.settledAt, now), choice: choiceWords(task.kind, task.choice) })}</p>
          <button type="button" class="button" disabled={busy} data-undo={task.settled} onClick={() => void send('/api/v1/stays/undo', { number: task.settled })}>{sw('undo')}</button>
        </div>
      )}
      {task.settled === 0 && chosen === null && (
        <>
          {(task.hasFirst || task.hasSecond) && <BandField button={sw('band.compare')} onNumber={(number) => void compare(number)} />}
          <p class="stay-answer" role="status">{belongs !== null && <strong data-belongs={belongs}>{belongsWords(task, belongs)}</strong>}</p>
          <div class="stay-choices" role="group" aria-label={sw(`task.${task.kind}`)}>
            {task.choices.map((choice, i) => (
              <button key={choice} type="button" class="button" data-choice={choice} disabled={busy} onClick={() => { setFault(''); setChosen(choice); }}>
                <span>{choiceWords(task.kind, choice)}</span>{i === 0 && task.choices.length > 1 && <small>{sw('meanwhile')}</small>}
              </button>
            ))}
          </div>
        </>
      )}
      {task.settled === 0 && chosen !== null && (
        <div class="stay-confirm" role="group" aria-label={sw('link')} data-confirm={chosen}>
          <p><strong>{choiceWords(task.kind, chosen)}</strong></p>
          <p>{linkWords(task.kind, chosen, time)}</p>
          <div class="stay-choices">
            <button type="button" class="button button-sure" disabled={busy} data-sure onClick={() => void send(`/api/v1/stays/tasks/${encodeURIComponent(task.key)}`, { choice: chosen })}>{sw('confirm')}</button>
            <button type="button" class="button" disabled={busy} onClick={() => setChosen(null)}>{sw('back')}</button>
          </div>
        </div>
      )}
      {fault !== '' && <p class="stay-fault" role="alert">{fault}</p>}
    </section>
  );
}

/** Number of what was said, from an answer of the box; 0 = it said none. */
export const saidNumber = (json: unknown): number => (isObject(json) && typeof json['number'] === 'number' ? json['number'] : 0);
