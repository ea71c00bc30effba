import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { language, t } from '../i18n/i18n.ts';
import type { Priority } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';

const STARS: { readonly [priority in Priority]: string } = { high: '***', medium: '**', low: '*', none: '' };
const SHOWN = 3;

/** Whether a monitor's text says its priority itself; it is shown as it is, and not said twice. */
export const isMarked = (text: string): boolean => /^[*!]/.test(text);

/** What the monitor says it alarms about, in its own words: steady, silent, nothing to acknowledge here. */
export function AlarmStrip(): JSX.Element {
  const { store } = useBedside();
  const alerts = useCell(store.alerts);
  const link = useCell(store.link);
  const session = useCell(store.session);
  useCell(language);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  const bed = useCell(store.bed);
  const silent = bed.devices.filter((one) => one.state === 'lost');
  const told = useCell(store.alertsKnown);
  const known = link.state !== 'lost' && link.mode !== 'polling' && told;
  return (
    <section class="alarms" aria-label={t('alarms.title')} data-state={link.state}>
      <span class="alarms-title">{t('alarms.title')}</span>
      {!known && <span class="alarms-none">{t('alarms.unknown')}</span>}
      {known && silent.length > 0 && <strong class="alarms-none">{t('alarms.silent', { device: silent.map(shownName).join(', ') })}</strong>}
      {known && silent.length === 0 && alerts.length === 0 && <span class="alarms-none">{t('alarms.none')}</span>}
      {known && alerts.slice(0, SHOWN).map((alert) => (
        <span key={alert.key} class="alarm" data-priority={alert.priority} data-alert>
          {!isMarked(alert.text) && <b>{STARS[alert.priority]}</b>} {alert.text}
          <small>{alert.technical ? `${t('alarms.technical')} · ` : ''}{ward.stamp(alert.since, now)}</small>
        </span>
      ))}
      {known && alerts.length > SHOWN && <span class="alarms-none">{t('alarms.more', { n: alerts.length - SHOWN })}</span>}
      <span class="alarms-sound">{t('alarms.sound')}</span>
    </section>
  );
}
