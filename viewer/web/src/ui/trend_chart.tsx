import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { useCell } from '../base/cell.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
import { TrendLane, type TrendFrame } from './trend_lane.tsx';

const LOOK_MS = 500;
const SETTLE_MS = 350;

/** Painters of all lanes, run together once per frame at most. */
class PaintList {
  private readonly painters = new Set<() => void>();
  private asked = false;

  add = (painter: () => void): (() => void) => {
    this.painters.add(painter);
    this.ask();
    return () => this.painters.delete(painter);
  };

  ask = (): void => {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      for (const paint of this.painters) paint();
    });
  };
}

/** What a lane last showed. */
export interface Shown {
  readonly exact: boolean;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

function Cursors({ view, ratio }: { readonly view: TrendView; readonly ratio: number }): JSX.Element {
  const scale = useCell(view.scale);
  const { a, b } = useCell(view.cursors);
  const line = (name: 'a' | 'b', time: number | null): JSX.Element | null =>
    time === null || time < scale.start || time > scale.end ? null : <div class={`cursor cursor-${name}`} style={{ left: `${scale.px(time) / ratio}px` }}><i>{name.toUpperCase()}</i></div>;
  return <>{line('a', a)}{line('b', b)}</>;
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
  readonly children?: ComponentChildren;
}

/** Lanes of trends over one axis of time, with cursors, gestures and keys. */
export function TrendChart({ signals, view, model, ward, now, report, looked, brief, children }: Props): JSX.Element {
  const ratio = devicePixelRatio;
  const plot = useRef<HTMLDivElement>(null);
  const paints = useMemo(() => new PaintList(), []);
  const movedAt = useRef(0);

  const frame = useMemo<TrendFrame>(() => ({
    view, model, ratio, ward, report, brief: brief === true,
    grid: () => ward.ticks(view.scale.value.start, view.scale.value.end, tickStep(view.scale.value, ratio)).map((tick) => view.scale.value.column(tick.time)),
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
        <div class="trend-plot" ref={plot} data-trend-plot><Cursors view={view} ratio={ratio} /></div>
      </div>
      <div class="trend-axis"><TrendAxis view={view} model={model} ward={ward} ratio={ratio} /></div>
    </>
  );
}
