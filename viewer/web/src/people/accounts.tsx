import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { faultWord, pw, type PeopleKey } from '../i18n/people_words.ts';
import { getJson } from '../live/http.ts';
import { useBedside } from '../ui/context.ts';
import { Fields } from './fields.tsx';
import { say } from './me.ts';

const ROLES = ['clinician', 'biomed', 'researcher', 'steward', 'rights-officer', 'administrator'] as const;
const AGAIN_MS = 10_000;

interface Account {
  readonly badge: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly state: string;
  readonly reviewDue: boolean;
}

interface Opened {
  readonly number: number;
  readonly at: string;
  readonly reason: string;
  readonly source: string;
  readonly reviewedBy: string | null;
}

/** A list of the box, asked again every so often and whenever something was done. */
function useList<T>(path: string): readonly [readonly T[], () => void] {
  const [list, setList] = useState<readonly T[]>([]);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let going = true;
    const ask = async (): Promise<void> => {
      const json = await getJson(path);
      if (going && Array.isArray(json)) setList(json as T[]);
    };
    void ask();
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => {
      going = false;
      clearInterval(timer);
    };
  }, [turn, path]);
  return [list, () => setTurn(turn + 1)];
}

export function Accounts({ proven }: { readonly proven: boolean }): JSX.Element {
  const [list, again] = useList<Account>('/api/v1/people');
  const [roles, setRoles] = useState<readonly string[]>([]);
  const [code, setCode] = useState<readonly [string, string] | null>(null);
  const [fault, setFault] = useState('');
  const send = async (method: 'POST' | 'PUT', path: string, body: object, badge: string): Promise<{ readonly fault: string }> => {
    const said = await say(method, path, body);
    const made = said.json as { readonly code?: string } | undefined;
    setFault(said.fault);
    if (said.fault === '' && made?.code !== undefined) setCode([badge, made.code]);
    again();
    return said;
  };
  const toggle = (role: string): void => setRoles(roles.includes(role) ? roles.filter((one) => one !== role) : [...roles, role]);
  return (
    <section class="card card-wide" data-accounts>
      <h2>{pw('accounts')}</h2>
      {code !== null && <p>{pw('codeFor', { badge: code[0] })} <strong class="people-code" data-code>{code[1]}</strong></p>}
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
      <ul class="people-list">
        {list.map((one) => (
          <li key={one.badge} data-account={one.badge} data-state={one.state}>
            <span><b>{one.name}</b> <small>{one.badge} · {one.roles.map((role) => pw(`role.${role}` as PeopleKey)).join(', ')}{one.state === 'disabled' && ` · ${pw('disabled')}`}{one.reviewDue && ` · ${pw('due')}`}</small></span>
            {proven && (
              <>
                <button type="button" class="button" onClick={() => void send('POST', `/${encodeURIComponent(one.badge)}/reset`, {}, one.badge)}>{pw('reset')}</button>
                <button type="button" class="button" onClick={() => void send('POST', `/${encodeURIComponent(one.badge)}/review`, {}, one.badge)}>{pw('review')}</button>
                <button type="button" class="button" onClick={() => void send('PUT', `/${encodeURIComponent(one.badge)}/state`, { state: one.state === 'active' ? 'disabled' : 'active' }, one.badge)}>{pw(one.state === 'active' ? 'disable' : 'enable')}</button>
              </>
            )}
          </li>
        ))}
      </ul>
      {proven ? (
        <>
          <h2>{pw('add')}</h2>
          <div class="people-roles">{ROLES.map((role) => <button key={role} type="button" class="chip" aria-pressed={roles.includes(role)} data-role={role} onClick={() => toggle(role)}>{pw(`role.${role}`)}</button>)}</div>
          <Fields name="add" fields={[{ name: 'badge', word: 'badge' }, { name: 'name', word: 'name' }]} button="add" send={(values) => send('POST', '', { ...values, roles }, values['badge'] ?? '')} />
        </>
      ) : <p class="people-hint">{pw('proveFirst')}</p>}
    </section>
  );
}

export function Emergencies({ proven }: { readonly proven: boolean }): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const [list, again] = useList<Opened>('/api/v1/people/emergencies');
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  return (
    <section class="card card-wide" data-emergencies>
      <h2>{pw('emergencies')}</h2>
      {list.length === 0 && <p>{pw('none')}</p>}
      <ul class="people-list">
        {list.map((one) => (
          <li key={one.number} data-opened={one.number}>
            <span><b>{pw(one.reason as PeopleKey)}</b> <small>{ward.stamp(Date.parse(one.at), now)} · {one.source}</small></span>
            {one.reviewedBy !== null ? <small>{pw('reviewed', { by: one.reviewedBy })}</small> : proven && <button type="button" class="button" onClick={() => void say('POST', `/emergencies/${one.number}/review`).then(again)}>{pw('review')}</button>}
          </li>
        ))}
      </ul>
      {!proven && <p class="people-hint">{pw('proveFirst')}</p>}
    </section>
  );
}
