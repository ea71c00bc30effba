import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { useCell } from '../base/cell.ts';
import { listenToGestures } from '../trend/gestures.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import { t } from '../i18n/i18n.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { markerOf, useContextOfBed } from './mark_bar.tsx';
import { PaintList } from './paint_list.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
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

const LINK_PX = 210;

/** The two cursors. From the first one leads a way to the exact samples, where the page has one. */
function Cursors({ view, ratio, wavesAt }: { readonly view: TrendView; readonly ratio: number; readonly wavesAt: ((time: number) => string) | undefined }): JSX.Element {
  const scale = useCell(view.scale);
  const { a, b } = useCell(view.cursors);
  const line = (name: 'a' | 'b', time: number | null): JSX.Element | null =>
    time === null || time < scale.start || time > scale.end ? null : <div class={`cursor cursor-${name}`} style={{ left: `${scale.px(time) / ratio}px` }}><i>{name.toUpperCase()}</i></div>;
  const x = a === null ? -1 : scale.px(a) / ratio;
  const shown = wavesAt !== undefined && a !== null && x >= 0 && x <= scale.widthPx / ratio;
  return (
    <>
      {line('a', a)}{line('b', b)}
      {shown && <a class="button waves-here" href={wavesAt(a)} data-waves-here style={{ left: `${x + 8 + LINK_PX > scale.widthPx / ratio ? Math.max(0, x - 8 - LINK_PX) : x + 8}px`, width: `${LINK_PX}px` }} onPointerDown={(event) => event.stopPropagation()}>{t('trends.waves')}</a>}
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
  /** Where the exact samples of an instant are; without it there is no way to them. */
  readonly wavesAt?: (time: number) => string;
  /** A lane was touched: where and when. */
  readonly touched?: (signal: SignalDescription, time: number) => void;
  readonly children?: ComponentChildren;
}

/** Lanes of trends over one axis of time, with cursors, gestures and keys. */
export function TrendChart({ signals, view, model, ward, now, report, looked, brief, wavesAt, touched, children }: Props): JSX.Element {
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
    const stopGestures = listenToGestures(element, view, ratio, now, paints.ask);
    let row = 0;
    const down = (event: PointerEvent): void => {
      const { top, height } = element.getBoundingClientRect();
      row = Math.floor(((event.clientY - top) / Math.max(1, height)) * signals.length);
    };
    element.addEventListener('pointerdown', down);
    let before = view.cursors.value;
    const stopTouches = view.cursors.watch((next) => {
      const time = next.a !== before.a ? next.a : next.b !== before.b ? next.b : null;
      before = next;
      const signal = signals[row];
      if (time !== null && signal !== undefined) touched?.(signal, time);
    });
    const stopKeys = listenToTrendKeys(view, now);
    return () => {
      observer.disconnect();
      stopGestures();
      stopTouches();
      element.removeEventListener('pointerdown', down);
      stopKeys();
    };
  }, [view, ratio, paints, signals, touched]);

  return (
    <>
      <div class="trend-lanes">
        {signals.map((signal) => <TrendLane key={signal.number} signal={signal} frame={frame} />)}
        {children}
        <div class="trend-plot" ref={plot} data-trend-plot><Cursors view={view} ratio={ratio} wavesAt={wavesAt} /></div>
      </div>
      <div class="trend-axis"><TrendAxis view={view} model={model} ward={ward} ratio={ratio} now={now} /></div>
    </>
  );
}
