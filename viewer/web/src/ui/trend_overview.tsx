import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { TimeScale } from '../base/time_scale.ts';
import { signalColour } from '../catalog/palette.ts';
import { niceRange } from '../sweep/range.ts';
import { paintLane } from '../trend/paint.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import type { TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';
import { night } from './settings.ts';
import { spanLabel } from './span_label.ts';

const HOUR_MS = 3_600_000;
const SPANS_H = [24, 168, 720, 2880] as const;
/** The strip shows at least so many times what is above. */
const LEAST_TIMES = 4;
/** It moves by this share of itself when what is above leaves it. */
const STEP = 0.25;
/** While the chart above moves, what is here stays: it is painted anew when it is another time, and now and then for what came since. */
const RENEW_MS = 400;

/** What the strip shows: it ends now, or holds the chart where that looks further back. */
function stripOf(scale: TimeScale, now: number): { readonly hours: number; readonly from: number; readonly to: number } {
  const hours = SPANS_H.find((one) => one * HOUR_MS >= LEAST_TIMES * scale.spanMs) ?? 2880;
  const span = hours * HOUR_MS;
  const late = Math.max(0, now - span - scale.start + STEP * span);
  const to = now - (now - span <= scale.start ? 0 : Math.ceil(late / (STEP * span)) * STEP * span);
  return { hours, from: to - span, to };
}

interface Props {
  readonly signal: SignalDescription;
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ratio: number;
  readonly now: () => number;
  readonly onPaint: (paint: () => void) => () => void;
}

/** The first lane over a longer time, and which part of it is above; a touch shows another. Keys and buttons do the same. */
export function TrendOverview({ signal, view, model, ratio, now, onPaint }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useCell(view.scale);
  const dark = useCell(night);
  const { hours, from, to } = stripOf(scale, now());
  const share = (time: number): number => Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));

  useEffect(() => {
    let painted = { key: '', at: 0 };
    const paint = (): void => {
      const element = canvas.current;
      const [width, height] = [Math.round((element?.clientWidth ?? 0) * ratio), Math.round((element?.clientHeight ?? 0) * ratio)];
      const context = element?.getContext('2d') ?? null;
      if (element === null || context === null || width <= 0 || height <= 0) return;
      if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
      const strip = stripOf(view.scale.value, now());
      const whole = TimeScale.over(strip.from, strip.to, width);
      const key = `${whole.startPx} ${whole.msPerPx} ${height}`;
      if (key === painted.key && performance.now() - painted.at < RENEW_MS) return;
      painted = { key, at: performance.now() };
      const columns = model.columns(signal, whole);
      const extent = columns.extent();
      const [low, high] = [signal.displayMin ?? 0, signal.displayMax ?? 1];
      const range = extent === null ? { low, high } : niceRange(extent.min, extent.max, Math.max(1e-6, (high - low) / 8));
      const image = context.createImageData(width, height);
      paintLane(image, { columns, ...range, colour: signalColour(signal.colour, signal.group, dark), ratio, aperiodic: signal.expectedS === null && signal.kind !== 'waveform', grid: [], phase: Math.round(strip.from / 1000) });
      context.putImageData(image, 0, 0);
    };
    return onPaint(paint);
  }, [signal, view, model, ratio, onPaint, dark]);

  const go = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    view.centre(from + ((event.clientX - box.left) / box.width) * (to - from), now());
  };
  return (
    <div class="trend-overview" aria-hidden="true" data-overview={hours}>
      <span>{spanLabel(hours)}</span>
      <div style={{ width: `${scale.widthPx / ratio}px` }} onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); go(event); }} onPointerMove={(event) => { if (event.buttons !== 0) go(event); }}>
        <canvas ref={canvas} />
        <span class="trend-window" style={{ left: `${share(scale.start)}%`, width: `max(.4rem, ${share(scale.end) - share(scale.start)}%)` }} />
      </div>
    </div>
  );
}
