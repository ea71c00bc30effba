import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LiveEngine } from '../live/engine.ts';
import type { LiveStore } from '../live/live_store.ts';
import type { StayWatch } from '../live/stay_watch.ts';
import type { NumericPainter } from './numeric_painter.ts';
import type { Actions } from './actions.ts';

export interface Bedside {
  readonly store: LiveStore;
  readonly engine: LiveEngine;
  readonly painter: NumericPainter;
  readonly actions: Actions;
  readonly stays: StayWatch;
}

export const BedsideContext = createContext<Bedside | null>(null);

export function useBedside(): Bedside {
  const bedside = useContext(BedsideContext);
  if (bedside === null) throw new Error('no page around this part');
  return bedside;
}
