import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell, useCellPart } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { formatAge, formatBytes, formatNumber, language } from '../i18n/i18n.ts';
import { t } from '../i18n/setup_words.ts';
import type { BedView } from '../live/bed_view.ts';
import { getJson } from '../live/http.ts';
import type { LinkView } from '../live/live_store.ts';
import { readHealth, type Device, type Health } from '../wire/api.ts';
import { readLights, type Light } from '../wire/settings_api.ts';
import '../style/settings.css';
import { CompletenessCard } from './completeness_card.tsx';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { deviceStateNow, deviceStateWord } from './device_state.ts';
import { Lights, PortRates, usePagePace } from './health_lights.tsx';
import { secondOf } from './second.ts';

const ASK_MS = 2_000;
const BUILD_LETTERS = 18;
const ON_TIME_MS = 1_000;

type Told = Health & { readonly lights: readonly Light[] };

function useHealth(): Told | null | undefined {
  const [health, setHealth] = useState<Told | null | undefined>(undefined);
  useEffect(() => {
    let going = true;
    const ask = async (): Promise<void> => {
      const json = await getJson('/api/v1/health');
      const answer = readHealth(json);
      if (going) setHealth(answer === null ? null : { ...answer, lights: readLights(json) });
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => {
      going = false;
      clearInterval(timer);
    };
  }, []);
  return health;
}

function clockText(device: Device): string {
  const offset = device.clock?.offsetMs;
  if (offset == null) return t('health.noClock');
  if (Math.abs(offset) < ON_TIME_MS) return t('health.exact');
  const size = Math.abs(offset) < 60_000 ? `${formatNumber(Math.abs(offset) / 1000, 1)} s` : formatAge(Math.abs(offset));
  return t(offset > 0 ? 'health.ahead' : 'health.behind', { t: size });
}

/** A device that speaks no more says why in its own reason; a port on which none is found yet, in what was found there. */
function reasonOf(device: Device): string {
  const port = language.value === 'fr' ? device.portFr : device.portEn;
  return device.state === 'silent' || port === '' ? device.reason : port;
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <section class="card">
      <h2>{title}</h2>
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}

function DeviceTable({ devices, ward, link, bed }: { readonly devices: readonly Device[]; readonly ward: WardClock; readonly link: LinkView; readonly bed: BedView }): JSX.Element {
  const { store } = useBedside();
  const now = store.now();
  const rows = devices.map((device) => [device, deviceStateNow(device, link, bed)] as const);
  if (devices.length === 0) return <section class="card"><h2>{t('health.devices')}</h2><p>{t('health.noDevices')}</p></section>;
  return (
    <section class="card card-wide">
      <h2>{t('health.devices')}</h2>
      <table>
        <thead><tr>{(['health.device', 'health.deviceState', 'health.lastData', 'health.clockOffset'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
        <tbody>
          {rows.map(([device, state]) => (
            <tr key={device.device} data-device={device.device} data-device-state={state}>
              <th scope="row">
                {shownName({ name: [device.manufacturer, device.model].filter(Boolean).join(' ') || device.device, experimental: device.experimental })}
                <small>{[device.protocol, device.serialNumber && t('health.serial', { n: device.serialNumber }), device.demo && t('app.demo')].filter(Boolean).join(' · ')}</small>
                {device.experimental && <small data-experimental>{t('device.experimentalWhy')}</small>}
                {device.codeConflicts !== '' && <small data-code-conflicts>{t('health.codeConflicts', { codes: device.codeConflicts })}</small>}
              </th>
              <td><b>{deviceStateWord(state)}</b>{state !== 'unknown' && device.state !== 'receiving' && reasonOf(device) !== '' && <small>{reasonOf(device)}</small>}</td>
              <td>{device.lastData === null ? '—' : now === null ? ward.time(device.lastData) : `${ward.stamp(device.lastData, now)} (${t('age.ago', { age: formatAge(Math.max(0, now - device.lastData)) })})`}</td>
              <td>{clockText(device)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function HealthPage(): JSX.Element {
  const { store } = useBedside();
  const asked = useHealth();
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  // What a box said that is not heard any more is no state of now.
  const health = link.state === 'lost' ? null : asked;
  const session = useCell(store.session);
  const live = useCell(store.devices);
  const spoken = useCell(language);
  useCellPart(store.tick, secondOf);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  const pace = usePagePace();
  const sentence = health == null ? '' : spoken === 'fr' ? health.sentenceFr : health.sentenceEn;
  return (
    <main class="health" id="values" tabIndex={0}>
      <h1>{t('health.title')}</h1>
      {health === null && <p class="verdict" data-health="unreachable">{t('health.unreachable')}</p>}
      {health != null && <p class="verdict" data-health={health.state}><strong>{sentence || t(`health.${health.state}`)}</strong></p>}
      {health != null && health.lights.length > 0 && <Lights lights={health.lights} />}
      <DeviceTable devices={health?.devices ?? live} ward={ward} link={link} bed={bed} />
      <PortRates />
      <CompletenessCard devices={health?.devices ?? live} ward={ward} />
      {health != null && (
        <Facts title={t('health.store')} facts={[
          [t('health.used'), formatBytes(health.storeBytes)],
          [t('health.free'), formatBytes(health.freeBytes)],
          [t('health.daysLeft'), health.daysLeft === null ? '—' : formatNumber(Math.floor(health.daysLeft), 0)],
          [t('health.durable'), health.durableUpTo === null ? '—' : ward.stamp(health.durableUpTo, now)],
          [t('health.bounds'), (spoken === 'fr' ? health.boundsFr : health.boundsEn) || '—'],
        ]} />
      )}
      <Facts title={t('health.box')} facts={[
        [t('health.boxName'), session?.box || '—'],
        [t('health.build'), session?.build.slice(0, BUILD_LETTERS) || '—'],
        ...(health == null ? [] : [[t('health.started'), health.startedAt === null ? '—' : ward.stamp(health.startedAt, now)] as const, [t('health.memory'), formatBytes(health.rssBytes)] as const]),
      ]} />
      {health != null && health.screenFr !== '' && <section class="card" data-bed-screen><h2>{t('health.bedScreen')}</h2><p>{spoken === 'fr' ? health.screenFr : health.screenEn}</p></section>}
      <Facts title={t('health.display')} facts={[
        [t('health.fps'), String(store.fps)],
        [t('health.delay'), `${formatNumber(store.delayMs / 1000, 1)} s`],
        [t('health.faults'), String(store.faults)],
        ...pace,
      ]} />
    </main>
  );
}
