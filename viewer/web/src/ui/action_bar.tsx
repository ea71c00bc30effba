import type { ComponentChildren, JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { formatNumber, language, t } from '../i18n/i18n.ts';
import { base } from '../live/http.ts';
import { standing } from '../live/person.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { deviceStateNow, deviceStateWord } from './device_state.ts';
import { Icon, type IconName } from './icon.tsx';
import { lazy } from './lazy.tsx';
import { go, route } from './route.ts';
import { nextTextSize, night, textSize, toggleLanguage, toggleNight, type TextSize } from './settings.ts';

const CleanBar = lazy(async () => (await import('../kiosk/clean_bar.tsx')).CleanBar, { part: 'afterwards' });

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

function Footnotes(): JSX.Element {
  const { store } = useBedside();
  const devices = useCell(store.devices);
  const link = useCell(store.link);
  const bed = useCell(store.bed);
  useCell(store.tick);
  return (
    <div class="footnotes">
      {devices.map((device) => {
        const state = deviceStateNow(device, link, bed);
        return (
          <span key={device.device} class="footnote" data-device={device.device} data-device-state={state} data-experimental={device.experimental || undefined}>
            <i aria-hidden="true" />{shownName({ name: device.model || device.manufacturer || device.device, experimental: device.experimental })} <b>{state === 'receiving' ? t('live.device.receiving') : deviceStateWord(state)}</b>
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
  const marking = useCell(actions.marking);
  const dark = useCell(night);
  const size = useCell(textSize);
  const table = useCell(actions.table);
  const keys = useCell(actions.keys);
  const cleaning = useCell(actions.cleaning);
  const who = useCell(standing);
  const { screen } = useCell(route);
  useCell(language);
  return (
    <footer class="actions">
      {cleaning ? <CleanBar /> : (
        <>
          {screen === 'live' && <Button icon={frozen === null ? 'pause' : 'play'} label={t(frozen === null ? 'action.freeze' : 'action.release')} pressed={frozen !== null} onClick={() => actions.toggleFreeze()} />}
          {frozen !== null && <Button icon="left" compact label={t('action.back')} onClick={() => actions.shiftFrozen(1)} />}
          {frozen !== null && <Button icon="right" compact label={t('action.forward')} onClick={() => actions.shiftFrozen(-1)} />}
          {base === '' && <Button icon="flag" label={t('action.mark')} pressed={marking !== null} onClick={() => actions.beginMark()} />}
          {who !== 'open' && <Button icon="person" compact label={t(`action.${who}`)} onClick={() => go('people')}>{who === 'emergency' || who === 'blank' ? <b>{t(`action.${who}`)}</b> : null}</Button>}
          <Button icon={dark ? 'sun' : 'moon'} label={t(dark ? 'action.day' : 'action.night')} onClick={toggleNight} />
          <Button label={`${t('action.size')} ${SIZES[size]}`} compact onClick={nextTextSize}><span class="button-text">{SIZES[size]}</span></Button>
          <LanguageButton />
          {(screen === 'live' || screen === 'trends' || screen === 'waves') && <Button icon="table" compact label={t('action.table')} pressed={table} onClick={() => actions.table.set(!table)} />}
          <Button icon="keys" compact label={t('action.keys')} pressed={keys} onClick={() => actions.keys.set(!keys)} />
          <Button icon="wipe" compact label={t('action.clean')} onClick={() => actions.beginCleaning()} />
          <Footnotes />
        </>
      )}
    </footer>
  );
}
