import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { Cell, useCellPart } from '../base/cell.ts';
import { ticksOf } from '../base/ticks.ts';
import type { TimeScale } from '../base/time_scale.ts';
import { t } from '../i18n/trend_words.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { markerOf, useContextOfBed } from './mark_bar.tsx';
import { PaintList } from './paint_list.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
import { TrendCursors } from './trend_cursors.tsx';
import { TrendOverview } from './trend_overview.tsx';
import { TrendLane, type TrendFrame } from './trend_lane.tsx';

const LOOK_MS = 500;
const SETTLE_MS = 350;

/** How high lanes are: s = as many as fit share the room, the others are higher and scroll. */
export const LANE_HEIGHTS = ['s', 'm', 'l', 'xl'] as const;
export type LaneHeight = (typeof LANE_HEIGHTS)[number];

/** What a lane last showed. */
export interface Shown {
  readonly exact: boolean;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

/** Columns of the time ticks, found once for all lanes of a picture. */
function gridOf(view: TrendView, ward: WardClock, ratio: number): () => readonly number[] {
  let of: TimeScale | null = null;
  let columns: readonly number[] = [];
  return () => {
    const scale = view.scale.value;
    if (scale !== of) columns = ticksOf(ward, scale.start, scale.end, tickStep(scale, ratio)).map((tick) => scale.column(tick.time));
    of = scale;
    return columns;
  };
}

/** As wide as the lanes are, whatever stands beside them. */
function UnderLanes({ view, ratio, children }: { readonly view: TrendView; readonly ratio: number; readonly children: ComponentChildren }): JSX.Element {
  const width = useCellPart(view.scale, ({ widthPx }) => widthPx) / ratio;
  return <div class="trend-axis" style={{ width: `${width}px` }}>{children}</div>;
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
  readonly height?: LaneHeight;
  /** Where the exact samples of an instant are; without it there is no way to them. */
  readonly wavesAt?: (time: number, signal: string) => string;
  /** A lane was touched: where and when. */
  readonly touchedAt?: (signal: SignalDescription, time: number) => void;
  readonly children?: ComponentChildren;
}

/** Lanes of trends over one axis of time, with cursors, gestures and keys. */
export function TrendChart({ signals, view, model, ward, now, report, looked, brief, height, wavesAt, touchedAt, children }: Props): JSX.Element {
  const ratio = devicePixelRatio;
  const plot = useRef<HTMLDivElement>(null);
  const paints = useMemo(() => new PaintList(), []);
  const movedAt = useRef(0);
  const held = useRef(false);
  const touched = useMemo(() => new Cell<SignalDescription | null>(null), []);

  const frame = useMemo<TrendFrame>(() => ({
    view, model, ratio, ward, report, brief: brief === true,
    grid: gridOf(view, ward, ratio),
    // Moving with time is no hand on the chart: then the range may follow the data.
    settled: () => !held.current && (view.following.value || performance.now() - movedAt.current > SETTLE_MS),
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

  const { store } = useBedside();
  useContextOfBed();
  useEffect(() => markerOf(store).stored.watch(() => model.renewEvents(view.scale.value)), [store, model, view]);

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
    const moved = {
      pan: view.pan.bind(view),
      zoom: view.zoom.bind(view),
      place: (px: number, y: number): void => {
        const signal = signals[Math.floor((y / element.clientHeight) * signals.length)] ?? null;
        touched.set(signal);
        if (signal !== null) touchedAt?.(signal, view.scale.value.time(px));
        view.place(px);
      },
    };
    const stopGestures = listenToGestures(element, moved, ratio, now, paints.ask, (on) => { held.current = on; movedAt.current = performance.now(); });
    return () => {
      observer.disconnect();
      stopGestures();
    };
  }, [view, ratio, paints, signals, touched, touchedAt]);

  // With the chart, not after its first picture: a key that follows the one that led here is heard.
  useLayoutEffect(() => listenToTrendKeys(view, now), [view]);

  return (
    <>
      <div class="trend-scroll" data-height={height ?? 's'} role="group" aria-label={t('trends.lanes')} tabIndex={0}>
        <div class="trend-lanes">
          {signals.map((signal) => <TrendLane key={signal.number} signal={signal} frame={frame} />)}
          {children}
          <div class="trend-plot" ref={plot} data-trend-plot><TrendCursors view={view} model={model} ratio={ratio} ward={ward} now={now} touched={touched} wavesAt={wavesAt} /></div>
        </div>
      </div>
      <UnderLanes view={view} ratio={ratio}><TrendAxis view={view} model={model} ward={ward} ratio={ratio} now={now} /></UnderLanes>
      {brief !== true && signals[0] !== undefined && <TrendOverview signal={signals[0]} view={view} model={model} ratio={ratio} now={now} onPaint={paints.add} />}
    </>
  );
}
