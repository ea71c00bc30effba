import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { language } from '../i18n/i18n.ts';
import { rw, wordOr } from '../i18n/rights_words.ts';
import { getJson, sendJson } from '../live/http.ts';
import { useBedside } from '../ui/context.ts';
import { isObject } from '../wire/decoded.ts';
import { readWish, sayWish, wish } from './research_wish.ts';
import { readAccesses, readErasable, type Erasable } from './rights_api.ts';
import { printAccesses, printSlip } from './sheets.tsx';

const REASONS = ['patient-asked', 'wrong-record', 'law'] as const;

interface Said {
  readonly status: number;
  readonly json: unknown;
}

function faultOf({ status, json }: Said): string {
  const detail = isObject(json) && typeof json['detail'] === 'string' ? json['detail'] : '';
  return status === 409 ? rw('fault.409', { detail }) : wordOr(`fault.${status}`, rw('fault.other'));
}

function useWard(): { readonly ward: WardClock; readonly now: number } {
  const { store } = useBedside();
  const session = useCell(store.session);
  return { ward: wardClockOf(session), now: store.now() ?? Date.now() };
}

/** The patient's no, with one touch, and the page of who looked. `version` rises when it becomes known who lies in the bed. */
export function PatientRights({ version }: { readonly version: number }): JSX.Element | null {
  const { store } = useBedside();
  const session = useCell(store.session);
  useCell(language);
  const { ward, now } = useWard();
  const research = useCell(wish);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  // What was known of whoever lay there before is nobody's.
  useEffect(() => wish.set(null), []);
  useEffect(() => void readWish(), [version]);
  if (research === null) return null;

  const say = async (method: 'POST' | 'DELETE'): Promise<void> => {
    setBusy(true);
    const answer = await sayWish(method, research.stay);
    setBusy(false);
    setFault(answer.status === 200 ? '' : faultOf(answer));
  };
  const print = async (): Promise<void> => {
    setBusy(true);
    const answer = await sendJson('GET', `/api/v1/stays/${research.stay}/accesses`);
    setBusy(false);
    const accesses = readAccesses(answer.json);
    setFault(accesses === null ? faultOf(answer) : '');
    if (accesses !== null) printAccesses(accesses, session);
  };
  return (
    <>
      <section class="card stay-say" data-research={research.refused ? 'refused' : 'open'}>
        <h2>{rw('research')}</h2>
        <p><strong>{research.refused ? rw('research.refused', { time: research.at === null ? '' : ward.shortStamp(research.at, now) }) : rw('research.open')}</strong></p>
        <p>{rw(research.refused ? 'research.holds' : 'research.why')}</p>
        <div class="stay-choices">
          {!research.refused && <button type="button" class="button button-sure" disabled={busy} data-refuse onClick={() => void say('POST')}>{rw('research.refuse')}</button>}
          {research.refused && <button type="button" class="button" data-slip onClick={() => printSlip(research, session)}>{rw('research.slip')}</button>}
          {research.refused && <button type="button" class="button" disabled={busy} data-allow onClick={() => void say('DELETE')}>{rw('research.allow')}</button>}
        </div>
        {fault !== '' && <p class="stay-fault" role="alert">{fault}</p>}
      </section>
      <section class="card stay-say" data-accesses>
        <h2>{rw('accesses')}</h2>
        <p>{rw('accesses.why')}</p>
        <div class="stay-choices"><button type="button" class="button" disabled={busy} data-print-accesses onClick={() => void print()}>{rw('accesses.print')}</button></div>
      </section>
    </>
  );
}

/** The stays that ended, and the two people that it takes to erase one. */
export function Erasures({ badge, proven }: { readonly badge: string; readonly proven: boolean }): JSX.Element {
  useCell(language);
  const { ward, now } = useWard();
  const [list, setList] = useState<readonly Erasable[]>([]);
  const [fault, setFault] = useState('');
  const [turn, setTurn] = useState(0);
  useEffect(() => void getJson('/api/v1/erasures').then((json) => setList(readErasable(json))), [turn]);
  const say = async (method: 'POST' | 'DELETE', path: string, body: object = {}): Promise<void> => {
    const answer = await sendJson(method, `/api/v1/stays/${path}`, body);
    setFault(answer.status === 200 ? '' : faultOf(answer));
    setTurn((one) => one + 1);
  };
  return (
    <section class="card card-wide" data-erasures>
      <h2>{rw('erasures')}</h2>
      <p>{rw('erasures.why')}</p>
      {fault !== '' && <p role="alert" class="stay-fault">{fault}</p>}
      {list.length === 0 && <p>{rw('erasures.none')}</p>}
      <ul class="people-list">
        {list.map((one) => (
          <li key={one.stay} data-erasable={one.stay} data-asked={one.askedBy}>
            <span>
              <b>{rw('stay')} {one.stay.slice(0, 8)}…</b> <small>{ward.shortStamp(one.from, now)} – {one.to === null ? '' : ward.shortStamp(one.to, now)}</small>
              {one.askedAt !== null && <small><br />{rw('erasures.asked', { by: one.askedBy, time: ward.shortStamp(one.askedAt, now), reason: wordOr(`reason.${one.reason}`, one.reason) })}{one.othersSeconds > 0 && ` ${rw('erasures.others', { n: Math.ceil(one.othersSeconds) })}`}</small>}
            </span>
            {proven && one.askedAt === null && REASONS.map((reason) => <button key={reason} type="button" class="button" data-ask={reason} onClick={() => void say('POST', `${one.stay}/erasure`, { reason })}>{rw('erasures.ask', { reason: rw(`reason.${reason}`) })}</button>)}
            {proven && one.askedAt !== null && one.askedBy !== badge && <button type="button" class="button button-sure" data-agree onClick={() => void say('POST', `${one.stay}/erasure/agree`)}>{rw('erasures.agree')}</button>}
            {proven && one.askedAt !== null && <button type="button" class="button" data-withdraw onClick={() => void say('DELETE', `${one.stay}/erasure`)}>{rw('erasures.withdraw')}</button>}
          </li>
        ))}
      </ul>
    </section>
  );
}
