import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell, useCellPart } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { parseIso, toIso, utcMs } from '../base/time.ts';
import { isWhole, trendTable } from '../csv/csv_tables.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { planTrends } from '../catalog/lanes.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { formatAge, formatNumber, language } from '../i18n/i18n.ts';
import { mw } from '../i18n/mark_words.ts';
import { t } from '../i18n/trend_words.ts';
import { levelFor } from '../trend/tile_cache.ts';
import { TrendModel } from '../trend/trend_model.ts';
import { TrendView } from '../trend/view.ts';
import { columnMs } from '../wire/tile.ts';
import type { SignalDescription } from '../wire/api.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { CsvButton, CsvPanel, type ShownTable } from './csv_panel.tsx';
import { MarkChoice } from './mark_bar.tsx';
import { MarkTable } from './mark_table.tsx';
import { route, wavesLink } from './route.ts';
import { TrendChart, type LaneHeight, type Shown } from './trend_chart.tsx';
import { TrendToolbar } from './trend_toolbar.tsx';

const DEFAULT_H = 24;

/** Where a lane was touched last. */
interface Touched {
  readonly signal: SignalDescription;
  readonly time: number;
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

export function TrendsPage(): JSX.Element {
  const { store, actions } = useBedside();
  const signals = useCell(store.signals);
  const session = useCell(store.session);
  const spoken = useCell(language);
  const table = useCell(actions.table);
  const now = (): number => store.now() ?? Date.now();
  const query = useCell(route).query;
  const hours = Number(query.get('h')) || DEFAULT_H;
  const model = useMemo(() => new TrendModel(() => store.now()), [store]);
  const view = useMemo(() => new TrendView(hours, now(), 1000), [model]);
  const [chosen, all, toggle] = useChosen(signals, query.get('s'));
  const [choosing, setChoosing] = useState(false);
  const [height, setHeight] = useState<LaneHeight>('s');
  const [exact, setExact] = useState(false);
  const [csv, setCsv] = useState(false);
  const summary = useRef(new Map<number, Shown>());
  const ward = wardClockOf(session);
  const report = useCallback((signal: number, shown: Shown): void => {
    summary.current.set(signal, shown);
  }, []);
  const looked = useCallback((): void => {
    const shown = chosen.map((signal) => summary.current.get(signal.number)?.exact === true);
    setExact(shown.length > 0 && shown.every(Boolean));
  }, [chosen]);

  const [touched, setTouched] = useState<Touched | null>(null);
  const touch = useCallback((signal: SignalDescription, time: number) => setTouched(time <= now() ? { signal, time } : null), [model]);
  const events = useCell(model.events);
  const until = parseIso(query.get('to'));
  useEffect(() => {
    if (until === null) view.show(hours, now());
    else view.showUntil(hours, until);
  }, [hours, until, view]);
  const makeTable = (): ShownTable | null => {
    const scale = view.scale.value;
    const lanes = chosen.map((signal) => ({ signal, columns: model.columns(signal, scale), decimals: store.numbers.get(signal.number)?.decimals ?? null }));
    return isWhole(lanes) ? { table: trendTable(lanes, scale, model.events.value, ward, session?.units, spoken), from: scale.start, to: Math.min(scale.end, now()) } : null;
  };

  const level = useCellPart(view.scale, ({ msPerPx }) => columnMs(levelFor(msPerPx)));
  return (
    <main class="trends" id="values" tabIndex={-1}>
      <h1 class="sr">{t('nav.trends')}</h1>
      <TrendToolbar view={view} ward={ward} now={now} choosing={choosing} onChoose={() => setChoosing(!choosing)} height={height} onHeight={setHeight}><CsvButton open={csv} onClick={() => setCsv(!csv)} /></TrendToolbar>
      {csv && <CsvPanel make={makeTable} close={() => setCsv(false)} />}
      {choosing && (
        <div class="chooser" role="group" aria-label={t('trends.choose')}>
          {all.map((signal) => <button key={signal.number} type="button" class="chip" aria-pressed={chosen.includes(signal)} title={longName(signal, spoken)} onClick={() => toggle(signal.id)}>{labelOf(signal, spoken)}</button>)}
        </div>
      )}
      <TrendChart signals={chosen} view={view} model={model} ward={ward} now={now} report={report} looked={looked} height={height} touchedAt={touch} wavesAt={(time, signal) => wavesLink(toIso(utcMs(time)), signal || (chosen[0]?.id ?? ''))}>
        {chosen.length === 0 && <div class="empty"><strong>{t('trends.empty')}</strong></div>}
      </TrendChart>
      {touched !== null && <MarkChoice signal={touched.signal.number} time={touched.time} title={mw('titleOf', { name: labelOf(touched.signal, spoken), time: ward.minute(touched.time) })} done={() => setTouched(null)} />}
      <p class="trend-legend">
        <span class={exact ? 'tag tag-exact' : 'tag'} data-exact={exact}>{exact ? t('trends.exact') : t('trends.minmax', { w: level < 1000 ? `${formatNumber(level, null)} ms` : formatAge(level) })}</span>
        <span>{t('trends.gap')}</span><span class="trend-hint">{t('trends.hint')}</span>
        {model.unreachable && <strong role="alert">{t('trends.unreachable')}</strong>}
      </p>
      <section class={table ? 'tables' : 'tables sr'} aria-label={t('action.table')} tabIndex={table ? 0 : undefined}>
        <table>
          <caption>{t('nav.trends')}</caption>
          <thead><tr>{(['table.name', 'table.min', 'table.mean', 'table.max', 'table.unit'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
          <tbody>
            {chosen.map((signal) => {
              const one = summary.current.get(signal.number);
              const shown = shownIn(signal, session?.units);
              return <tr key={signal.number} data-row={signal.id}><th scope="row">{longName(signal, spoken)}</th>{[one?.min, one?.mean, one?.max].map((value, i) => <td key={i}>{value == null ? '---' : formatNumber(edge(shown, value), null)}</td>)}<td>{shown.label}</td></tr>;
            })}
          </tbody>
        </table>
        <MarkTable marks={events.marks} ward={ward} />
      </section>
      {table && <Button icon="close" compact label={t('action.close')} onClick={() => actions.table.set(false)} />}
    </main>
  );
}
