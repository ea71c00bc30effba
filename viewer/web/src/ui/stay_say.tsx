import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toIso, utcMs } from '../base/time.ts';
import type { WardClock } from '../base/local_time.ts';
import { sw } from '../i18n/stay_words.ts';
import { sendJson } from '../live/http.ts';
import type { StaySpan } from '../wire/stay_api.ts';
import { askWhose, BandField, faultWords, saidNumber } from './stay_card.tsx';

const MINUTE_MS = 60_000;
const EARLIER_MIN = [15, 60] as const;

type Step =
  | { readonly step: 'ask' }
  /** `number` empty = the bed is empty. It lives here until it is confirmed or given up, and nowhere else. */
  | { readonly step: 'sure'; readonly number: string; readonly same: boolean; readonly at: number; readonly from: number }
  | { readonly step: 'said'; readonly number: number };

interface Props {
  readonly span: StaySpan | null;
  readonly ward: WardClock;
  readonly now: number;
  readonly changed: () => Promise<void>;
}

/** A person says who lies in the bed: the wristband, since when, what that will link, and only then it is written. */
export function SayWho({ span, ward, now, changed }: Props): JSX.Element {
  const [state, setState] = useState<Step>({ step: 'ask' });
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);

  const begin = async (number: string): Promise<void> => {
    setFault('');
    if (number === '') return setState({ step: 'sure', number, same: false, at: now, from: now });
    const answer = await askWhose(number, null);
    if (answer.belongs === null) return setFault(faultWords(answer.status, false));
    const same = answer.belongs === 'first';
    setState({ step: 'sure', number, same, at: now, from: same && span !== null ? span.since : now });
  };
  const send = async (path: string, body: object, then: (json: unknown) => Step): Promise<void> => {
    setBusy(true);
    const answer = await sendJson('POST', path, body);
    await changed();
    setBusy(false);
    setFault(answer.status === 200 ? '' : faultWords(answer.status, false));
    setState(answer.status === 200 ? then(answer.json) : { step: 'ask' });
  };
  const confirm = (step: Extract<Step, { step: 'sure' }>): Promise<void> =>
    send('/api/v1/stays/confirm', { ...(step.number === '' ? { empty: true } : { number: step.number }), from: toIso(utcMs(step.from)) }, (json) => ({ step: 'said', number: saidNumber(json) }));

  return (
    <section class="card stay-say" aria-label={sw('say.title')}>
      <h2>{sw('say.title')}</h2>
      {state.step === 'ask' && (
        <>
          <p>{sw('say.lead')}</p>
          <BandField button={sw('say.next')} onNumber={(number) => void begin(number)} />
          <div class="stay-choices"><button type="button" class="button" data-say="empty" onClick={() => void begin('')}>{sw('say.empty')}</button></div>
        </>
      )}
      {state.step === 'sure' && (
        <div class="stay-confirm" data-confirm={state.number === '' ? 'empty' : state.same ? 'same' : 'other'}>
          {state.number !== '' && <p><strong>{sw(state.same ? 'band.same' : 'band.other')}</strong></p>}
          <div class="segmented" role="group" aria-label={sw('say.since')}>
            {[
              { from: state.at, label: sw('say.now') },
              ...EARLIER_MIN.map((n) => ({ from: state.at - n * MINUTE_MS, label: sw('say.minutes', { n }) })),
              ...(span === null ? [] : [{ from: span.since, label: sw('say.span', { time: ward.shortStamp(span.since, now) }) }]),
            ].map(({ from, label }) => <button key={label} type="button" aria-pressed={state.from === from} onClick={() => setState({ ...state, from })}>{label}</button>)}
          </div>
          <p>{sw(state.number === '' ? 'say.willEmpty' : state.same ? 'say.willSame' : 'say.willOther', { time: ward.shortStamp(state.from, now) })}</p>
          <div class="stay-choices">
            <button type="button" class="button button-sure" disabled={busy} data-sure onClick={() => void confirm(state)}>{sw('confirm')}</button>
            <button type="button" class="button" disabled={busy} onClick={() => setState({ step: 'ask' })}>{sw('back')}</button>
          </div>
        </div>
      )}
      {state.step === 'said' && (
        <div class="stay-settled" role="status">
          <p>{sw('say.done')}</p>
          {state.number > 0 && <button type="button" class="button" disabled={busy} data-undo={state.number} onClick={() => void send('/api/v1/stays/undo', { number: state.number }, () => ({ step: 'ask' }))}>{sw('undo')}</button>}
          <button type="button" class="button" onClick={() => setState({ step: 'ask' })}>{sw('back')}</button>
        </div>
      )}
      {fault !== '' && <p class="stay-fault" role="alert">{fault}</p>}
    </section>
  );
}
