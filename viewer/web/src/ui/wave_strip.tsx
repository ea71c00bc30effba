import { render } from 'preact';
import type { JSX } from 'preact';
import { labelOf, longName } from '../catalog/labels.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { sampleAt } from '../exact/pieces.ts';
import { measure } from '../exact/reading.ts';
import { LABEL_MM, PLOT_MM, stripTrace } from '../exact/strip.ts';
import { isPaper, rangeOf } from '../exact/wave_range.ts';
import { HALF_WINDOW_MS } from '../exact/wave_view.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { ww } from '../i18n/wave_words.ts';
import { holdsAt, markWords, type HeldMark } from '../marks/context.ts';
import type { Session, SignalDescription } from '../wire/api.ts';
import { fineTime } from './wave_chart.tsx';
import type { WaveFrame } from './wave_lane.tsx';
import { durationWords, rateWords, spreadWords } from './wave_readout.tsx';

const PAPER_MM = 40;
const LEAST_MM = 14;
const ROOM_MM = 146;
const MOST_MARKS = 12;
const WIDTH_MM = LABEL_MM + PLOT_MM;

interface Props {
  readonly signals: readonly SignalDescription[];
  readonly frame: WaveFrame;
  readonly session: Session | null;
  /** What was so then. */
  readonly marks: readonly HeldMark[];
}

/** Heights of the lanes, whole millimetres: ECG paper first, the others share what is left. */
function heightsOf(signals: readonly SignalDescription[]): number[] {
  const papers = signals.filter(isPaper).length;
  const paper = Math.min(PAPER_MM, Math.floor(ROOM_MM / Math.max(1, papers + (signals.length - papers) * 0.6)));
  const rest = Math.max(LEAST_MM, Math.min(35, Math.floor((ROOM_MM - papers * paper) / Math.max(1, signals.length - papers))));
  return signals.map((signal) => (isPaper(signal) ? paper : rest));
}

