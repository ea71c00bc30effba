import type { JSX } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { shortLabel } from '../catalog/labels.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { t } from '../i18n/trend_words.ts';
import { TrendModel } from '../trend/trend_model.ts';
import { TrendView } from '../trend/view.ts';
import type { OpenTrend } from './actions.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { TrendChart, type Shown } from './trend_chart.tsx';

const NOTHING: Shown = { exact: false, min: null, mean: null, max: null };
const show = (value: number | null): string => (value === null ? '---' : formatNumber(value, null));

function OneTrend({ open }: { readonly open: OpenTrend }): JSX.Element | null {
  const { store, actions } = useBedside();
  const spoken = useCell(language);
  const session = useCell(store.session);
  const now = useMemo(() => (): number => store.now() ?? Date.now(), [store]);
  const model = useMemo(() => new TrendModel(() => store.now()), [store]);
  const view = useMemo(() => new TrendView(1, now(), 600), [now]);
  const ward = wardClockOf(session);
  const shown = useRef(new Map<number, Shown>());
  const [said, say] = useState<readonly Shown[]>([]);
  const report = useCallback((signal: number, one: Shown): void => void shown.current.set(signal, one), []);
  const looked = useCallback((): void => {
    const next = open.slot.parts.map((part) => shown.current.get(part.number) ?? NOTHING);
    say((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, [open]);
  const [first] = open.slot.parts;
  if (first === undefined) return null;
  const name = shortLabel(open.slot.key, first, spoken);
  return (
    <section class="quick trends" data-quick={open.slot.key} data-low={open.low} style={{ '--parts': open.slot.parts.length }} aria-label={t('live.trend', { name })} onPointerDown={() => actions.keepTrend()}>
      <div class="quick-head"><strong>{name}</strong><span>{t('trends.last1h')}</span>{said.map((one, i) => <span key={i} data-row={open.slot.parts[i]?.id}>{`${t('table.min')} ${show(one.min)} · ${t('table.mean')} ${show(one.mean)} · ${t('table.max')} ${show(one.max)}`}</span>)}<Button icon="close" compact label={t('action.close')} onClick={() => actions.trend.set(null)} /></div>
      <TrendChart signals={open.slot.parts} view={view} model={model} ward={ward} now={now} report={report} looked={looked} brief />
    </section>
  );
}

/** The last hour of the number that was touched, over one half of the waves: the other half, and all numbers, stay in sight. */
export function QuickTrend(): JSX.Element | null {
  const { actions } = useBedside();
  const open = useCell(actions.trend);
  return open === null ? null : <OneTrend key={open.slot.parts[0]?.number} open={open} />;
}
