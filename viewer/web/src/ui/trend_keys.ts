import type { TrendView } from '../trend/view.ts';
import { isCommand } from './keyboard.ts';

const STEP = 0.1;
const BIG_STEP = 0.5;
const ZOOM = 1.5;

/** Keys for moving in time. */
export function listenToTrendKeys(view: TrendView, now: () => number): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (!isCommand(event)) return;
    const width = view.scale.value.widthPx;
    const step = width * (event.shiftKey ? BIG_STEP : STEP);
    switch (event.key) {
      case 'ArrowLeft': view.pan(-step, now()); break;
      case 'ArrowRight': view.pan(step, now()); break;
      case '+': case '=': view.zoom(1 / ZOOM, width / 2, now()); break;
      case '-': view.zoom(ZOOM, width / 2, now()); break;
      case 'Home': view.toStart(); break;
      case 'End': view.follow(now()); break;
      case 'a': case 'A': case 'b': case 'B': {
        const name = event.key.toLowerCase() === 'a' ? 'a' : 'b';
        view.placing.set(name);
        view.focusNext = name;
        view.place(width / 2);
        break;
      }
      default: return;
    }
    event.preventDefault();
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}
