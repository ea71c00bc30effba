import type { Actions } from './actions.ts';
import { go, route } from './route.ts';
import { toggleLanguage, toggleNight } from './settings.ts';

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
