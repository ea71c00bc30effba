import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { ticksOf } from '../base/ticks.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { PaintList } from './paint_list.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
import { TrendCursors } from './trend_cursors.tsx';
import { TrendLane, type TrendFrame } from './trend_lane.tsx';

const LOOK_MS = 500;
const SETTLE_MS = 350;

/** What a lane last showed. */
export interface Shown {
  readonly exact: boolean;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

interface Props {
  readonly signals: readonly SignalDescription[];
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ward: WardClock;
  readonly now: () => number;
  readonly report: (signal: number, shown: Shown) => void;
  /** Called twice a second. */
  readonly looked?: () => void;
  /** True beside the live values: the lanes then do not say them again. */
  readonly brief?: boolean;
  /** Where the exact samples of an instant are; without it there is no way to them. */
  readonly wavesAt?: (time: number) => string;
  readonly children?: ComponentChildren;
}

/** Lanes of trends over one axis of time, with cursors, gestures and keys. */
export function TrendChart({ signals, view, model, ward, now, report, looked, brief, wavesAt, children }: Props): JSX.Element {
  const ratio = devicePixelRatio;
  const plot = useRef<HTMLDivElement>(null);
  const paints = useMemo(() => new PaintList(), []);
  const movedAt = useRef(0);

  const frame = useMemo<TrendFrame>(() => ({
    view, model, ratio, ward, report, brief: brief === true,
    grid: () => ticksOf(ward, view.scale.value.start, view.scale.value.end, tickStep(view.scale.value, ratio)).map((tick) => view.scale.value.column(tick.time)),
    // Moving with time is no hand on the chart: then the range may follow the data.
    settled: () => view.following.value || performance.now() - movedAt.current > SETTLE_MS,
    onPaint: paints.add,
  }), [view, model, ratio, ward, report, brief, paints]);

  useEffect(() => {
    const changed = (): void => {
      movedAt.current = performance.now();
      paints.ask();
    };
    const stops = [view.scale.watch(changed), view.cursors.watch(paints.ask), model.arrived.watch(paints.ask)];
    const timer = setInterval(() => {
      view.keepUp(now());
      if (frame.settled()) model.askEvents(view.scale.value);
      paints.ask();
      looked?.();
    }, LOOK_MS);
    model.askEvents(view.scale.value);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [view, model, paints, frame, looked]);

  useEffect(() => {
    const element = plot.current;
    if (element === null) return undefined;
    const measure = (): void => {
      view.resize(Math.round(element.clientWidth * ratio), now());
      paints.ask();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const stopGestures = listenToGestures(element, view, ratio, now, paints.ask);
    const stopKeys = listenToTrendKeys(view, now);
    return () => {
      observer.disconnect();
      stopGestures();
      stopKeys();
    };
  }, [view, ratio, paints]);

  return (
    <>
      <div class="trend-lanes">
        {signals.map((signal) => <TrendLane key={signal.number} signal={signal} frame={frame} />)}
        {children}
        <div class="trend-plot" ref={plot} data-trend-plot><TrendCursors view={view} ratio={ratio} ward={ward} now={now} wavesAt={wavesAt} /></div>
      </div>
      <div class="trend-axis"><TrendAxis view={view} model={model} ward={ward} ratio={ratio} /></div>
    </>
  );
}