/** The strip as it is printed: what is in the middle of the screen, at the same speed, true to scale. */
function Strip({ signals, frame, session, marks }: Props): JSX.Element {
  const { view, exact, ward, now } = frame;
  const speed = view.speed.value;
  const gain = view.gain.value;
  const spanMs = (PLOT_MM / speed) * 1000;
  const from = view.middle - spanMs / 2;
  const heights = heightsOf(signals);
  const [first] = signals;
  const sample = first === undefined ? null : sampleAt(exact.pieces(first.number, from, from + spanMs), view.middle);
  const { on, one, two } = view.callipers.value;
  const measured = measure(one, two);
  const seconds = Array.from({ length: Math.ceil(spanMs / 1000) + 1 }, (_, i) => (Math.ceil(from / 1000) + i) * 1000).filter((time) => time < from + spanMs);
  const every = Math.max(1, Math.ceil(20 / speed));
  const told = marks.filter((mark) => mark.time < from + spanMs && (mark.time >= from || holdsAt(mark, from))).slice(-MOST_MARKS);
  let top = 0;
  return (
    <section class="strip-sheet" lang={language.value}>
      <header>
        <strong>{session?.bed ? ww('stripBed', { bed: session.bed }) : (session?.box ?? '')}</strong>
        <span>{ww('strip', { s: formatNumber(spanMs / 1000, 1) })} · {ww('stripScale', { speed: formatNumber(speed, null), gain })}</span>
        <b class="strip-not">{ww('stripNot')}</b>
      </header>
      <p>{`${ward.date(from)} `}{ww('stripFrom', { from: fineTime(ward, from, 3), to: fineTime(ward, from + spanMs, 3), zone: ward.zoneLabel(from) })}{on && measured.perMinute !== null && ` · ${ww('stripMeasured', { dt: durationWords(measured.ms), rate: rateWords(measured.perMinute) })}`}</p>
      <svg viewBox={`0 0 ${WIDTH_MM} ${heights.reduce((a, b) => a + b, 0) + 5}`} width={`${WIDTH_MM}mm`} height={`${heights.reduce((a, b) => a + b, 0) + 5}mm`} aria-hidden="true">
        <defs>
          <pattern id="strip-mm" width="1" height="1" patternUnits="userSpaceOnUse"><path d="M1 0H0V1" class="strip-minor" /></pattern>
          <pattern id="strip-5mm" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="url(#strip-mm)" /><path d="M5 0H0V5" class="strip-major" /></pattern>
          <pattern id="strip-gap" width="2" height="2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="2" fill="#fff" /><path d="M0 0V2" class="strip-hatch" /></pattern>
        </defs>
        {signals.map((signal, i) => {
          const height = heights[i] ?? LEAST_MM;
          const shown = shownIn(signal, session?.units);
          const y = top;
          top += height;
          const near = exact.pieces(signal.number, view.centre.value - HALF_WINDOW_MS, view.centre.value + HALF_WINDOW_MS);
          const range = rangeOf(signal, near, height, gain);
          const trace = stripTrace(exact.pieces(signal.number, from, from + spanMs), from, speed, range, height);
          return (
            <g key={signal.number} transform={`translate(0 ${y})`} data-strip-lane={signal.id} data-samples={trace.samples}>
              <text x="0" y="4.5" class="strip-label">{labelOf(signal, language.value)}</text>
              <text x="0" y="8" class="strip-unit">{shown.label}</text>
              {range.perMm === null
                ? <><text x={LABEL_MM - 1} y="2.6" class="strip-edge">{formatNumber(edge(shown, range.high), null)}</text><text x={LABEL_MM - 1} y={height - 0.6} class="strip-edge">{formatNumber(edge(shown, range.low), null)}</text></>
                : <path class="strip-trace" d={`M${LABEL_MM - 8} ${height / 2 + 5}h1.5v-10h3v10h1.5`} />}
              <g transform={`translate(${LABEL_MM} 0)`}>
                <rect width={PLOT_MM} height={height} fill="url(#strip-5mm)" />
                {trace.gaps.map((gap) => <rect key={gap.from} x={gap.from} width={Math.max(0.3, gap.to - gap.from)} height={height} fill="url(#strip-gap)" />)}
                <path class="strip-trace" d={trace.path} />
                <rect class="strip-frame" width={PLOT_MM} height={height} />
                <title>{longName(signal, language.value)}</title>
              </g>
            </g>
          );
        })}
        {seconds.filter((time) => (time / 1000) % every === 0).map((time) => {
          const x = LABEL_MM + ((time - from) / 1000) * speed;
          return x > WIDTH_MM - 6 || x < LABEL_MM + 6 ? null : <g key={time}><path class="strip-frame" d={`M${x} ${top}v1.2`} /><text x={x} y={top + 4} class="strip-time">{ward.time(time)}</text></g>;
        })}
      </svg>
      {told.length > 0 && <p class="strip-marks" data-strip-marks>{told.map((mark) => `${mark.time < from ? '…' : ward.time(mark.time)} ${mark.text || markWords(mark)}`).join(' · ')}</p>}
      <footer>{ww('stripPrinted', { time: `${ward.date(now())} ${ward.time(now())}`, box: session?.box ?? '', pm: spreadWords(sample?.piece.uncertaintyUs == null ? null : sample.piece.uncertaintyUs / 1000) })}</footer>
    </section>
  );
}

/** While the page of exact samples is open, what a printer gets is the strip, and never the screen. */
export function listenToPrinting(props: () => Props): () => void {
  const host = document.createElement('div');
  host.className = 'strip';
  document.body.append(host);
  document.body.dataset['strip'] = '';
  const before = (): void => render(<Strip {...props()} />, host);
  const after = (): void => render(null, host);
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
    after();
    host.remove();
    delete document.body.dataset['strip'];
  };
}
