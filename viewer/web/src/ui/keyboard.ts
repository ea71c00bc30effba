import type { Actions } from './actions.ts';
import { screenOfKey } from './navigation.ts';
import { go, route } from './route.ts';
import { hotkeys, toggleLanguage, toggleNight } from './settings.ts';

const TEXT_FIELDS = 'input, textarea, select';

/** Whether a key press is meant as a command of the page: not while something is typed, not with a modifier, not when a person switched single keys off. */
export function isCommand(event: KeyboardEvent): boolean {
  return hotkeys.value && !event.ctrlKey && !event.altKey && !event.metaKey && !(event.target instanceof Element && event.target.closest(TEXT_FIELDS) !== null);
}

/** Keys that mean the same on every screen; pages that move in time add their own. Escape closes what is open even when single keys are off. */
export function listenToKeys(actions: Actions): void {
  window.addEventListener('keydown', (event: KeyboardEvent) => {
    if (event.key === 'Escape') actions.close();
    if (!isCommand(event)) return;
    const screen = screenOfKey(Number(event.key));
    if (screen !== undefined) go(screen);
    else {
      switch (event.key.toLowerCase()) {
        case 'f':
          if (route.value.screen !== 'live') return;
          actions.toggleFreeze();
          break;
        case 'm': actions.beginMark(); break;
        case 't': actions.table.set(!actions.table.value); break;
        case 'n': toggleNight(); break;
        case 'l': toggleLanguage(); break;
        case '?': actions.keys.set(!actions.keys.value); break;
        default: return;
      }
    }
    event.preventDefault();
  });
}
