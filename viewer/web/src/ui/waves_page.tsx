import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { parseIso, toIso, utcMs } from '../base/time.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { ExactStore } from '../exact/exact_store.ts';
import { summaryOf, type Summary } from '../exact/pieces.ts';
import { waveOf } from '../exact/reading.ts';
import { PAPER_SPEEDS, WaveView } from '../exact/wave_view.ts';
import { formatNumber, language, t } from '../i18n/i18n.ts';
import { ww } from '../i18n/wave_words.ts';
import '../style/waves.css';
import type { SignalDescription } from '../wire/api.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { Icon } from './icon.tsx';
import { MarkTable } from './mark_table.tsx';
import { PaintList } from './paint_list.ts';
import { route, wavesLink } from './route.ts';
import { pxPerMm } from './settings.ts';
import { snapTo, WaveChart } from './wave_chart.tsx';
import type { WaveFrame } from './wave_lane.tsx';
import { useMarksAround, WaveMarks } from './wave_marks.tsx';
import { WaveOverview } from './wave_overview.tsx';
import { WaveReadout } from './wave_readout.tsx';
import { listenToPrinting } from './wave_strip.tsx';

const LANES_AT_FIRST = 4;
const LANES_WHERE_LOW = 2;
const LOW_PX = 560;
const PAN = 0.25;
const KEEP_MS = 700;

function Toolbar({ frame, first, choosing, onChoose }: { readonly frame: WaveFrame; readonly first: SignalDescription | undefined; readonly choosing: boolean; readonly onChoose: () => void }): JSX.Element {
  const { view, now } = frame;
  const speed = useCell(view.speed);
  const scale = useCell(view.scale);
  const { on } = useCell(view.callipers);
  const isAway = view.at < scale.start || view.at > scale.end;
  return (
    <div class="toolbar">
      <a class="button" href={`#/trends`} aria-label={ww('back')}><Icon name="trend" /><span class="button-text button-wide">{ww('back')}</span></a>
      <div class="segmented" role="group" aria-label={ww('speed')}>
        {PAPER_SPEEDS.map((one) => <button key={one} type="button" data-speed={one} aria-pressed={speed === one} onClick={() => view.setSpeed(one, scale.widthPx / 2, now())}>{formatNumber(one, null)}</button>)}
      </div>
      <span class="wave-speed" data-shown-speed={speed}>{ww('mms', { n: formatNumber(speed, null) })}</span>
      <div class="tools">
        <Button icon="left" compact label={ww('earlier')} onClick={() => view.pan(-PAN * scale.widthPx, now())} />
        <Button icon="right" compact label={ww('later')} onClick={() => view.pan(PAN * scale.widthPx, now())} />
        <Button icon="minus" compact label={ww('out')} onClick={() => view.stepSpeed(-1, now())} />
        <Button icon="plus" compact label={ww('in')} onClick={() => view.stepSpeed(1, now())} />
        {isAway && <button type="button" class="button" aria-label={ww('centre')} title={ww('centre')} onClick={() => view.show(view.at, now())}>A</button>}
        <button type="button" class="button" aria-pressed={on} aria-label={ww('callipers')} onClick={() => view.toggleCallipers((time) => (first === undefined ? time : snapTo(frame, first, time)))} data-callipers><Icon name="callipers" /><span class="button-text button-wide">{ww('callipers')}</span></button>
        <Button icon="list" compact label={ww('choose')} pressed={choosing} onClick={onChoose} />
        <button type="button" class="button" aria-label={ww('print')} title={ww('print')} onClick={() => print()} data-print><Icon name="print" /><span class="button-text button-wide">{ww('printShort')}</span></button>
      </div>
    </div>
  );
}

function Table({ shown: open, signals, summaries, marks }: { readonly marks: JSX.Element; readonly shown: boolean; readonly signals: readonly SignalDescription[]; readonly summaries: ReadonlyMap<number, Summary> }): JSX.Element {
  const spoken = useCell(language);
  const units = useCell(useBedside().store.session)?.units;
  return (
    <section class={open ? 'tables' : 'tables sr'} aria-label={t('action.table')} tabIndex={open ? 0 : undefined}>
      <table>
        <caption>{ww('table')}</caption>
        <thead><tr><th scope="col">{t('table.name')}</th><th scope="col">{t('table.min')}</th><th scope="col">{t('table.mean')}</th><th scope="col">{t('table.max')}</th><th scope="col">{t('table.unit')}</th><th scope="col">{ww('samples')}</th></tr></thead>
        <tbody>
          {signals.map((signal) => {
            const one = summaries.get(signal.number);
            const shown = shownIn(signal, units);
            return <tr key={signal.number} data-summary={signal.id}><th scope="row">{longName(signal, spoken)}</th>{[one?.min, one?.mean, one?.max].map((value, i) => <td key={i}>{value == null ? '---' : formatNumber(edge(shown, value), null)}</td>)}<td>{shown.label}</td><td>{one?.count ?? 0}</td></tr>;
          })}
        </tbody>
      </table>
      {marks}
    </section>
  );
}

