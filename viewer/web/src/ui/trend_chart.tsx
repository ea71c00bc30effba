import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { Cell, useCell } from '../base/cell.ts';
import type { TimeScale } from '../base/time_scale.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import { t } from '../i18n/i18n.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { PaintList } from './paint_list.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
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

const LINK_PX = 210;

/** Columns of the time ticks, found once for all lanes of a picture. */
function gridOf(view: TrendView, ward: WardClock, ratio: number): () => readonly number[] {
  let of: TimeScale | null = null;
  let columns: readonly number[] = [];
  return () => {
    const scale = view.scale.value;
    if (scale !== of) columns = ward.ticks(scale.start, scale.end, tickStep(scale, ratio)).map((tick) => scale.column(tick.time));
    of = scale;
    return columns;
  };
}

/** As wide as the lanes are, whatever stands beside them. */
function UnderLanes({ view, ratio, children }: { readonly view: TrendView; readonly ratio: number; readonly children: ComponentChildren }): JSX.Element {
  const width = useCell(view.scale).widthPx / ratio;
  return <div class="trend-axis" style={{ width: `${width}px` }}>{children}</div>;
}

/** The two cursors. From the one that was placed last leads a way to the exact samples, where the page has one. */
interface CursorProps {
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ratio: number;
  /** On which lane a cursor was placed last. */
  readonly touched: Cell<SignalDescription | null>;
  readonly wavesAt: ((time: number, signal: string) => string) | undefined;
}

function Cursors({ view, model, ratio, touched, wavesAt }: CursorProps): JSX.Element {
  const scale = useCell(view.scale);
  const { a, b, last } = useCell(view.cursors);
  const line = (name: 'a' | 'b', time: number | null): JSX.Element | null =>
    time === null || time < scale.start || time > scale.end ? null : <div class={`cursor cursor-${name}`} style={{ left: `${scale.px(time) / ratio}px` }}><i>{name.toUpperCase()}</i></div>;
  const at = last === 'b' ? b : a;
  const x = at === null ? -1 : scale.px(at) / ratio;
  const lane = useCell(touched);
  useCell(model.arrived);
  const shown = wavesAt !== undefined && at !== null && x >= 0 && x <= scale.widthPx / ratio;
  // Until it is found, which takes a moment, the touched instant itself.
  const meant = at === null || lane === null || !shown ? null : model.instantOf(lane, scale, at);
  return (
    <>
      {line('a', a)}{line('b', b)}
      {shown && <a class="button waves-here" href={wavesAt(meant ?? at, lane?.id ?? '')} data-waves-here={meant === null ? 'touched' : 'found'} style={{ left: `${x + 8 + LINK_PX > scale.widthPx / ratio ? Math.max(0, x - 8 - LINK_PX) : x + 8}px`, width: `${LINK_PX}px` }} onPointerDown={(event) => event.stopPropagation()}>{t('trends.waves')}</a>}
    </>
  );
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
  readonly children?: ComponentChildren;
}

/** Lanes of trends over one axis of time, with cursors, gestures and keys. */
export function TrendChart({ signals, view, model, ward, now, report, looked, brief, height, wavesAt, children }: Props): JSX.Element {
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
        touched.set(signals[Math.floor((y / element.clientHeight) * signals.length)] ?? null);
        view.place(px);
      },
    };
    const stopGestures = listenToGestures(element, moved, ratio, now, paints.ask, (on) => { held.current = on; movedAt.current = performance.now(); });
    const stopKeys = listenToTrendKeys(view, now);
    return () => {
      observer.disconnect();
      stopGestures();
      stopKeys();
    };
  }, [view, ratio, paints, signals, touched]);

  return (
    <>
      <div class="trend-scroll" data-height={height ?? 's'}>
        <div class="trend-lanes">
          {signals.map((signal) => <TrendLane key={signal.number} signal={signal} frame={frame} />)}
          {children}
          <div class="trend-plot" ref={plot} data-trend-plot><Cursors view={view} model={model} ratio={ratio} touched={touched} wavesAt={wavesAt} /></div>
        </div>
      </div>
      <UnderLanes view={view} ratio={ratio}><TrendAxis view={view} model={model} ward={ward} ratio={ratio} /></UnderLanes>
      {brief !== true && signals[0] !== undefined && <TrendOverview signal={signals[0]} view={view} model={model} ratio={ratio} now={now} onPaint={paints.add} />}
    </>
  );
}
