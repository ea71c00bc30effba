import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { base } from '../live/http.ts';
import { language, t } from '../i18n/i18n.ts';
import { ActionBar } from './action_bar.tsx';
import { AlarmStrip } from './alarm_strip.tsx';
import { Header } from './header.tsx';
import { LivePage } from './live_page.tsx';
import { LostDevices } from './lost_banner.tsx';
import { lazy } from './lazy.tsx';
import { route } from './route.ts';

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
const HelpPage = lazy(async () => (await import('./help_page.tsx')).HelpPage, { screen: 'help' });

export function App(): JSX.Element {
  const { screen } = useCell(route);
  useCell(language);
  return (
    <>
      <a class="skip" href="#values" onClick={(event) => { event.preventDefault(); document.getElementById('values')?.focus(); }}>{t('app.skip')}</a>
      {base !== '' && <OtherBed />}
      <Header />
      <AlarmStrip />
      <LostDevices />
      {screen === 'live' && <LivePage />}
      {screen === 'trends' && <TrendsPage />}
      {screen === 'health' && <HealthPage />}
      {screen === 'setup' && <SetupPage />}
      {screen === 'help' && <HelpPage />}
      {screen === 'patient' && <PatientPage />}
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
