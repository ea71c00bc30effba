import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { MISSING } from '../catalog/units.ts';
import { formatAge, formatBytes, formatCount, language } from '../i18n/i18n.ts';
import { sw } from '../i18n/settings_words.ts';
import { t, type SetupKey } from '../i18n/setup_words.ts';
import '../style/settings.css';
import { readHelpList, readPorts, type Attempt, type HelpEntry, type Port } from '../wire/setup_api.ts';
import { BedStep } from './bed_step.tsx';
import { CheckStep } from './check_step.tsx';
import { useBedside } from './context.ts';
import { deviceStateNow, deviceStateWord } from './device_state.ts';
import { Icon } from './icon.tsx';
import { PortPinForm } from './port_pin.tsx';
import { helpLink, route } from './route.ts';
import { SettingsBar } from './settings_bar.tsx';
import { useJson } from './use_json.ts';
import { useSettings, type SettingsDesk } from './use_settings.ts';

const ASK_MS = 1_000;

/** Received, being looked for, or in need of somebody: told by shape and words, never by colour. */
function shapeOf(port: Port): 'good' | 'busy' | 'trouble' {
  if (port.state === 'receiving') return 'good';
  if (port.state === 'connecting' || port.finding === '') return 'busy';
  return 'trouble';
}

/** Where remedies follow, the sentence's own advice would say them twice: what it is stands in its first part. */
function headline(port: Port): string {
  const spoken = port.sentence[language.value];
  if (spoken === '') return t(port.state === 'unplugged' ? 'setup.gone' : 'setup.looking');
  return port.remedies.length > 0 && port.state !== 'receiving' ? (/^.*?\.(?= |$)/.exec(spoken)?.[0] ?? spoken) : spoken;
}

/** What the device does; without one, what is wrong with the port. */
const stateOf = (port: Port): string =>
  t((port.driver === '' && port.finding !== '' ? `finding.${port.finding}` : `health.state.${port.state}`) as SetupKey);

function Hunt({ attempt, names }: { readonly attempt: Attempt; readonly names: ReadonlyMap<string, string> }): JSX.Element {
  const who = [...new Set(attempt.asked.map((driver) => names.get(driver) ?? driver))].join(', ');
  const how = who === '' ? t('setup.listens') : t('setup.asks', { who });
  return (
    <div class="port-hunt" data-trying={attempt.line || 'network'}>
      <span class="port-step">{t('setup.trying')}</span>
      <b>{attempt.line || t('setup.network')}</b>
      <span>{how}</span>
      <span class="port-stops" aria-hidden="true">{Array.from({ length: attempt.stops }, (_, i) => <i key={i} data-stop={i + 1 === attempt.stop ? 'now' : i + 1 < attempt.stop ? 'done' : 'ahead'} />)}</span>
      <span class="port-step">{t('setup.stop', { n: attempt.stop, of: attempt.stops })}</span>
    </div>
  );
}

function factsOf(port: Port, ward: WardClock, now: number): (readonly [SetupKey, string])[] {
  const device = [port.manufacturer, port.model].filter(Boolean).join(' ');
  const facts: (readonly [SetupKey, string])[] = [];
  if (device !== '') facts.push([port.driver === '' && port.finding !== 'announced' ? 'setup.was' : 'setup.device', `${device}${port.serialNumber === '' ? '' : `, ${t('health.serial', { n: port.serialNumber })}`}`]);
  if (port.protocol !== '') facts.push(['setup.protocol', port.protocol]);
  if (port.line !== '') facts.push(['setup.line', port.line]);
  if (port.driver !== '') facts.push(['setup.driver', `${port.driver}${port.quality === '' ? '' : ` (${t(`quality.${port.quality}` as SetupKey)})`}`]);
  if (port.since !== null) facts.push(['setup.since', `${ward.stamp(port.since, now)} (${t('age.ago', { age: formatAge(Math.max(0, now - port.since)) })})`]);
  facts.push(['setup.traffic', t('setup.bytes', { in: formatBytes(port.bytesIn), out: formatBytes(port.bytesOut) })]);
  const errors = port.lineErrors === null || port.lineErrors === 0 ? '' : `, ${t('setup.spoilt', { n: formatCount(port.lineErrors) })}`;
  facts.push(['setup.faults', `${formatCount(port.faults)}${errors}`]);
  return facts;
}

interface PortProps {
  readonly port: Port;
  readonly names: ReadonlyMap<string, string>;
  readonly ward: WardClock;
  readonly now: number;
  readonly desk: SettingsDesk;
  readonly help: readonly HelpEntry[];
}

/** A box that is not heard any more: of its ports nothing is known but where they are. */
function UnknownPort({ port }: Pick<PortProps, 'port'>): JSX.Element {
  return (
    <section class="card port" data-port={port.port} data-port-state="unknown" data-shape="busy" aria-label={port.name}>
      <header class="port-head"><i class="port-mark" aria-hidden="true" /><h2>{port.name}</h2><span class="port-adapter">{port.adapter}</span><b class="port-state">{MISSING}</b></header>
      <p class="port-path">{port.port}</p>
    </section>
  );
}

