import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { formatAge, formatDuration, language, t } from '../i18n/i18n.ts';
import type { BedView } from '../live/bed_view.ts';
import type { LinkView } from '../live/live_store.ts';
import { LIVE_MS, worst } from '../live/freshness.ts';
import { useBedside } from './context.ts';
import { Icon } from './icon.tsx';
import { currentOf, NAVIGATION } from './navigation.ts';
import { setData, setText } from './numeric_painter.ts';
import { route } from './route.ts';
import { BedName } from './stay_label.tsx';

/** A station clock that is further off than this is told; it does not matter for any age. */
const STATION_CLOCK_MS = 60_000;

/** The worst of link and devices: « live » is said only when everything is. */
function linkText(link: LinkView, bed: BedView, ageOf: (time: number | null) => number | null): string {
  if (link.lastFrame === null || link.ageS === null) return t(link.mode === 'connecting' ? 'link.connecting' : 'link.never');
  const ageMs = link.ageS * 1000;
  if (link.state === 'lost') return t('link.lost', { age: formatDuration(ageMs) });
  if (link.state === 'late') return t('link.late', { age: formatAge(ageMs) });
  if (link.mode === 'polling') return t('link.polling');
  if (bed.state === 'lost') return t(bed.devices.every((one) => one.state === 'lost') ? 'link.none' : 'link.partial');
  if (bed.state === 'live') return t('link.live');
  const ages = bed.devices.map((one) => (one.state === 'late' ? (ageOf(one.last) ?? 0) : 0));
  // A device that is just being found again may have fresh data for a moment: late, but with no age worth saying.
  const age = Math.max(...ages);
  return age < LIVE_MS ? t('link.reconnecting') : t('link.late', { age: formatAge(age) });
}

function LinkState(): JSX.Element {
  const { store } = useBedside();
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  useCell(store.tick);
  const state = worst(link.state, bed.state);
  // Style sheets take the colour from whatever the box told, on every screen.
  useEffect(() => setData(document.documentElement, 'link', link.state), [link.state]);
  // Only a change of state is read out, not every second of its age.
  return (
    <div class="link" data-link={link.state} data-bed={state} data-mode={link.mode}>
      <span class="link-dot" aria-hidden="true" />
      <span aria-hidden="true">{linkText(link, bed, (time) => store.ageOf(time))}</span>
      <span class="sr" role="status">{t(`state.${state}`)}</span>
    </div>
  );
}

function Clock(): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const time = useRef<HTMLSpanElement>(null);
  const date = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const ward = wardClockOf(session);
    const show = (): void => {
      const now = store.now();
      if (time.current === null || date.current === null) return;
      setText(time.current, now === null ? '--:--:--' : ward.time(now));
      const off = now === null ? 0 : Date.now() - now;
      const wrong = Math.abs(off) > STATION_CLOCK_MS;
      const offset = `${off > 0 ? '+' : '−'}${formatAge(Math.abs(off))}`;
      setText(date.current, now === null ? '' : wrong ? t('clock.station', { offset }) : `${ward.date(now)} ${ward.zoneLabel(now)}`);
    };
    show();
    return store.tick.watch(show);
  }, [session]);
  return <div class="clock"><span class="clock-time" ref={time} data-clock /><span class="clock-date" ref={date} /></div>;
}

export function Header(): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const current = useCell(route).screen;
  const demo = useCell(store.demo);
  const experimental = useCell(store.devices).filter((one) => one.experimental);
  useCell(language);
  const bed = session?.bed ?? '';
  return (
    <header class="header">
      <BedName name={/^\d+\w?$/.test(bed) ? t('app.bed', { bed }) : bed || session?.box || 'Bedside'} />
      <nav class="nav" aria-label={t('app.nav')}>
        {NAVIGATION.map((entry) => (
          <a key={entry.screen} href={`#/${entry.screen}`} class="nav-item" data-nav={entry.screen} aria-current={currentOf(entry, current)}><Icon name={entry.icon} /><span>{t(entry.key)}</span></a>
        ))}
      </nav>
      <div class="badge" data-view-only>{t('app.viewOnly')}</div>
      {experimental.length > 0 && <div class="badge badge-experimental" data-experimental title={t('device.experimentalWhy')}>{experimental.length > 1 ? t('app.experimentalMany', { n: experimental.length }) : t('app.experimental', { device: experimental[0]?.model || experimental[0]?.manufacturer || '' })}</div>}
      {demo && <div class="badge badge-demo">{t('app.demo')}</div>}
      <LinkState />
      <Clock />
    </header>
  );
}
