import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { WardClock } from '../base/local_time.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { planTrends } from '../catalog/lanes.ts';
import { unitLabel } from '../catalog/units.ts';
import { formatAge, formatNumber, language, t } from '../i18n/i18n.ts';
import { levelFor } from '../trend/tile_cache.ts';
import { listenToGestures } from '../trend/gestures.ts';
import { TrendModel } from '../trend/trend_model.ts';
import { tickStep, TrendView } from '../trend/view.ts';
import { columnMs } from '../wire/tile.ts';
import type { SignalDescription } from '../wire/api.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { route } from './route.ts';
import { listenToTrendKeys } from './trend_keys.ts';
import { TrendAxis } from './trend_axis.tsx';
import { TrendLane, type TrendFrame } from './trend_lane.tsx';
import { TrendToolbar } from './trend_toolbar.tsx';

const DEFAULT_H = 24;
const FOLLOW_MS = 1_000;
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

function useChosen(signals: readonly SignalDescription[], wanted: string | null): readonly [readonly SignalDescription[], readonly SignalDescription[], (id: string) => void] {
  const plan = useMemo(() => planTrends(signals), [signals]);
  const [ids, setIds] = useState<readonly string[] | null>(wanted === null ? null : wanted.split(','));
  const chosen = ids === null ? plan.chosen : plan.all.filter((signal) => ids.includes(signal.id));
  const toggle = (id: string): void => {
    const now = chosen.map((signal) => signal.id);
    setIds(now.includes(id) ? now.filter((one) => one !== id) : [...now, id]);
  };
  return [chosen, plan.all, toggle];
}

function Cursors({ view, ratio }: { readonly view: TrendView; readonly ratio: number }): JSX.Element {
  const scale = useCell(view.scale);
  const { a, b } = useCell(view.cursors);
  const line = (name: 'a' | 'b', time: number | null): JSX.Element | null =>
    time === null || time < scale.start || time > scale.end ? null : <div class={`cursor cursor-${name}`} style={{ left: `${scale.px(time) / ratio}px` }}><i>{name.toUpperCase()}</i></div>;
  return <>{line('a', a)}{line('b', b)}</>;
}

export function TrendsPage(): JSX.Element {
  const { store, actions } = useBedside();
  const signals = useCell(store.signals);
  const session = useCell(store.session);
  const spoken = useCell(language);
  const table = useCell(actions.table);
  const ratio = devicePixelRatio;
  const now = (): number => store.now() ?? Date.now();
  const query = useCell(route).query;
  const hours = Number(query.get('h')) || DEFAULT_H;
  const model = useMemo(() => new TrendModel(() => store.now()), [store]);
  const view = useMemo(() => new TrendView(hours, now(), 1000), [model]);
  const [chosen, all, toggle] = useChosen(signals, query.get('s'));
  const [choosing, setChoosing] = useState(false);
  const [exact, setExact] = useState(false);
  const lanes = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const summary = useRef(new Map<number, { exact: boolean; min: number | null; mean: number | null; max: number | null }>());
  const ward = useMemo(() => new WardClock(session?.timeZone ?? 'UTC'), [session]);
  const paints = useMemo(() => new PaintList(), []);
  const movedAt = useRef(0);

  useEffect(() => view.show(hours, now()), [hours, view]);

  const frame = useMemo<TrendFrame>(() => ({
    view, model, ratio,
    grid: () => ward.ticks(view.scale.value.start, view.scale.value.end, tickStep(view.scale.value, ratio)).map((tick) => view.scale.value.column(tick.time)),
    settled: () => performance.now() - movedAt.current > SETTLE_MS,
    onPaint: paints.add,
    report: (signal, isExact, rest) => summary.current.set(signal, { exact: isExact, ...rest }),
  }), [view, model, ratio, ward, paints]);

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
      const shown = chosen.map((signal) => summary.current.get(signal.number)?.exact === true);
      setExact(shown.length > 0 && shown.every(Boolean));
    }, FOLLOW_MS / 2);
    model.askEvents(view.scale.value);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [view, model, paints, frame, chosen]);

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

  const level = columnMs(levelFor(useCell(view.scale).msPerPx));
  return (
    <main class="trends" id="values" tabIndex={-1}>
      <TrendToolbar view={view} ward={ward} now={now} choosing={choosing} onChoose={() => setChoosing(!choosing)} />
      {choosing && (
        <div class="chooser" role="group" aria-label={t('trends.choose')}>
          {all.map((signal) => <button key={signal.number} type="button" class="chip" aria-pressed={chosen.includes(signal)} title={longName(signal, spoken)} onClick={() => toggle(signal.id)}>{labelOf(signal, spoken)}</button>)}
        </div>
      )}
      <div class="trend-lanes" ref={lanes}>
        {chosen.map((signal) => <TrendLane key={signal.number} signal={signal} frame={frame} />)}
        {chosen.length === 0 && <div class="empty"><strong>{t('trends.empty')}</strong></div>}
        <div class="trend-plot" ref={plot} data-trend-plot><Cursors view={view} ratio={ratio} /></div>
      </div>
      <div class="trend-axis"><TrendAxis view={view} model={model} ward={ward} ratio={ratio} /></div>
      <p class="trend-legend">
        <span class={exact ? 'tag tag-exact' : 'tag'} data-exact={exact}>{exact ? t('trends.exact') : t('trends.minmax', { w: level < 1000 ? `${formatNumber(level, null)} ms` : formatAge(level) })}</span>
        <span>{t('trends.gap')}</span><span class="trend-hint">{t('trends.hint')}</span>
        {model.unreachable && <strong role="alert">{t('trends.unreachable')}</strong>}
      </p>
      <section class={table ? 'tables' : 'tables sr'}>
        <table>
          <caption>{t('nav.trends')}</caption>
          <thead><tr>{(['table.name', 'table.min', 'table.mean', 'table.max', 'table.unit'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
          <tbody>
            {chosen.map((signal) => {
              const one = summary.current.get(signal.number);
              return <tr key={signal.number}><th scope="row">{longName(signal, spoken)}</th>{[one?.min, one?.mean, one?.max].map((value, i) => <td key={i}>{value == null ? '---' : formatNumber(value, null)}</td>)}<td>{unitLabel(signal.unit)}</td></tr>;
            })}
          </tbody>
        </table>
      </section>
      {table && <Button icon="close" compact label={t('action.close')} onClick={() => actions.table.set(false)} />}
    </main>
  );
}