function PortCard({ port, names, ward, now, desk, help }: PortProps): JSX.Element {
  const { store } = useBedside();
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  const spoken = language.value;
  if (link.state === 'lost') return <UnknownPort port={port} />;
  const seen = port.state === 'receiving' && link.mode === 'open' ? deviceStateNow(port, link, bed) : port.state;
  const isQuiet = seen !== port.state;
  return (
    <section class="card port" data-port={port.port} data-port-state={seen} data-finding={port.finding} data-shape={isQuiet ? 'busy' : shapeOf(port)} aria-label={port.name}>
      <header class="port-head">
        <i class="port-mark" aria-hidden="true" />
        <h2>{port.name}</h2>
        <span class="port-adapter">{port.adapter}</span>
        <b class="port-state">{isQuiet ? deviceStateWord(seen) : stateOf(port)}</b>
      </header>
      {!isQuiet && <p class="port-says">{headline(port)}</p>}
      {(port.movedFrom !== '' || port.listenOnly) && (
        <p class="port-notes">
          {port.listenOnly && <span class="tag tag-exact">{t('setup.listenOnly')}</span>}
          {port.movedFrom !== '' && <span class="tag">{t('setup.moved', { from: port.movedFrom })}</span>}
        </p>
      )}
      {port.trying !== null && <Hunt attempt={port.trying} names={names} />}
      {port.state !== 'receiving' && port.remedies.length > 0 && (
        <div class="port-remedies">
          <h3>{t('setup.remedies')}</h3>
          <ol>{port.remedies.map((remedy) => <li key={remedy.en}>{remedy[spoken]}</li>)}</ol>
        </div>
      )}
      <dl class="facts port-facts">{factsOf(port, ward, now).map(([key, value]) => <div key={key}><dt>{t(key)}</dt><dd>{value}</dd></div>)}</dl>
      <p class="port-path">{port.port}</p>
      <PortPinForm place={port.port} desk={desk} help={help} offered={port.finding === 'announced' ? port.help : ''} />
      {port.state === 'receiving' && <a class="button button-sure port-check" href={`#/setup?step=check&device=${encodeURIComponent(port.device)}`} data-to-check>{sw('toCheck')}</a>}
      <a class="button port-help" href={helpLink(port.help)}><Icon name="cable" /><span>{port.help === '' ? t('setup.helpAll') : t('setup.help', { who: names.get(port.help) ?? port.help })}</span></a>
    </section>
  );
}

const namesOf = (help: readonly HelpEntry[] | null | undefined): ReadonlyMap<string, string> => new Map((help ?? []).map((one) => [one.driver, one.manufacturer]));

/** Every port of the box, what was found on it or is wrong with it, as it changes. */
function PortsStep({ desk }: { readonly desk: SettingsDesk }): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  useCell(language);
  useCell(store.tick);
  const ports = useJson('/api/v1/ports', readPorts, ASK_MS);
  const help = useJson('/api/v1/help/devices', readHelpList, 0);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  const names = namesOf(help);
  return (
    <>
      {ports === null && <p class="verdict" data-health="unreachable">{t('health.unreachable')}</p>}
      {ports?.length === 0 && <p class="verdict">{t('setup.none')}</p>}
      {ports != null && <p class="setup-lead">{t('setup.lead')}</p>}
      {(ports ?? []).map((port) => <PortCard key={port.port} port={port} names={names} ward={ward} now={now} desk={desk} help={help ?? []} />)}
      {desk.settings != null && <section class="card port" aria-label={sw('add')}><PortPinForm place="" desk={desk} help={help ?? []} /></section>}
    </>
  );
}

const STEPS = ['ports', 'check', 'bed'] as const;

/** Setting up in three steps that can be taken in any order: plug in and be recognised, check the signals, assign the bed. What changes ports is on trial, on every step. */
export function SetupPage(): JSX.Element {
  const { query } = useCell(route);
  useCell(language);
  const desk = useSettings();
  const step = STEPS.find((one) => one === query.get('step')) ?? 'ports';
  return (
    <main class="health setup" id="values" tabIndex={0} data-step={step} data-settings={desk.settings?.number ?? ''}>
      <div class="page-head">
        <h1>{step === 'ports' ? t('setup.title') : sw(step === 'check' ? 'report' : 'assign')}</h1>
        {desk.settings != null && <nav class="steps" aria-label={sw('steps')}>{STEPS.map((one) => <a key={one} class="button" href={one === 'ports' ? '#/setup' : `#/setup?step=${one}`} aria-current={one === step ? 'step' : undefined} data-to-step={one}>{sw(`step.${one}`)}</a>)}</nav>}
        <a class="button" href={helpLink('')}><Icon name="list" /><span>{t('setup.helpAll')}</span></a>
      </div>
      <SettingsBar desk={desk} />
      {step === 'ports' && <PortsStep desk={desk} />}
      {step === 'check' && <CheckStep key={query.get('device')} device={query.get('device') ?? ''} />}
      {step === 'bed' && <BedStep desk={desk} />}
    </main>
  );
}
