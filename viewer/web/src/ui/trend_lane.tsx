import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { signalColour } from '../catalog/palette.ts';
import { edge, shownIn, type Shown as Reading } from '../catalog/units.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { t } from '../i18n/trend_words.ts';
import { holdsAt, isAbout, markWords, type HeldMark } from '../marks/context.ts';
import { Fill, type PixelColumns } from '../trend/columns.ts';
import { BLEED, paintLane } from '../trend/paint.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import type { TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { LaneMarks } from './lane_marks.tsx';
import { setData, setText, valueText } from './numeric_painter.ts';
import { night } from './settings.ts';
import type { Shown } from './trend_chart.tsx';

const BEFORE_PX = 190;

export interface TrendFrame {
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ratio: number;
  readonly ward: WardClock;
  /** The value of now stands elsewhere on the same screen. */
  readonly brief: boolean;
  /** Columns of the time ticks. */
  readonly grid: () => readonly number[];
  readonly settled: () => boolean;
  readonly onPaint: (redraw: () => void) => () => void;
  /** Tells the page whether what the lane shows are the values themselves. */
  readonly report: (signal: number, shown: Shown) => void;
}

/** What stands under a cursor, a value as the device showed it; a gap says so and never lends a neighbour's value. */
function readout(columns: PixelColumns, x: number, shown: Reading, decimals: number | null, own: number | null): { readonly text: string; readonly mean: number | null } {
  const fill = columns.fill[x];
  if (x < 0 || x >= columns.width || fill === undefined || fill === Fill.Future) return { text: '', mean: null };
  if (fill === Fill.Loading) return { text: t('trends.loading'), mean: null };
  if (fill === Fill.None) return { text: t('trends.none'), mean: null };
  const mean = columns.mean[x] ?? 0;
  const [low, high] = [columns.min[x] ?? mean, columns.max[x] ?? mean];
  const band = fill === Fill.Data && high > low ? ` (${formatNumber(shown.of(low), decimals)}–${formatNumber(shown.of(high), decimals)})` : '';
  return { text: `${formatNumber(shown.of(mean), (columns.count[x] ?? 0) <= 1 ? (shown.decimals(own) ?? decimals) : decimals)}${band}`, mean: shown.of(mean) };
}

/** What is said in the empty part before the first data in view; where there is little of it, nothing. */
function beforeText(columns: PixelColumns, ward: WardClock, ratio: number, timeOf: (x: number) => number): { readonly text: string; readonly width: number } {
  let x = 0;
  while (x < columns.width && (columns.fill[x] === Fill.None || columns.fill[x] === Fill.Future)) x++;
  if (x >= columns.width) return { text: t('trends.none'), width: columns.width / ratio };
  return columns.fill[x] !== Fill.Data || x < BEFORE_PX * ratio ? { text: '', width: 0 } : { text: t('trends.before', { time: ward.minute(timeOf(x)) }), width: x / ratio };
}

interface MarksShown {
  readonly marks: readonly HeldMark[];
  readonly frame: TrendFrame;
}

/** Marks follow the hand; the lane itself need not be drawn anew for them. */
function MarksInView({ marks, frame }: MarksShown): JSX.Element {
  const { store } = useBedside();
  const scale = useCell(frame.view.scale);
  return <div class="lane-marks"><LaneMarks marks={marks} scale={scale} ratio={frame.ratio} now={store.now() ?? Date.now()} /></div>;
}

/** What holds at the cursor. */
function Holding({ marks, frame }: MarksShown): JSX.Element | null {
  const { a } = useCell(frame.view.cursors);
  const held = a === null ? [] : marks.filter((mark) => holdsAt(mark, a));
  return held.length === 0 ? null : <span class="lane-holds" data-holds>{held.map(markWords).join(' · ')}</span>;
}

