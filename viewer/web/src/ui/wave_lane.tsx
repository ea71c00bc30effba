import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { useCell } from '../base/cell.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { signalColour } from '../catalog/palette.ts';
import { edge, shownIn, type Shown } from '../catalog/units.ts';
import { extentOf, isPaper, rangeOf, type WaveRange } from '../exact/wave_range.ts';
import type { ExactStore } from '../exact/exact_store.ts';
import { sampleAt, type Sample } from '../exact/pieces.ts';
import { decimalsOf } from '../exact/reading.ts';
import { waveColumns } from '../exact/wave_columns.ts';
import { DAY, NIGHT, paintGround, paintTrace } from '../exact/wave_paint.ts';
import { GAINS, HALF_WINDOW_MS, type WaveView } from '../exact/wave_view.ts';
import { causeText } from '../i18n/gap_words.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { ww } from '../i18n/wave_words.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';
import { setText } from './numeric_painter.ts';
import { night } from './settings.ts';

const MOST_DECIMALS = 4;

export interface WaveFrame {
  readonly view: WaveView;
  readonly exact: ExactStore;
  readonly ward: WardClock;
  readonly ratio: number;
  /** Pixels of the canvas. */
  readonly pxPerMm: number;
  readonly now: () => number;
  readonly onPaint: (paint: () => void) => () => void;
}

/** More would be noise of the scale, not of the patient. */
const decimalsIn = (shown: Shown, gain: number): number => Math.min(MOST_DECIMALS, shown.decimals(decimalsOf(gain)) ?? 0);

export function valueWords(sample: Sample | null, shown: Shown): string {
  if (sample === null || sample.value === null) return ww('none');
  // Raw counts have no unit that they could be converted from.
  return sample.piece.scaled
    ? `${formatNumber(shown.of(sample.value), decimalsIn(shown, sample.piece.gain))} ${shown.label}`.trim()
    : `${formatNumber(sample.value, Math.min(MOST_DECIMALS, decimalsOf(sample.piece.gain)))} (${ww('unscaled')})`;
}

/** Why data are missing, in the words of the page of ports and completeness. */
export function causeWords(exact: ExactStore, signal: SignalDescription, time: number): string {
  const gap = exact.gaps.value.find((one) => (one.number === signal.number || (one.number === 0 && (one.device === '' || one.device === signal.device))) && one.from <= time && one.until > time);
  return (gap === undefined ? null : causeText(gap.cause)) ?? ww('none');
}

/** The vertical span: fitted to the minute around when that came, and kept while the hand moves; it only grows. */
function useRange(signal: SignalDescription, { view, exact, pxPerMm, now }: WaveFrame): (height: number) => WaveRange {
  const kept = useRef<{ key: string; whole: boolean; fitted: boolean; range: WaveRange }>({ key: '', whole: false, fitted: false, range: { low: 0, high: 1, perMm: null } });
  return (height) => {
    const centre = view.centre.value;
    const [from, to] = [centre - HALF_WINDOW_MS, centre + HALF_WINDOW_MS];
    const key = `${centre} ${view.gain.value} ${height}`;
    if (kept.current.key === key && kept.current.whole) return kept.current.range;
    const pieces = exact.pieces(signal.number, from, to);
    const whole = exact.isWhole(signal.number, from, to) && to < now();
    // While the window still fills, nothing shrinks.
    const range = rangeOf(signal, pieces, height / pxPerMm, view.gain.value);
    const extent = extentOf(pieces);
    const before = kept.current.range;
    const holds = kept.current.key === key && kept.current.fitted && extent !== null && extent.min >= before.low && extent.max <= before.high && !whole;
    kept.current = { key, whole, fitted: extent !== null, range: holds ? before : range };
    return kept.current.range;
  };
}

