import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toIso, utcMs } from '../base/time.ts';
import type { WardClock } from '../base/local_time.ts';
import { ew, hasEventWords } from '../i18n/event_words.ts';
import { causeText } from '../i18n/gap_words.ts';
import { formatDuration, t, type Key } from '../i18n/i18n.ts';
import { sendJson } from '../live/http.ts';
import { context, kindOf, markWords, PERSON, said as saidWords, type HeldMark } from '../marks/context.ts';
import { presetsOf } from '../marks/presets.ts';
import type { Happening } from '../wire/events_api.ts';
import { useCell } from '../base/cell.ts';
import { isMarked } from './alarm_strip.tsx';
import { endWords } from './mark_table.tsx';
import { useBedside } from './context.ts';
import { mw } from '../i18n/mark_words.ts';
import { wavesLink } from './route.ts';

const STARS = { high: '***', medium: '**', low: '*', none: '' } as const;
const LONGEST_TEXT = 200;
const COUNTED = ['late-samples', 'duplicate-samples'];
const STATES = ['searching', 'connecting', 'receiving', 'silent', 'unplugged'];

/** What happened in the words of the page, and the device's own words, which keep their language. */
export function eventWords(one: Happening): { readonly own: string; readonly said: string } {
  if (one.mark !== null) return { own: markWords(one.mark), said: one.text };
  switch (one.group) {
    case 'mark': return { own: one.kind, said: one.text };
    case 'alarm': return { own: `${isMarked(one.text) ? '' : STARS[one.priority]}${one.kind === 'technical' ? ` ${ew('technical')}` : ''}`.trim(), said: one.text };
    case 'gap': return { own: ew('gap', { cause: causeText(one.kind) ?? one.kind }), said: '' };
    case 'device': {
      if (one.kind === 'device-state') {
        const [state = '', ...reason] = one.text.split(': ');
        return { own: ew('state', { state: STATES.includes(state) ? t(`health.state.${state}` as Key) : state }), said: reason.join(': ') };
      }
      const key = `kind.${one.kind}`;
      // What the page words itself needs of the box's English no more than its count.
      return { own: hasEventWords(key) ? ew(key) : one.kind, said: COUNTED.includes(one.kind) ? (/^\d+/.exec(one.text)?.[0] ?? '') : one.text };
    }
  }
}

interface EditProps {
  readonly mark: HeldMark;
  readonly time: string;
  readonly done: (saved: HeldMark | null, notice: string) => void;
}

const same = (one: Pick<HeldMark, 'kind' | 'attributes'>, other: Pick<HeldMark, 'kind' | 'attributes'>): boolean => one.kind === other.kind && JSON.stringify(one.attributes) === JSON.stringify(other.attributes);

/** Another kind or text, or none at all: stored as the next version, the former ones stay. */
function MarkEdit({ mark, time, done }: EditProps): JSX.Element {
  const [what, setWhat] = useState<Pick<HeldMark, 'kind' | 'attributes'>>({ kind: mark.kind, attributes: mark.attributes });
  const kinds = useCell(context);
  const [text, setText] = useState(mark.text);
  const { store } = useBedside();
  const send = async (change: object, notice: string): Promise<void> => {
    const { status } = await sendJson('PATCH', `/api/v1/annotations/${encodeURIComponent(mark.key)}`, { version: mark.version, ...change });
    done(status === 200 ? mark : null, status === 200 ? notice : ew(status === 409 ? 'conflict' : 'failed'));
  };
  return (
    <form class="event-edit" aria-label={ew('editOf', { time })} onSubmit={(event) => { event.preventDefault(); void send({ text, ...(same(what, mark) ? {} : what) }, ew('saved')); }}>
      <div class="event-kinds" role="group" aria-label={ew('kind')}>
        {presetsOf(kinds ?? [], mark.number).flatMap((group) => group.presets).map((one) => {
          const [value = ''] = Object.values(one.attributes);
          return <button key={`${one.kind} ${value}`} type="button" class="chip" aria-pressed={same(what, one)} data-kind={one.kind} data-value={value} onClick={() => setWhat(same(what, one) ? { kind: mark.kind, attributes: mark.attributes } : one)}>{saidWords(one.full)}</button>;
        })}
      </div>
      <input type="text" aria-label={ew('text')} value={text} maxLength={LONGEST_TEXT} placeholder={ew('text')} onInput={(event) => setText(event.currentTarget.value)} data-mark-text />
      <div class="event-kinds">
        <button type="submit" class="button button-sure" data-save>{ew('save')}</button>
        {mark.heldUntil === null && kindOf(mark.kind)?.form === 'range' && <button type="button" class="button" data-end onClick={() => void send({ until: toIso(utcMs(Math.max(mark.time, store.now() ?? Date.now()))) }, ew('saved'))}>{mw('end')}</button>}
        <button type="button" class="button" data-withdraw onClick={() => void send({ withdrawn: true }, ew('withdrawn'))}>{ew('withdraw')}</button>
        <button type="button" class="button" onClick={() => done(null, '')}>{ew('cancel')}</button>
      </div>
    </form>
  );
}

interface Props {
  readonly one: Happening;
  readonly ward: WardClock;
  readonly now: number;
  readonly deviceName: string;
  readonly signalId: string;
  /** Short name of that signal; empty = none. */
  readonly signalLabel: string;
  readonly changed: (before: HeldMark | null, notice: string) => void;
}

/** One line: when, what, where from, for how long, and the way to its waves. */
export function EventRow({ one, ward, now, deviceName, signalId, signalLabel, changed }: Props): JSX.Element {
  const [editing, setEditing] = useState(false);
  const { own, said } = eventWords(one);
  const time = ward.stamp(one.time, now);
  const isMine = one.mark?.source === PERSON;
  const lasted = one.mark !== null && one.mark.heldUntil === null ? endWords(one.mark, ward, now) : one.on ? ew('on') : one.until === null || one.until - one.time < 1000 ? '' : ew('lasts', { t: formatDuration(one.until - one.time) });
  const of = isMine ? ew('bed') : deviceName === '' || deviceName === 'box' ? ew('box') : deviceName;
  return (
    <li class="event" data-event={one.group} data-event-kind={one.kind} data-priority={one.priority}>
      <time class="event-time">{time}</time>
      <span class="event-sign" data-group={one.group} aria-hidden="true" />
      <span class="event-what"><strong>{own}</strong>{said !== '' && <span> {said}</span>}{one.signals > 0 && <small> {one.signals === 1 ? signalLabel || ew('oneSignal') : ew('signals', { n: one.signals })}</small>}{isMine && (one.mark?.version ?? 1) > 1 && <small> {ew('version', { n: one.mark?.version ?? 1 })}</small>}</span>
      <span class="event-of">{of}{lasted !== '' && <small>{lasted}</small>}</span>
      <span class="event-does">
        {isMine && <button type="button" class="button" aria-expanded={editing} aria-label={ew('editOf', { time })} data-edit onClick={() => setEditing(!editing)}>{ew('edit')}</button>}
        <a class="button" href={wavesLink(toIso(utcMs(one.time)), signalId)} aria-label={ew('wavesAt', { time })} data-waves>{ew('waves')}</a>
      </span>
      {editing && one.mark !== null && <MarkEdit mark={one.mark} time={time} done={(before, notice) => { setEditing(notice !== '' && before === null); changed(before, notice); }} />}
    </li>
  );
}