export function TrendLane({ signal, frame }: { readonly signal: SignalDescription; readonly frame: TrendFrame }): JSX.Element {
  const { store } = useBedside();
  const spoken = useCell(language);
  const dark = useCell(night);
  const canvas = useRef<HTMLCanvasElement>(null);
  const parts = useRef<{ [name: string]: HTMLElement | null }>({});
  const colour = signalColour(signal.colour, signal.group, dark);
  const units = useCell(store.session)?.units;
  const shown = useMemo(() => shownIn(signal, units), [signal, units]);

  useLayoutEffect(() => {
    const { view, model, ratio, ward } = frame;
    const bleed = Math.ceil(BLEED * ratio);
    let image: ImageData | null = null;
    const paint = (): void => {
      const element = canvas.current;
      const scale = view.scale.value;
      const height = Math.round((element?.clientHeight ?? 0) * ratio);
      const context = element?.getContext('2d') ?? null;
      if (element === null || context === null || height <= 0 || scale.widthPx <= 0) return;
      if (element.width !== scale.widthPx || element.height !== height) {
        element.width = scale.widthPx;
        element.height = height;
      }
      const wide = model.columns(signal, scale.widened(bleed), frame.settled());
      const columns = wide.inner(bleed);
      const range = model.range(signal, columns, shown, frame.settled());
      if (image === null || image.width !== wide.width || image.height !== height) image = context.createImageData(wide.width, height);
      paintLane(image, { columns: wide, ...range, colour, ratio, aperiodic: signal.expectedS === null && signal.kind !== 'waveform', grid: frame.grid().map((x) => x + bleed), phase: scale.startPx - bleed });
      context.putImageData(image, -bleed, 0);
      Object.assign(element.dataset, { low: String(range.low), high: String(range.high), start: String(scale.start), step: String(scale.msPerPx), loading: String(columns.fill.includes(Fill.Loading)) });
      const own = store.numbers.get(signal.number)?.decimals ?? null;
      const decimals = Math.max((range.high - range.low) * shown.factor < 20 ? 1 : 0, shown.factor === 1 ? 0 : shown.decimals(own) ?? 0);
      write('high', formatNumber(edge(shown, range.high), null));
      write('low', formatNumber(edge(shown, range.low), null));
      paintReadouts(columns, decimals, own);
      const before = beforeText(columns, ward, ratio, (x) => scale.time(x));
      write('before', before.text);
      const room = parts.current['room'];
      if (room != null) room.style.width = `${before.width}px`;
      const extent = columns.extent();
      const total = columns.count.reduce((sum, n) => sum + n, 0);
      const mean = total === 0 ? null : columns.mean.reduce((sum, value, x) => sum + (columns.fill[x] === Fill.Data ? value * (columns.count[x] ?? 0) : 0), 0) / total;
      frame.report(signal.number, { exact: columns.exact, min: extent?.min ?? null, mean, max: extent?.max ?? null });
    };
    const write = (name: string, text: string): void => {
      const element = parts.current[name];
      if (element != null) setText(element, text);
    };
    const paintReadouts = (columns: PixelColumns, decimals: number, own: number | null): void => {
      const { a, b } = view.cursors.value;
      const scale = view.scale.value;
      const first = a === null ? null : readout(columns, scale.column(a), shown, decimals, own);
      const second = b === null ? null : readout(columns, scale.column(b), shown, decimals, own);
      const delta = first?.mean != null && second?.mean != null ? second.mean - first.mean : null;
      write('a', first === null ? '' : `A  ${first.text}`);
      write('b', second === null ? '' : `B  ${second.text}`);
      write('d', delta === null ? '' : `${t('trends.delta')} ${delta > 0 ? '+' : ''}${formatNumber(delta, decimals)}`);
    };
    return frame.onPaint(paint);
  }, [signal, frame, colour, store, spoken, shown]);

  // The value of now is judged as everywhere, at each look of the store, and not when the chart happens to be painted.
  useLayoutEffect(() => {
    const judge = (): void => {
      const now = parts.current['now'];
      if (now == null || signal.kind === 'waveform') return;
      const state = store.stateOf(signal);
      setText(now, valueText(store.numbers.get(signal.number), state, shown));
      setData(now, 'state', state);
    };
    judge();
    return store.tick.watch(judge);
  }, [signal, store, spoken, shown]);

  const part = (name: string) => (element: HTMLElement | null): void => {
    parts.current[name] = element;
  };
  const events = useCell(frame.model.events);
  const marks = useMemo(() => events.marks.filter((mark) => isAbout(mark, signal.number)), [events, signal]);
  return (
    <div class="trend" data-trend={signal.id} style={{ '--c': colour }}>
      <div class="trend-head" title={longName(signal, spoken)}>
        <span class="lane-label">{labelOf(signal, spoken)}</span>
        <span class="lane-unit">{shown.label}</span>
        <span class="lane-high" ref={part('high')} />
        <span class="lane-low" ref={part('low')} />
      </div>
      <div class="trend-field"><canvas class="trend-canvas" ref={canvas} aria-hidden="true" data-lane-trend={signal.id} /><span class="trend-before" ref={part('room')}><span ref={part('before')} /></span>{marks.length > 0 && <MarksInView marks={marks} frame={frame} />}</div>
      <div class="trend-read">
        {!frame.brief && <span class="trend-now" ref={part('now')} data-signal={signal.id} data-state="lost" />}
        <span class="trend-cursor"><span ref={part('a')} data-cursor="a" /><span ref={part('b')} data-cursor="b" /><b ref={part('d')} data-cursor="delta" /></span>
        {marks.length > 0 && <Holding marks={marks} frame={frame} />}
      </div>
    </div>
  );
}
