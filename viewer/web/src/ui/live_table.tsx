import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { longName } from '../catalog/labels.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { formatAge, formatNumber, language, t } from '../i18n/i18n.ts';
import { useBedside } from './context.ts';
import { valueText } from './numeric_painter.ts';

const SLOW_TICKS = 4;
const BEHIND_MS = 100;

/** The same values as text: for eyes on demand, as quick as the numbers; for screen readers always, renewed once a second. */
export function LiveTable({ shown: open }: { readonly shown: boolean }): JSX.Element {
  const { store } = useBedside();
  const signals = useCell(store.signals);
  const spoken = useCell(language);
  const units = useCell(store.session)?.units;
  const [, renew] = useState(0);
  // Unseen it waits a little: what is seen must not turn late behind it.
  useEffect(() => store.tick.watch((tick) => {
    if (open) renew(tick);
    else if (tick % SLOW_TICKS === 0) setTimeout(() => renew(tick), BEHIND_MS);
  }), [store, open]);
  const age = (time: number | null): string => {
    const ms = store.ageOf(time);
    return ms === null ? '' : formatAge(ms);
  };
  return (
    <section class={open ? 'tables' : 'tables sr'} data-tables aria-label={t('action.table')} tabIndex={open ? 0 : undefined}>
      <table>
        <caption>{t('table.numbers')}</caption>
        <thead><tr>{(['table.name', 'table.value', 'table.unit', 'table.age', 'table.state'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
        <tbody>
          {signals.filter((signal) => signal.kind !== 'waveform').map((signal) => {
            const state = store.stateOf(signal);
            const known = store.numbers.get(signal.number);
            const shown = shownIn(signal, units);
            return (
              <tr key={signal.number} data-row={signal.id}>
                <th scope="row">{longName(signal, spoken)}</th>
                <td>{valueText(known, state, shown)}</td><td>{shown.label}</td><td>{age(known?.time ?? null)}</td><td>{t(`state.${state}`)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <table>
        <caption>{t('table.waves')}</caption>
        <thead><tr>{(['table.name', 'table.min', 'table.max', 'table.unit', 'table.state'] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr></thead>
        <tbody>
          {store.plan.value.lanes.map(({ wave }) => {
            const beat = store.lanes.get(wave.number);
            const shown = shownIn(wave, units);
            const state = store.stateOfLane(wave);
            const show = (value: number | null | undefined): string => (value == null || state !== 'live' ? '---' : formatNumber(edge(shown, value), null));
            return (
              <tr key={wave.number} data-row={wave.id}>
                <th scope="row">{longName(wave, spoken)}</th>
                <td>{show(beat?.min)}</td><td>{show(beat?.max)}</td><td>{shown.label}</td><td>{t(`state.${state}`)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
