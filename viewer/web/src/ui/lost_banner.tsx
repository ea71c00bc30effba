import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { formatDuration, language, t } from '../i18n/i18n.ts';
import type { BedView } from '../live/bed_view.ts';
import type { LiveStore } from '../live/live_store.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { route } from './route.ts';

/** True when no wave of the bed is live any more: then one large banner speaks for all. */
function allWavesLost(store: LiveStore): boolean {
  const { lanes } = store.plan.value;
  const { devices } = store.bed.value;
  return lanes.length > 0 && store.link.value.mode === 'open' && devices.length > 0 && devices.every((one) => one.state === 'lost') && lanes.every(({ wave }) => store.stateOfLane(wave) === 'lost');
}

/** Over the waves when nothing is live: what is missing, since when, and where to look. Neutral colours only. */
export function LostBanner(): JSX.Element | null {
  const { store } = useBedside();
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  const session = useCell(store.session);
  useCell(store.tick);
  if (link.state !== 'lost' && !allWavesLost(store)) {
    return link.mode === 'polling' ? <div class="banner banner-thin" role="status">{t('lost.waves')} – {t('link.polling')}</div> : null;
  }
  const reference = Math.max(0, ...bed.devices.map((one) => one.last ?? 0)) || (link.lastFrame ?? 0);
  const age = store.ageOf(reference > 0 ? reference : null);
  const ward = wardClockOf(session);
  const last = age === null ? t('lost.never') : t('lost.last', { time: ward.stamp(reference, store.now() ?? reference) });
  const who = link.state === 'lost' ? '' : bed.devices.map(shownName).join(' · ');
  return (
    <div class="banner" data-banner="lost">
      <span class="sr" role="alert">{[t('lost.title'), who, last, t('lost.look')].filter(Boolean).join(' – ')}</span>
      <strong aria-hidden="true">{t('lost.title')}</strong>
      {who !== '' && <span aria-hidden="true">{who}</span>}
      <span aria-hidden="true">{age === null ? last : `${t('lost.since', { age: formatDuration(age) })} – ${last}`}</span>
      <span class="banner-look" aria-hidden="true">{t('lost.look')}</span>
    </div>
  );
}

/**
 * One line for each device that fell silent while others go on, on every screen; where no banner stands over the waves, one for the box itself when it is not
 * heard. It takes its own room above the values, so it covers none; its growing age is for the eyes, a screen reader hears once what happened.
 */
export function LostDevices(): JSX.Element | null {
  const { store } = useBedside();
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  const session = useCell(store.session);
  const { screen } = useCell(route);
  useCell(language);
  useCell(store.tick);
  const isLost = link.state === 'lost';
  // Behind a link that is late nobody knows which device fell silent: the lines stay as they are until the link is live again, or lost itself.
  const silent = useRef<BedView['devices']>([]);
  if (link.state === 'live') silent.current = bed.devices.filter((one) => one.state === 'lost');
  const devices = silent.current.map((one) => ({ key: one.device, name: shownName(one), last: one.last, look: t(one.monitor ? 'lost.look' : 'lost.lookDevice') }));
  const lost = isLost ? [{ key: '', name: '', last: link.lastFrame, look: t('lost.look') }] : devices;
  if (lost.length === 0 || (screen === 'live' && (isLost || allWavesLost(store)))) return null;
  const ward = wardClockOf(session);
  const now = store.now();
  return (
    <section class="lost-devices" aria-label={t('lost.title')}>
      {lost.map((one) => {
        const last = one.last === null ? t('lost.never') : t('lost.last', { time: ward.stamp(one.last, now ?? one.last) });
        const age = store.ageOf(one.last);
        return (
          <div key={one.key} class="lost-device" data-banner="lost" data-lost-device={one.key}>
            <span class="sr" role="alert">{[one.name, t('lost.title'), last, one.look].filter(Boolean).join(' – ')}</span>
            {one.name !== '' && <strong aria-hidden="true">{one.name}</strong>}
            <strong aria-hidden="true">{t('lost.title')}</strong>
            <span aria-hidden="true">{age === null ? last : `${t('lost.since', { age: formatDuration(age) })} · ${last}`}</span>
            <strong class="lost-look" aria-hidden="true">{one.look}</strong>
          </div>
        );
      })}
    </section>
  );
}
