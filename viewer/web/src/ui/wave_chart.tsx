import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { sampleAt, stepFrom } from '../exact/pieces.ts';
import { HALF_WINDOW_MS, tickMs, type WaveView } from '../exact/wave_view.ts';
import { language } from '../i18n/i18n.ts';
import { ww } from '../i18n/wave_words.ts';
import { shownIn } from '../catalog/units.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import type { PaintList } from './paint_list.ts';
import { valueWords, WaveLane, type WaveFrame } from './wave_lane.tsx';
import { listenToWaveKeys } from './wave_keys.ts';

const LOOK_MS = 500;
const BIG_STEP = 10;
const SNAP_REACH_MS = 2_000;

/** 14:02:11,204 */
export function fineTime(ward: WardClock, time: number, decimals: number): string {
  const mark = language.value === 'fr' ? ',' : '.';
  const unit = 10 ** (3 - decimals);
  const whole = Math.floor(time / unit + 1e-6) * unit;
  const ms = ((whole % 1000) + 1000) % 1000;
  return decimals === 0 ? ward.time(whole) : `${ward.time(whole)}${mark}${String(Math.round(ms / unit)).padStart(decimals, '0')}`;
}

/** Samples of the first lane around an instant: what callipers stand on. */
export const around = (frame: WaveFrame, signal: SignalDescription, time: number): ReturnType<WaveFrame['exact']['pieces']> =>
  frame.exact.pieces(signal.number, time - SNAP_REACH_MS, time + SNAP_REACH_MS);

export const snapTo = (frame: WaveFrame, signal: SignalDescription, time: number): number => sampleAt(around(frame, signal, time), time)?.time ?? time;

interface HandleProps {
  readonly which: 'one' | 'two';
  readonly signal: SignalDescription;
  readonly frame: WaveFrame;
}

