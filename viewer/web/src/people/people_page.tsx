import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { faultWord, pw, type PeopleKey } from '../i18n/people_words.ts';
import { standing } from '../live/person.ts';
import '../style/people.css';
import { Accounts, Emergencies } from './accounts.tsx';
import { Fields, type Field } from './fields.tsx';
import { me, say, type Me } from './me.ts';
import { Erasures } from './patient_rights.tsx';
import { addPasskey, passkeysWork, signInWithPasskey } from './passkey.ts';

const REASONS = ['vital-emergency', 'badge-missing', 'called-from-elsewhere', 'box-fault'] as const;
const ERASERS = ['rights-officer', 'steward', 'administrator'];
const BADGE: Field = { name: 'badge', word: 'badge' };
const PASSWORD: Field = { name: 'password', word: 'password', secret: 'current-password', hint: 'appHint' };
const NEW_PASSWORD: Field = { name: 'password', word: 'newPassword', secret: 'new-password', hint: 'passwordHint' };
const PIN: Field = { name: 'pin', word: 'pin', secret: 'off', hint: 'pinHint', digits: true };
const CODE: Field = { name: 'code', word: 'code' };
const APP_CODE: Field = { name: 'code', word: 'appCode' };
const NAME: Field = { name: 'name', word: 'name' };

function First(): JSX.Element {
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const show = async (): Promise<void> => {
    const said = await say('POST', '/first/code');
    setFault(said.fault);
    setCode(said.fault === '' ? (said.json as { code: string }).code : '');
  };
  return (
    <section class="card card-wide" data-first>
      <h2>{pw('first')}</h2>
      <p>{pw('firstSays')}</p>
      <button type="button" class="button" onClick={() => void show()} data-show-code>{pw('showCode')}</button>
      {code !== '' && <p class="people-code" data-code>{code}</p>}
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
      <Fields name="first" fields={[CODE, BADGE, NAME, NEW_PASSWORD]} button="make" send={(values) => say('POST', '/first', values)} />
    </section>
  );
}

type Way = 'withPassword' | 'withPin' | 'withCode';
const WAYS: readonly Way[] = ['withPassword', 'withPin', 'withCode'];

function SignIn({ who }: { readonly who: Me }): JSX.Element {
  const [way, setWay] = useState<Way>('withPassword');
  const [fault, setFault] = useState('');
  const fields = way === 'withPin' ? [BADGE, PIN] : way === 'withCode' ? [BADGE, CODE, NEW_PASSWORD] : [BADGE, PASSWORD];
  return (
    <section class="card" data-sign-in>
      <h2>{pw('who')}</h2>
      {who.resting && <><p>{pw('resting')}</p><Fields name="return" fields={[BADGE]} button="return" send={(values) => say('POST', '/return', values)} /></>}
      <div class="segmented people-ways" role="group" aria-label={pw('signIn')}>
        {WAYS.filter((one) => one !== 'withPin' || who.takesPins).map((one) => <button key={one} type="button" aria-pressed={one === way} data-way={one} onClick={() => setWay(one)}>{pw(one)}</button>)}
      </div>
      <Fields key={way} name="sign-in" fields={fields} button="signIn" send={(values) => say('POST', way === 'withCode' ? '/enrol' : '/sign-in', values)} />
      {passkeysWork() ? <button type="button" class="button" data-passkey onClick={() => void signInWithPasskey().then(setFault)}>{pw('withPasskey')}</button> : <p class="people-hint">{pw('needsName')}</p>}
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
    </section>
  );
}

function Emergency({ who }: { readonly who: Me }): JSX.Element {
  return (
    <section class="card people-emergency" data-emergency={who.emergency}>
      <h2>{pw('emergency')}</h2>
      {who.emergency === '' ? (
        <>
          <p>{pw('emergencySays')}</p>
          <div class="people-reasons">{REASONS.map((reason) => <button key={reason} type="button" class="button" data-reason={reason} onClick={() => void say('POST', '/emergency', { reason })}>{pw(reason)}</button>)}</div>
        </>
      ) : <><p><strong>{pw('open', { n: Math.ceil(who.seconds / 60) })}</strong></p><button type="button" class="button" data-end onClick={() => void say('POST', '/sign-out')}>{pw('close')}</button></>}
    </section>
  );
}

interface Secret {
  readonly secret: string;
  readonly uri: string;
  readonly modules: number;
  readonly path: string;
}