/** The waves of one instant; another instant is another page. */
function WavesAt({ at, wanted }: { readonly at: number; readonly wanted: string }): JSX.Element {
  const { store, actions } = useBedside();
  const plan = useCell(store.plan);
  const session = useCell(store.session);
  const spoken = useCell(language);
  const table = useCell(actions.table);
  const mm = useCell(pxPerMm);
  const [choosing, setChoosing] = useState(false);
  const [ids, setIds] = useState<readonly string[] | null>(null);
  const [summaries, setSummaries] = useState<ReadonlyMap<number, Summary>>(new Map());
  const now = useCallback((): number => store.now() ?? Date.now(), [store]);
  const all = useMemo(() => plan.lanes.map((lane) => lane.wave), [plan]);
  const first = useMemo(() => waveOf(wanted, plan.lanes), [plan, wanted]);
  const signals = useMemo(() => {
    if (ids !== null) return all.filter((wave) => ids.includes(wave.id));
    const most = innerHeight < LOW_PX ? LANES_WHERE_LOW : LANES_AT_FIRST;
    return first === null ? [] : [first, ...all.filter((wave) => wave !== first)].slice(0, most);
  }, [all, first, ids]);
  const paints = useMemo(() => new PaintList(), []);
  const frame = useMemo<WaveFrame>(() => {
    const ratio = devicePixelRatio;
    return { view: new WaveView(at, mm * ratio, 1000), exact: new ExactStore(now), ward: wardClockOf(session), ratio, pxPerMm: mm * ratio, now, onPaint: paints.add };
  }, [at, mm, session, now, paints]);

  const marks = useMarksAround(frame, signals);
  const said = useRef('');
  const looked = useCallback((): void => {
    const { start, end } = frame.view.scale.value;
    const next = new Map(signals.map((signal) => [signal.number, summaryOf(frame.exact.pieces(signal.number, start, end), start, end)] as const));
    const text = JSON.stringify([...next]);
    if (text === said.current) return;
    said.current = text;
    setSummaries(next);
  }, [frame, signals]);

  useEffect(() => listenToPrinting(() => ({ signals, frame, session, marks })), [signals, frame, session, marks]);

  // The address says what is looked at, so that it can be opened again; it is no new page.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = frame.view.scale.watch(() => {
      clearTimeout(timer);
      timer = setTimeout(() => history.replaceState(null, '', wavesLink(toIso(utcMs(Math.round(frame.view.middle))), signals[0]?.id ?? wanted)), KEEP_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [frame, signals, wanted]);

  const lead = signals[0];
  const toggle = (id: string): void => {
    const chosen = signals.map((signal) => signal.id);
    setIds(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <>
      <Toolbar frame={frame} first={lead} choosing={choosing} onChoose={() => setChoosing(!choosing)} />
      {choosing && (
        <div class="chooser" role="group" aria-label={ww('choose')}>
          {all.map((signal) => <button key={signal.number} type="button" class="chip" aria-pressed={signals.includes(signal)} title={longName(signal, spoken)} onClick={() => toggle(signal.id)}>{labelOf(signal, spoken)}</button>)}
        </div>
      )}
      <WaveMarks marks={marks} frame={frame} />
      <WaveChart signals={signals} frame={frame} paints={paints} looked={looked} />
      {lead !== undefined && <WaveOverview signal={lead} frame={frame} />}
      {lead !== undefined && <WaveReadout signal={lead} frame={frame} />}
      <Faults frame={frame} />
      <Table shown={table} signals={signals} summaries={summaries} marks={<MarkTable marks={marks} ward={frame.ward} />} />
      {table && <Button icon="close" compact label={t('action.close')} onClick={() => actions.table.set(false)} />}
    </>
  );
}

function Faults({ frame }: { readonly frame: WaveFrame }): JSX.Element | null {
  useCell(frame.exact.arrived);
  if (!frame.exact.unreachable && frame.exact.faults === 0) return null;
  return <p class="wave-fault" role="alert"><strong>{frame.exact.unreachable ? ww('unreachable') : ww('faults', { n: frame.exact.faults })}</strong></p>;
}

/** Exact samples on paper: `#/waves?signal=ID&at=TIME`; without a time, the last half minute. */
export function WavesPage(): JSX.Element {
  const { store } = useBedside();
  const { query } = useCell(route);
  useCell(language);
  const asked = parseIso(query.get('at'));
  const at = useMemo(() => asked ?? utcMs((store.now() ?? Date.now()) - 5_000), [query]);
  return (
    <main class="trends exact" id="values" tabIndex={-1} data-at={at}>
      <h1 class="sr">{ww('title')}</h1>
      <WavesAt key={`${at} ${query.get('signal') ?? ''}`} at={at} wanted={query.get('signal') ?? ''} />
    </main>
  );
}
