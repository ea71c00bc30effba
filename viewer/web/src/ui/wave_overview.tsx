import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { TimeScale } from '../base/time_scale.ts';
import { useCell } from '../base/cell.ts';
import { signalColour } from '../catalog/palette.ts';
import { rangeOf } from '../exact/wave_range.ts';
import { waveColumns } from '../exact/wave_columns.ts';
import { DAY, NIGHT, paintGround, paintTrace } from '../exact/wave_paint.ts';
import { HALF_WINDOW_MS } from '../exact/wave_view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { night } from './settings.ts';
import type { WaveFrame } from './wave_lane.tsx';

/** The minute around the instant, and which part of it is above; a touch shows another. Keys and buttons do the same. */
export function WaveOverview({ signal, frame }: { readonly signal: SignalDescription; readonly frame: WaveFrame }): JSX.Element {
  const { view, exact, ratio, now } = frame;
  const ground = useRef<HTMLCanvasElement>(null);
  const trace = useRef<HTMLCanvasElement>(null);
  const scale = useCell(view.scale);
  const centre = useCell(view.centre);
  const dark = useCell(night);
  const start = centre - HALF_WINDOW_MS;
  const share = (time: number): number => Math.min(100, Math.max(0, ((time - start) / (2 * HALF_WINDOW_MS)) * 100));

  useEffect(() => {
    const paint = (): void => {
      const [width, height] = [Math.round((trace.current?.clientWidth ?? 0) * ratio), Math.round((trace.current?.clientHeight ?? 0) * ratio)];
      if (width <= 0 || height <= 0) return;
      for (const canvas of [ground.current, trace.current]) if (canvas !== null && (canvas.width !== width || canvas.height !== height)) [canvas.width, canvas.height] = [width, height];
      const [behind, front] = [ground.current?.getContext('2d'), trace.current?.getContext('2d')];
      if (behind == null || front == null) return;
      const whole = TimeScale.over(start, start + 2 * HALF_WINDOW_MS, width);
      const pieces = exact.pieces(signal.number, whole.start, whole.end);
      const columns = waveColumns({ pieces, scale: whole, now: now(), loaded: (time) => exact.isLoaded(signal.number, time) });
      const { low, high } = rangeOf({ ...signal, group: '' }, pieces, 1, 10);
      const inks = dark ? NIGHT : DAY;
      const range = { low, high, perMm: null };
      paintGround({ context: behind, width, height, scale: whole, range, msPerMm: 1000, pxPerMm: 1, ratio, inks, columns, causeAt: () => '' });
      paintTrace({ context: front, width, height, scale: whole, range, ratio, colour: signalColour(signal.colour, signal.group, dark), inks, columns: Object.assign(columns, { breaks: [] }), pieces });
    };
    return frame.onPaint(paint);
  }, [signal, frame, start, dark]);

  const go = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    view.show(start + ((event.clientX - box.left) / box.width) * 2 * HALF_WINDOW_MS, now());
  };
  return (
    <div class="wave-overview" aria-hidden="true" onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); go(event); }} onPointerMove={(event) => { if (event.buttons !== 0) go(event); }}>
      <canvas ref={ground} /><canvas ref={trace} />
      <span class="wave-window" style={{ left: `${share(scale.start)}%`, width: `${share(scale.end) - share(scale.start)}%` }} />
    </div>
  );
}
