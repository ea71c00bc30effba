import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import type { BedPlan } from '../catalog/lanes.ts';
import { LATE_GREY, signalColour } from '../catalog/palette.ts';
import { formatDuration, language, t } from '../i18n/i18n.ts';
import type { LaneLayout } from '../live/messages.ts';
import { useBedside } from './context.ts';
import { lazy } from './lazy.tsx';
import { LaneRow } from './lane_row.tsx';
import { LiveTable } from './live_table.tsx';
import { LostBanner } from './lost_banner.tsx';
import { Numeric } from './numeric_slot.tsx';
import { night, pxPerMm, textSize } from './settings.ts';

const QuickTrend = lazy(async () => (await import('./quick_trend.tsx')).QuickTrend, { part: 'afterwards' });

/** A row has room for a touch target of 48 px with 8 px to the next. */
const LEAST_ROW_REM = 3.5;
const NIGHT_GREY = '#7c7c79';

/** Tells the worker where each row is, whenever rows or sizes change. */
function useWaveLayout(waves: RefObject<HTMLDivElement | null>, host: RefObject<HTMLDivElement | null>, plan: BedPlan): void {
  const { engine } = useBedside();
  const dark = useCell(night);
  const mm = useCell(pxPerMm);
  const size = useCell(textSize);
  useLayoutEffect(() => {
    const measure = (): void => {
      if (waves.current === null || host.current === null) return;
      // Whole rows only: as many as have room, the others are below and are told.
      const least = LEAST_ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const room = waves.current.clientHeight;
      const shown = Math.min(plan.lanes.length, Math.max(1, Math.floor(room / least)));
      if (shown > 0) waves.current.style.setProperty('--row', `${room / shown}px`);
      const rows = [...waves.current.querySelectorAll<HTMLElement>('.lane')];
      const lanes = plan.lanes.flatMap(({ wave, speed }, i): LaneLayout[] => {
        const row = rows[i];
        return row === undefined ? [] : [{
          number: wave.number, device: wave.device, top: row.offsetTop, height: row.offsetHeight - 1, speed,
          colour: signalColour(wave.colour, wave.group, dark), displayMin: wave.displayMin, displayMax: wave.displayMax,
        }];
      });
      const last = rows.at(-1);
      const height = last === undefined ? 0 : last.offsetTop + last.offsetHeight;
      host.current.style.height = `${height}px`;
      engine.setLayout({ width: host.current.clientWidth, height, ratio: devicePixelRatio, pxPerMm: mm, grey: dark ? NIGHT_GREY : LATE_GREY, lanes });
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (waves.current !== null) observer.observe(waves.current);
    return () => observer.disconnect();
  }, [plan, dark, mm, size, engine, waves, host]);
}

/** Says how many waves are below the edge; a touch shows them. Nothing of the bed is out of sight without a word. */
function MoreBelow({ waves, plan }: { readonly waves: RefObject<HTMLDivElement | null>; readonly plan: BedPlan }): JSX.Element | null {
  const [below, setBelow] = useState(0);
  useEffect(() => {
    const element = waves.current;
    if (element === null) return undefined;
    const count = (): void => {
      const edge = element.scrollTop + element.clientHeight;
      setBelow([...element.querySelectorAll<HTMLElement>('.lane')].filter((row) => row.offsetTop + row.offsetHeight / 2 > edge).length);
    };
    count();
    element.addEventListener('scroll', count);
    const observer = new ResizeObserver(count);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', count);
      observer.disconnect();
    };
  }, [waves, plan]);
  if (below === 0) return null;
  return <button type="button" class="button more-below" onClick={() => waves.current?.scrollBy({ top: waves.current.clientHeight })}>{t('live.more', { n: below })}</button>;
}

function FrozenTag(): JSX.Element | null {
  const { actions, store } = useBedside();
  const frozen = useCell(actions.frozen);
  useCell(store.tick);
  if (frozen === null) return null;
  const back = frozen.backMs > 0 ? ` · −${frozen.backMs / 1000} s` : '';
  return <div class="frozen" role="status">{t('action.frozen', { age: formatDuration(performance.now() - frozen.sinceMs) })}{back}</div>;
}

export function LivePage(): JSX.Element {
  const { store, engine, actions } = useBedside();
  const plan = useCell(store.plan);
  const table = useCell(actions.table);
  const link = useCell(store.link);
  useCell(language);
  const waves = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  useWaveLayout(waves, host, plan);
  useEffect(() => {
    engine.setHost(host.current);
    return () => {
      engine.setHost(null);
      actions.trend.set(null);
    };
  }, [engine, actions]);
  const { lanes, grid } = plan;
  return (
    <main class="live" data-link={link.state} data-lanes={lanes.length} id="values" tabIndex={-1}>
      <h1 class="sr">{t('nav.live')}</h1>
      <div class="waves-frame">
        <section class="waves" aria-label={t('live.waves')} ref={waves}>
          <div class="wave-host" ref={host} />
          {lanes.map((lane, i) => <LaneRow key={lane.wave.number} lane={lane} showSpeed={lanes[i - 1]?.speed !== lane.speed} />)}
          {lanes.length === 0 && grid.length === 0 && <div class="empty"><strong>{t('live.empty')}</strong><span>{t('live.emptyHint')}</span></div>}
        </section>
        <QuickTrend />
        <LostBanner />
        <FrozenTag />
      </div>
      <section class="grid" aria-label={t('live.numbers')} hidden={grid.length === 0}>
        <MoreBelow waves={waves} plan={plan} />
        {grid.map((slot) => <Numeric key={slot.parts[0]?.number} slot={slot} size="cell" />)}
      </section>
      <LiveTable shown={table} />
    </main>
  );
}
