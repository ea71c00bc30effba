import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { base } from '../live/http.ts';
import { standing } from '../live/person.ts';
import { language, t } from '../i18n/i18n.ts';
import { ActionBar } from './action_bar.tsx';
import { AlarmStrip } from './alarm_strip.tsx';
import { Header } from './header.tsx';
import { LivePage } from './live_page.tsx';
import { LostDevices } from './lost_banner.tsx';
import { lazy } from './lazy.tsx';
import { route, type Screen } from './route.ts';

const TrendsPage = lazy(async () => (await import('./trends_page.tsx')).TrendsPage, { screen: 'trends' });
const HealthPage = lazy(async () => (await import('./health_page.tsx')).HealthPage, { screen: 'health' });
const SetupPage = lazy(async () => (await import('./setup_page.tsx')).SetupPage, { screen: 'setup' });
const PatientPage = lazy(async () => (await import('./patient_page.tsx')).PatientPage, { screen: 'patient' });
const WavesPage = lazy(async () => (await import('./waves_page.tsx')).WavesPage, { screen: 'waves' });
const EventsPage = lazy(async () => (await import('./events_page.tsx')).EventsPage, { screen: 'events' });
const MorePage = lazy(async () => (await import('./more_page.tsx')).MorePage, { screen: 'more' });
const Notice = lazy(async () => (await import('../kiosk/notice.tsx')).Notice, { part: 'afterwards' });
const KeyList = lazy(async () => (await import('./key_list.tsx')).KeyList, { part: 'afterwards' });
const SheetPage = lazy(async () => (await import('./sheet_page.tsx')).SheetPage, { screen: 'sheet' });
const MarkBar = lazy(async () => (await import('./mark_bar.tsx')).MarkBar, { part: 'afterwards' });
const WardPage = lazy(async () => (await import('../ward/ward_page.tsx')).WardPage, { screen: 'ward' });
const OtherBed = lazy(async () => (await import('../ward/ward_page.tsx')).OtherBed, { part: 'now' });
const PeoplePage = lazy(async () => (await import('../people/people_page.tsx')).PeoplePage, { screen: 'people' });
const HelpPage = lazy(async () => (await import('./help_page.tsx')).HelpPage, { screen: 'help' });

/** What shows little, or nothing, while nobody is signed in. */
const NEEDS_PERSON: readonly Screen[] = ['trends', 'waves', 'events', 'sheet', 'ward', 'patient'];

export function App(): JSX.Element {
  const { screen } = useCell(route);
  const who = useCell(standing);
  useCell(language);
  return (
    <>
      <a class="skip" href="#values" onClick={(event) => { event.preventDefault(); document.getElementById('values')?.focus(); }}>{t('app.skip')}</a>
      {base !== '' && <OtherBed />}
      <Header />
      <AlarmStrip />
      <LostDevices />
      {(who === 'nobody' || who === 'resting') && NEEDS_PERSON.includes(screen) && <a class="needs-person" href="#/people">{t('app.needsPerson')}</a>}
      {screen === 'live' && <LivePage />}
      {screen === 'trends' && <TrendsPage />}
      {screen === 'health' && <HealthPage />}
      {screen === 'setup' && <SetupPage />}
      {screen === 'help' && <HelpPage />}
      {screen === 'patient' && <PatientPage />}
      {screen === 'people' && <PeoplePage />}
      {screen === 'waves' && <WavesPage />}
      {screen === 'events' && <EventsPage />}
      {screen === 'more' && <MorePage />}
      {screen === 'sheet' && <SheetPage />}
      <Notice />
      {screen === 'ward' && <WardPage />}
      <KeyList />
      <MarkBar />
      <ActionBar />
    </>
  );
}
