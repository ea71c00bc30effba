import type { WaveView } from '../exact/wave_view.ts';
import { HALF_WINDOW_MS } from '../exact/wave_view.ts';
import { isCommand } from './keyboard.ts';

const STEP = 0.1;
const BIG_STEP = 0.5;

/** Keys of the page of exact samples: those of the trends, and C for the callipers. */
export function listenToWaveKeys(view: WaveView, now: () => number, snap: (time: number) => number): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (!isCommand(event)) return;
    const step = view.scale.value.widthPx * (event.shiftKey ? BIG_STEP : STEP);
    switch (event.key) {
      case 'ArrowLeft': view.pan(-step, now()); break;
      case 'ArrowRight': view.pan(step, now()); break;
      case '+': case '=': view.stepSpeed(1, now()); break;
      case '-': view.stepSpeed(-1, now()); break;
      case 'Home': view.show(view.centre.value - HALF_WINDOW_MS, now()); break;
      case 'End': view.show(view.centre.value + HALF_WINDOW_MS, now()); break;
      case 'c': case 'C': view.toggleCallipers(snap); break;
      default: return;
    }
    event.preventDefault();
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}
