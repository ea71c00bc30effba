import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { LATE_GREY, signalColour } from '../catalog/palette.ts';
import { language } from '../i18n/i18n.ts';
import type { LaneLayout } from '../live/messages.ts';
import { night, pxPerMm, textSize } from '../ui/settings.ts';
import './ward.css';
import { Tile } from './tile.tsx';
import { WardEngine } from './ward_engine.ts';
import { WardStore } from './ward_store.ts';
import { wardWords as w } from '../i18n/ward_words.ts';

export { OtherBed } from './other_bed.tsx';

const NIGHT_GREY = '#7c7c79';
/** Waves that are read slowly, as on a bed's own screen. */
const SLOW = /^(resp|co2|paw|airway|o2|n2o|agent)/;

/** All beds of the ward, each in its place, by one socket and on one canvas. */
export function WardPage(): JSX.Element {
  const [store] = useState(() => new WardStore());
  const beds = useCell(store.beds);
  const hub = useCell(store.hub);
  const givenBy = useCell(store.givenBy);
  const polling = useCell(store.polling);
  const link = useCell(store.link);
  const dark = useCell(night);
  const mm = useCell(pxPerMm);
  const size = useCell(textSize);
  useCell(language);
  const grid = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const engine = useRef<WardEngine | null>(null);

  useEffect(() => {
    if (host.current === null) return undefined;
    const started = new WardEngine(store, host.current);
    engine.current = started;
    return () => {
      started.end();
      engine.current = null;
    };
  }, [store]);

  useLayoutEffect(() => {
    const measure = (): void => {
      if (grid.current === null || host.current === null) return;
      // What was measured before, and a canvas that has no size yet, must not count as something to scroll to.
      host.current.style.height = '0';
      const { clientWidth: width, scrollHeight: height } = grid.current;
      const corner = grid.current.getBoundingClientRect();
      const lanes = beds.flatMap(({ place, wave }): LaneLayout[] => {
        const strip = grid.current?.querySelector(`[data-place="${place}"]`)?.getBoundingClientRect();
        return strip === undefined || wave === null ? [] : [{
          number: place, device: wave.device, left: strip.left - corner.left, top: strip.top - corner.top + (grid.current?.scrollTop ?? 0), width: strip.width, height: strip.height,
          speed: SLOW.test(wave.id) ? 6.25 : 25, colour: signalColour(wave.colour, wave.group, dark), displayMin: wave.displayMin, displayMax: wave.displayMax,
        }];
      });
      host.current.style.height = `${height}px`;
      engine.current?.setLayout({ width, height, ratio: devicePixelRatio, pxPerMm: mm, grey: dark ? NIGHT_GREY : LATE_GREY, lanes });
    };
    // The worker is started by an effect of its own, after this one's first run.
    const first = requestAnimationFrame(measure);
    const observer = new ResizeObserver(measure);
    if (grid.current !== null) observer.observe(grid.current);
    return () => {
      cancelAnimationFrame(first);
      observer.disconnect();
    };
  }, [beds, dark, mm, size]);

  return (
    <main class="ward" id="values" tabIndex={-1} data-hub={link} data-beds={beds.length}>
      <h1 class="sr">{w('title')}</h1>
      {polling && <p class="ward-note" role="status">{w('noWaves')}</p>}
      <div class="ward-grid" ref={grid} data-count={beds.length}>
        <div class="ward-host" ref={host} />
        {beds.map((bed) => <Tile key={bed.place} bed={bed} store={store} />)}
      </div>
      {beds.length === 0 && <div class="empty" data-ward-none={hub === false || undefined}><strong>{w(hub === false ? 'none' : 'waiting')}</strong>{hub === false && <span>{w('noneHint')}</span>}</div>}
      {givenBy !== null && <p class="ward-note" data-given>{w('given', { who: givenBy })}</p>}
    </main>
  );
}