/** An app that makes codes: its secret is shown until one of them was said. */
function CodeApp({ has }: { readonly has: boolean }): JSX.Element {
  const [made, setMade] = useState<Secret | null>(null);
  const [fault, setFault] = useState('');
  const send = async (method: 'POST' | 'PUT' | 'DELETE', values?: object): Promise<{ readonly fault: string }> => {
    const said = await say(method, '/code-app', values);
    if (method !== 'PUT') setFault(said.fault);
    if (said.fault === '') setMade(method === 'POST' ? said.json as Secret : null);
    return said;
  };
  return (
    <>
      <p>{pw(has ? 'appCounts' : 'appNone')}</p>
      {made === null ? <button type="button" class="button" data-code-app onClick={() => void send('POST')}>{pw(has ? 'otherApp' : 'addApp')}</button> : (
        <>
          <p>{pw('scan')}</p>
          <a href={made.uri}><svg class="people-qr" viewBox={`0 0 ${made.modules} ${made.modules}`} role="img" aria-label={pw('openApp')}><path d={made.path} /></svg></a>
          <p class="people-code" data-secret>{made.secret}</p>
          <Fields name="code-app" fields={[APP_CODE]} button="prove" send={(values) => send('PUT', values)} />
        </>
      )}
      {has && <button type="button" class="button" data-remove-app onClick={() => void send('DELETE')}>{pw('removeApp')}</button>}
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
    </>
  );
}

function Mine({ who }: { readonly who: Me }): JSX.Element {
  const [fault, setFault] = useState('');
  return (
    <section class="card" data-mine={who.badge}>
      <h2>{pw('mine')}</h2>
      <p><strong>{pw('since', { name: who.name, badge: who.badge })}</strong><br />{who.roles.map((role) => pw(`role.${role}` as PeopleKey)).join(', ')}</p>
      <button type="button" class="button" data-sign-out onClick={() => void say('POST', '/sign-out')}>{pw('signOut')}</button>
      {who.lacksSecond && <p data-lacks-second>{pw('fault.second')}</p>}
      {!who.sure && !(who.proven && who.lacksSecond) && (
        <>
          <p class="people-hint">{pw('proveFirst')}</p>
          <Fields name="prove" fields={[PASSWORD]} button="prove" send={(values) => say('POST', '/prove', values)} />
          {who.passkeys > 0 && passkeysWork() && <button type="button" class="button" data-passkey onClick={() => void signInWithPasskey().then(setFault)}>{pw('withPasskey')}</button>}
        </>
      )}
      {who.proven && (
        <>
          <p>{pw('passkeys', { n: who.passkeys })}</p>
          {passkeysWork() ? <button type="button" class="button" data-add-passkey onClick={() => void addPasskey().then(setFault)}>{pw('addPasskey')}</button> : <p class="people-hint">{pw('needsName')}</p>}
          {who.takesPins && <CodeApp has={who.codeApp} />}
          {who.takesPins && <Fields name="pin" fields={[PIN]} button="setPin" send={(values) => say('PUT', '/pin', values)} />}
          <Fields name="password" fields={[NEW_PASSWORD]} button="setPassword" send={(values) => say('PUT', '/password', values)} />
        </>
      )}
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
    </section>
  );
}

/** Who stands before the screen, the way in and out, the way in without any of it, and for those who keep them the accounts. */
export function PeoplePage(): JSX.Element {
  useCell(language);
  const who = useCell(me);
  const now = useCell(standing);
  const isIn = now === 'person';
  return (
    <main class="health people" id="values" tabIndex={0} data-people={now}>
      <h1>{pw('title')}</h1>
      {who?.damaged === true && <p class="verdict" role="alert">{pw('damaged')}</p>}
      {who !== null && !who.accounts && <First />}
      {who?.accounts === true && (
        <>
          <Emergency who={who} />
          {isIn ? <Mine key={who.badge} who={who} /> : <SignIn who={who} />}
          <section class="card" data-visitors>
            <h2>{pw('visitors')}</h2>
            <p>{pw('visitorsSays')}</p>
            <button type="button" class="button" aria-pressed={who.blank} data-blank onClick={() => void say('PUT', '/visitors', { blank: !who.blank })}>{pw(who.blank ? 'show' : 'hide')}</button>
          </section>
          {isIn && who.roles.includes('administrator') && <Accounts proven={who.sure} />}
          {isIn && who.roles.includes('rights-officer') && <Emergencies proven={who.sure} />}
          {isIn && ERASERS.some((role) => who.roles.includes(role)) && <Erasures badge={who.badge} proven={who.sure} />}
        </>
      )}
    </main>
  );
}
