import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { toIso, utcMs } from '../base/time.ts';
import { getJson } from '../live/http.ts';
import { readMarks, type HeldMark } from '../marks/context.ts';
import { mw } from '../i18n/mark_words.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { LaneMarks } from './lane_marks.tsx';
import { markerOf, useContextOfBed } from './mark_bar.tsx';
import type { WaveFrame } from './wave_lane.tsx';

const REACH_MS = 60_000;
const RENEW_MS = 10_000;

/** Marks and notices that say something of the minutes around what is shown, asked again every ten seconds. */
export function useMarksAround(frame: WaveFrame, signals: readonly SignalDescription[]): readonly HeldMark[] {
  const { store } = useBedside();
  const centre = useCell(frame.view.centre);
  const [marks, setMarks] = useState<readonly HeldMark[]>([]);
  useContextOfBed();
  const minute = Math.floor(centre / REACH_MS) * REACH_MS;
  useEffect(() => {
    let going = true;
    const ask = async (): Promise<void> => {
      const answer = await getJson(`/api/v1/annotations?from=${toIso(utcMs(minute - REACH_MS))}&to=${toIso(utcMs(minute + 2 * REACH_MS))}`);
      if (going && Array.isArray(answer)) setMarks(readMarks(answer));
    };
    void ask();
    const timer = setInterval(() => void ask(), RENEW_MS);
    const stop = markerOf(store).stored.watch(() => void ask());
    return () => {
      going = false;
      clearInterval(timer);
      stop();
    };
  }, [store, minute]);
  const shown = new Set(signals.map((signal) => signal.number));
  return marks.filter((mark) => mark.concerns.length === 0 || mark.concerns.some((number) => shown.has(number)));
}

/** Flags over the waves: what was so then, of the bed and of the signals shown. */
export function WaveMarks({ marks, frame }: { readonly marks: readonly HeldMark[]; readonly frame: WaveFrame }): JSX.Element {
  const scale = useCell(frame.view.scale);
  return <div class="trend-axis"><div class="wave-marks" role="group" aria-label={mw('marks')} data-wave-marks={marks.length}><LaneMarks marks={marks} scale={scale} ratio={frame.ratio} now={frame.now()} /></div></div>;
}