/** One leg of the callipers: a line, a handle for the finger, arrow keys by the sample. */
function Handle({ which, signal, frame }: HandleProps): JSX.Element | null {
  const { view, ratio, ward } = frame;
  const scale = useCell(view.scale);
  const callipers = useCell(view.callipers);
  const units = useCell(useBedside().store.session)?.units;
  useCell(frame.exact.arrived);
  const time = callipers[which];
  const dragging = useRef(false);
  const x = scale.px(time) / ratio;
  const sample = sampleAt(around(frame, signal, time), time);
  const move = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const plot = event.currentTarget.closest('.trend-plot');
    if (!dragging.current || plot === null) return;
    event.stopPropagation();
    view.move(which, snapTo(frame, signal, scale.time((event.clientX - plot.getBoundingClientRect().left) * ratio)));
  };
  const key = (event: KeyboardEvent): void => {
    const steps = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (steps === 0) return;
    event.preventDefault();
    event.stopPropagation();
    view.move(which, stepFrom(around(frame, signal, time), time, steps * (event.shiftKey ? BIG_STEP : 1)));
  };
  return (
    <div class="calliper" style={{ left: `${x}px` }} hidden={x < 0 || x > scale.widthPx / ratio}>
      <div
        class="calliper-grip" role="slider" tabIndex={0} aria-label={ww(which)} aria-orientation="horizontal" data-calliper={which} data-time={time}
        aria-valuenow={Math.round(time - view.at)} aria-valuetext={ww('at', { n: which === 'one' ? 1 : 2, time: fineTime(ward, time, 3), value: valueWords(sample, shownIn(signal, units)) })}
        onPointerDown={(event) => { event.stopPropagation(); dragging.current = true; event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={move}
        onPointerUp={(event) => { event.stopPropagation(); dragging.current = false; }}
        onPointerCancel={() => { dragging.current = false; }}
        onKeyDown={key}
      >{which === 'one' ? 1 : 2}</div>
    </div>
  );
}

function AtLine({ view, ratio }: { readonly view: WaveView; readonly ratio: number }): JSX.Element | null {
  const scale = useCell(view.scale);
  const { on } = useCell(view.callipers);
  if (on || view.at < scale.start || view.at > scale.end) return null;
  return <div class="cursor cursor-b" style={{ left: `${scale.px(view.at) / ratio}px` }}><i>A</i></div>;
}

function Axis({ frame }: { readonly frame: WaveFrame }): JSX.Element {
  const { view, ward, ratio } = frame;
  const scale = useCell(view.scale);
  useCell(language);
  const step = tickMs(scale, ratio);
  const ticks: number[] = [];
  for (let k = Math.ceil(scale.start / step); k * step < scale.end; k++) ticks.push(k * step);
  const width = scale.widthPx / ratio;
  return (
    <div class="trend-times">
      {ticks.filter((tick) => scale.px(tick) / ratio > 40 && scale.px(tick) / ratio < width - 40).map((tick) => <span key={tick} class="trend-tick" style={{ left: `${scale.px(tick) / ratio}px` }}>{fineTime(ward, tick, step >= 1000 ? 0 : step >= 100 ? 1 : 2)}</span>)}
    </div>
  );
}

interface Props {
  readonly signals: readonly SignalDescription[];
  readonly frame: WaveFrame;
  readonly paints: PaintList;
  /** Called twice a second. */
  readonly looked: () => void;
}

/** Lanes of exact samples over one axis of time, in step to the pixel. */
export function WaveChart({ signals, frame, paints, looked }: Props): JSX.Element {
  const plot = useRef<HTMLDivElement>(null);
  const { view, exact, ratio, now } = frame;
  const { on } = useCell(view.callipers);
  const first = signals[0];

  useEffect(() => {
    const stops = [view.scale, view.callipers, view.gain, view.centre, exact.arrived, exact.gaps].map((cell) => (cell as { watch: (w: () => void) => () => void }).watch(paints.ask));
    const timer = setInterval(() => {
      // Keeps the minute around at hand, and what still grows up to date.
      for (const signal of signals) exact.pieces(signal.number, view.centre.value - HALF_WINDOW_MS, view.centre.value + HALF_WINDOW_MS);
      exact.askGaps(view.centre.value - HALF_WINDOW_MS, Math.min(now(), view.centre.value + HALF_WINDOW_MS));
      looked();
      paints.ask();
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [view, exact, paints, signals, looked]);

  useEffect(() => {
    const element = plot.current;
    if (element === null) return undefined;
    const measure = (): void => {
      view.resize(Math.round(element.clientWidth * ratio));
      paints.ask();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const snapped = { pan: view.pan.bind(view), zoom: view.zoom.bind(view), place: (px: number) => { view.place(px); if (first !== undefined) snapBoth(frame, first); } };
    const stopGestures = listenToGestures(element, snapped, ratio, now, paints.ask);
    return () => {
      observer.disconnect();
      stopGestures();
    };
  }, [view, ratio, paints, first]);

  // With the chart, not after its first picture: a key that follows the one that led here is heard.
  useLayoutEffect(() => listenToWaveKeys(view, now, (time) => (first === undefined ? time : snapTo(frame, first, time))), [view, first]);

  return (
    <>
      <div class="trend-lanes wave-lanes" style={{ gridTemplateRows: signals.map((signal) => (signal.group === 'ecg' ? 'minmax(7rem, 1.7fr)' : 'minmax(4rem, 1fr)')).join(' ') }}>
        {signals.map((signal) => <WaveLane key={signal.number} signal={signal} frame={frame} />)}
        {signals.length === 0 && <div class="empty"><strong>{ww('empty')}</strong><span>{ww('emptyHint')}</span></div>}
        <div class="trend-plot" ref={plot} data-wave-plot>
          <AtLine view={view} ratio={ratio} />
          {on && first !== undefined && <><Handle which="one" signal={first} frame={frame} /><Handle which="two" signal={first} frame={frame} /></>}
        </div>
      </div>
      <div class="trend-axis"><Axis frame={frame} /></div>
    </>
  );
}

function snapBoth(frame: WaveFrame, signal: SignalDescription): void {
  const { on, one, two } = frame.view.callipers.value;
  if (on) frame.view.callipers.set({ on, one: snapTo(frame, signal, one), two: snapTo(frame, signal, two) });
}
