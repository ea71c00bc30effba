import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { WardClock } from '../base/local_time.ts';
import { shortLabel } from '../catalog/labels.ts';
import { language, t } from '../i18n/i18n.ts';
import { TrendModel } from '../trend/trend_model.ts';
import { TrendView } from '../trend/view.ts';
import type { OpenTrend } from './actions.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { TrendChart } from './trend_chart.tsx';

const ignore = (): void => undefined;

function OneTrend({ open }: { readonly open: OpenTrend }): JSX.Element | null {
  const { store, actions } = useBedside();
  const spoken = useCell(language);
  const session = useCell(store.session);
  const now = useMemo(() => (): number => store.now() ?? Date.now(), [store]);
  const model = useMemo(() => new TrendModel(() => store.now()), [store]);
  const view = useMemo(() => new TrendView(1, now(), 600), [now]);
  const ward = useMemo(() => new WardClock(session?.timeZone ?? 'UTC'), [session]);
  const [first] = open.slot.parts;
  if (first === undefined) return null;
  const name = shortLabel(open.slot.key, first, spoken);
  return (
    <section class="quick trends" data-quick={open.slot.key} data-low={open.low} style={{ '--parts': open.slot.parts.length }} aria-label={t('live.trend', { name })} onPointerDown={() => actions.keepTrend()}>
      <div class="quick-head"><strong>{name}</strong><span>{t('trends.last1h')}</span><Button icon="close" compact label={t('action.close')} onClick={() => actions.trend.set(null)} /></div>
      <TrendChart signals={open.slot.parts} view={view} model={model} ward={ward} now={now} report={ignore} brief />
    </section>
  );
}

/** The last hour of the number that was touched, over one half of the waves: the other half, and all numbers, stay in sight. */
export function QuickTrend(): JSX.Element | null {
  const { actions } = useBedside();
  const open = useCell(actions.trend);
  return open === null ? null : <OneTrend key={open.slot.parts[0]?.number} open={open} />;
}
