import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { language, t, type Key } from '../i18n/i18n.ts';
import type { Actions } from './actions.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { go, route } from './route.ts';
import { toggleLanguage, toggleNight } from './settings.ts';

const MAP: readonly (readonly [string, Key])[] = [
  ['1 2 3 4 5 6 7', 'keys.screens'], ['F', 'keys.freeze'], ['M', 'keys.mark'], ['T', 'keys.table'], ['N', 'keys.night'], ['L', 'keys.language'],
  ['← →', 'keys.pan'], ['+ −', 'keys.zoom'], ['⇱ ⇲', 'keys.ends'], ['?', 'keys.help'], ['Esc', 'keys.escape'],
];

/** Keys that mean the same on every screen; the trend page adds its own for moving in time. */
export function listenToKeys(actions: Actions): void {
  window.addEventListener('keydown', (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    switch (event.key.toLowerCase()) {
      case '1': go('live'); break;
      case '2': go('trends'); break;
      case '3': go('health'); break;
      case '4': go('setup'); break;
      case '5': go('patient'); break;
      case '6': go('events'); break;
      case '7': go('sheet'); break;
      case 'f':
        if (route.value.screen === 'live') actions.toggleFreeze();
        break;
      case 'm': actions.beginMark(); break;
      case 't': actions.table.set(!actions.table.value); break;
      case 'n': toggleNight(); break;
      case 'l': toggleLanguage(); break;
      case '?': actions.keys.set(!actions.keys.value); break;
      case 'escape': actions.close(); break;
      default: return;
    }
    event.preventDefault();
  });
}

/** The list of keys; it makes room for itself above the bar and covers no live value. */
export function KeyList(): JSX.Element | null {
  const { actions } = useBedside();
  useCell(language);
  if (!useCell(actions.keys)) return null;
  return (
    <aside class="keys" aria-label={t('keys.title')}>
      <dl>{MAP.map(([key, meaning]) => <div key={meaning}><dt><kbd>{key === '⇱ ⇲' ? (language.value === 'fr' ? 'Début Fin' : 'Home End') : key}</kbd></dt><dd>{t(meaning)}</dd></div>)}</dl>
      <Button icon="close" compact label={t('action.close')} onClick={() => actions.keys.set(false)} />
    </aside>
  );
}
