import type { ComponentChildren, JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { base } from '../live/http.ts';
import { WardClock } from '../base/local_time.ts';
import { formatNumber, language, t, type Key } from '../i18n/i18n.ts';
import { MARK_KINDS, type Mark } from './actions.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { Icon, type IconName } from './icon.tsx';
import { route } from './route.ts';
import { nextTextSize, night, textSize, toggleLanguage, toggleNight, type TextSize } from './settings.ts';

const SIZES: { readonly [size in TextSize]: string } = { 1: 'A', 2: 'A+', 3: 'A++' };

interface ButtonProps {
  readonly icon?: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly compact?: boolean;
  readonly children?: ComponentChildren;
}

export function Button({ icon, label, onClick, pressed, compact, children }: ButtonProps): JSX.Element {
  return (
    <button type="button" class={compact === true ? 'button button-compact' : 'button'} onClick={onClick} aria-pressed={pressed} aria-label={label} title={label}>
      {icon !== undefined && <Icon name={icon} />}
      {children ?? (compact === true ? null : <span class="button-text">{label}</span>)}
    </button>
  );
}

/** Its name is what can be read on it: the language whole, or where room is short two letters and then the language. */
function LanguageButton(): JSX.Element {
  const other = t('action.language') === 'English' ? 'en' : 'fr';
  return (
    <button type="button" class="button button-compact" onClick={toggleLanguage} lang={other}>
      <span class="button-text button-wide">{t('action.language')}</span>
      <span class="button-narrow">{other.toUpperCase()}<span class="sr"> {t('action.language')}</span></span>
    </button>
  );
}

function MarkBar({ mark }: { readonly mark: Mark }): JSX.Element | null {
  const { actions, store } = useBedside();
  const session = useCell(store.session);
  const ward = new WardClock(session?.timeZone ?? 'UTC');
  switch (mark.step) {
    case 'choose':
      return (
        <div class="mark" role="group" aria-label={t('mark.title', { time: ward.time(mark.time) })}>
          <span class="mark-title">{t('mark.title', { time: ward.time(mark.time) })}</span>
          {MARK_KINDS.map((kind) => <button key={kind} type="button" class="button" data-mark={kind} onClick={() => void actions.saveMark(kind)}>{t(`mark.${kind}`)}</button>)}
          <Button icon="close" compact label={t('action.close')} onClick={() => actions.beginMark()} />
        </div>
      );
    case 'saving': return <div class="mark" role="status"><span>{t('mark.saving')}</span></div>;
    case 'saved':
      return (
        <div class="mark" role="status">
          <span>{t('mark.saved', { what: t(`mark.${mark.kind}`), time: ward.time(mark.time) })}</span>
          <Button label={t('mark.undo')} onClick={() => void actions.undoMark()} />
        </div>
      );
    case 'failed': return <div class="mark" role="alert"><span>{t('mark.failed')}</span></div>;
    case 'undone': return <div class="mark" role="status"><span>{t('mark.undone')}</span></div>;
    case 'none': return null;
  }
}

function Footnotes(): JSX.Element {
  const { store } = useBedside();
  const devices = useCell(store.devices);
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  useCell(store.tick);
  // Without a link nobody knows what a device is doing.
  const known = link.state === 'live' && link.mode === 'open';
  return (
    <div class="footnotes">
      {devices.map((device) => {
        const judged = bed.devices.find((one) => one.device === device.device)?.state ?? 'live';
        // The box says it within a second or two; what the screen itself sees counts before that.
        const state = !known ? 'unknown' : device.state === 'receiving' && judged !== 'live' ? judged : device.state;
        return (
          <span key={device.device} class="footnote" data-device={device.device} data-device-state={state} data-experimental={device.experimental || undefined}>
            <i aria-hidden="true" />{shownName({ name: device.model || device.manufacturer || device.device, experimental: device.experimental })} <b>{state === 'unknown' ? '---' : state === 'receiving' ? t('live.device.receiving') : t((state === 'late' || state === 'lost' ? `state.${state}` : `health.state.${state}`) as Key)}</b>
          </span>
        );
      })}
      <span class="footnote" data-delay>{t('live.delay', { s: formatNumber(store.delayMs / 1000, 1) })}</span>
    </div>
  );
}

export function ActionBar(): JSX.Element {
  const { actions } = useBedside();
  const frozen = useCell(actions.frozen);
  const mark = useCell(actions.mark);
  const dark = useCell(night);
  const size = useCell(textSize);
  const table = useCell(actions.table);
  const keys = useCell(actions.keys);
  const { screen } = useCell(route);
  useCell(language);
  return (
    <footer class="actions">
      {mark.step === 'none' ? (
        <>
          {screen === 'live' && <Button icon={frozen === null ? 'pause' : 'play'} label={t(frozen === null ? 'action.freeze' : 'action.release')} pressed={frozen !== null} onClick={() => actions.toggleFreeze()} />}
          {frozen !== null && <Button icon="left" compact label={t('action.back')} onClick={() => actions.shiftFrozen(1)} />}
          {frozen !== null && <Button icon="right" compact label={t('action.forward')} onClick={() => actions.shiftFrozen(-1)} />}
          {base === '' && <>
            <Button icon="flag" label={t('action.mark')} onClick={() => actions.beginMark()} />
            <a class="button button-compact" href="#/ward" aria-label={t('nav.ward')} title={t('nav.ward')} aria-current={screen === 'ward' ? 'page' : undefined} data-ward-link><Icon name="beds" /></a>
            <a class="button button-compact" href="#/events" aria-label={t('action.events')} title={t('action.events')} aria-current={screen === 'events' ? 'page' : undefined} data-events-link><Icon name="events" /></a>
          </>}
          <Button icon={dark ? 'sun' : 'moon'} label={t(dark ? 'action.day' : 'action.night')} onClick={toggleNight} />
          <Button label={`${t('action.size')} ${SIZES[size]}`} compact onClick={nextTextSize}><span class="button-text">{SIZES[size]}</span></Button>
          <LanguageButton />
          {(screen === 'live' || screen === 'trends' || screen === 'waves') && <Button icon="table" compact label={t('action.table')} pressed={table} onClick={() => actions.table.set(!table)} />}
          <Button icon="keys" compact label={t('action.keys')} pressed={keys} onClick={() => actions.keys.set(!keys)} />
          <Footnotes />
        </>
      ) : <MarkBar mark={mark} />}
    </footer>
  );
}