export function WaveLane({ signal, frame }: { readonly signal: SignalDescription; readonly frame: WaveFrame }): JSX.Element {
  const spoken = useCell(language);
  const dark = useCell(night);
  const gain = useCell(frame.view.gain);
  const ground = useRef<HTMLCanvasElement>(null);
  const trace = useRef<HTMLCanvasElement>(null);
  const parts = useRef<{ [name: string]: HTMLElement | null }>({});
  const range = useRange(signal, frame);
  const colour = signalColour(signal.colour, signal.group, dark);
  const units = useCell(useBedside().store.session)?.units;
  const shown = useMemo(() => shownIn(signal, units), [signal, units]);

  useLayoutEffect(() => {
    const { view, exact, ratio, pxPerMm, now } = frame;
    const write = (name: string, text: string): void => {
      const element = parts.current[name];
      if (element != null) setText(element, text);
    };
    const paint = (): void => {
      const scale = view.scale.value;
      const height = Math.round((trace.current?.clientHeight ?? 0) * ratio);
      const contexts = [ground.current, trace.current].map((canvas) => {
        if (canvas !== null && height > 0 && (canvas.width !== scale.widthPx || canvas.height !== height)) [canvas.width, canvas.height] = [scale.widthPx, height];
        return canvas?.getContext('2d') ?? null;
      });
      const [behind, front] = contexts;
      if (behind == null || front == null || height <= 0 || scale.widthPx <= 0) return;
      const span = range(height);
      const pieces = exact.pieces(signal.number, scale.start, scale.end);
      const columns = waveColumns({ pieces, scale, now: now(), loaded: (time) => exact.isLoaded(signal.number, time) });
      const inks = dark ? NIGHT : DAY;
      paintGround({ context: behind, width: scale.widthPx, height, scale, range: span, msPerMm: 1000 / view.speed.value, pxPerMm, ratio, inks, columns, causeAt: (time) => causeWords(exact, signal, time) });
      paintTrace({ context: front, width: scale.widthPx, height, scale, range: span, ratio, colour, inks, columns, pieces });
      const element = trace.current;
      if (element !== null) Object.assign(element.dataset, { low: String(span.low), high: String(span.high), start: String(scale.start), step: String(scale.msPerPx) });
      write('high', formatNumber(edge(shown, span.high), null));
      write('low', formatNumber(edge(shown, span.low), null));
      const { on, one, two } = view.callipers.value;
      const [first, second] = on ? [sampleAt(pieces, one), sampleAt(pieces, two)] : [sampleAt(pieces, view.at), null];
      const delta = first?.value != null && second?.value != null ? shown.of(second.value) - shown.of(first.value) : null;
      write('a', on ? `1  ${valueWords(first, shown)}` : view.at >= scale.start && view.at < scale.end ? `A  ${valueWords(first, shown)}` : '');
      write('b', on ? `2  ${valueWords(second, shown)}` : '');
      write('d', delta === null ? '' : `Δ  ${delta > 0 ? '+' : ''}${formatNumber(delta, decimalsIn(shown, first?.piece.gain ?? 1))} ${shown.label}`);
    };
    return frame.onPaint(paint);
  }, [signal, frame, colour, dark, shown, spoken]);

  const part = (name: string) => (element: HTMLElement | null): void => {
    parts.current[name] = element;
  };
  const next = GAINS[(GAINS.indexOf(gain) + 1) % GAINS.length] ?? 10;
  return (
    <div class="trend wave" data-wave={signal.id} data-paper={isPaper(signal)} style={{ '--c': colour }}>
      <div class="trend-head" title={longName(signal, spoken)}>
        <span class="lane-label">{labelOf(signal, spoken)}</span>
        <span class="lane-unit">{shown.label}</span>
        {isPaper(signal) && <button type="button" class="button wave-gain" aria-label={ww('gain', { n: gain })} onClick={() => frame.view.gain.set(next)}>{ww('mmmv', { n: gain })}</button>}
        <span class="lane-high" ref={part('high')} />
        <span class="lane-low" ref={part('low')} />
      </div>
      <div class="trend-field"><canvas class="trend-canvas wave-ground" ref={ground} aria-hidden="true" /><canvas class="trend-canvas wave-trace" ref={trace} aria-hidden="true" data-trace={signal.id} /></div>
      <div class="trend-read"><span class="trend-cursor"><span ref={part('a')} data-read="a" /><span ref={part('b')} data-read="b" /><b ref={part('d')} data-read="delta" /></span></div>
    </div>
  );
}
