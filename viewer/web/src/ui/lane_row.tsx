import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import type { LanePlan } from '../catalog/lanes.ts';
import { signalColour } from '../catalog/palette.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { formatAge, formatNumber, language, t } from '../i18n/i18n.ts';
import { isDemo, isReplayed } from '../wire/validity.ts';
import { useBedside } from './context.ts';
import { setData, setText } from './numeric_painter.ts';
import { Numeric } from './numeric_slot.tsx';
import { night } from './settings.ts';

/** Frame of one wave: name, scale, state and the numbers beside it. The wave itself is on the canvas behind all rows. */
export function LaneRow({ lane, showSpeed }: { readonly lane: LanePlan; readonly showSpeed: boolean }): JSX.Element {
  const { store } = useBedside();
  const spoken = useCell(language);
  const dark = useCell(night);
  const root = useRef<HTMLDivElement>(null);
  const high = useRef<HTMLSpanElement>(null);
  const low = useRef<HTMLSpanElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const overlay = useRef<HTMLSpanElement>(null);
  const { wave } = lane;
  const units = useCell(store.session)?.units;

  useLayoutEffect(() => {
    const shown = shownIn(wave, units);
    const paint = (): void => {
      if (root.current === null || high.current === null || low.current === null || note.current === null || overlay.current === null) return;
      const beat = store.lanes.get(wave.number);
      const state = store.stateOfLane(wave);
      const age = store.ageOf(beat?.lastTime ?? null);
      setData(root.current, 'state', state);
      setData(root.current, 'moving', String(beat?.drawn ?? 0));
      setText(high.current, beat === undefined || !beat.scaled ? '' : formatNumber(edge(shown, beat.high), null));
      setText(low.current, beat === undefined || !beat.scaled ? '' : formatNumber(edge(shown, beat.low), null));
      // What the whole link suffers from is said once, above; a lane speaks only of itself.
      setText(note.current, state === 'live' || state === store.link.value.state ? '' : state === 'lost' ? t('lost.lane') : age === null ? '' : t('age.ago', { age: formatAge(age) }));
      const validity = beat?.validity ?? 0;
      setText(overlay.current, isReplayed(validity) ? t('app.replay') : isDemo(validity) || store.session.value?.demo === true ? t('app.demo') : '');
    };
    paint();
    return store.tick.watch(paint);
  }, [store, wave, spoken, units]);

  return (
    <div class="lane" ref={root} data-lane={wave.id} data-state="lost" data-moving="0" data-number={wave.number} style={{ '--c': signalColour(wave.colour, wave.group, dark) }}>
      <div class="lane-head" title={longName(wave, spoken)}>
        <span class="lane-label">{labelOf(wave, spoken)}</span>
        <span class="lane-unit">{shownIn(wave, units).label}</span>
        <span class="lane-high" ref={high} />
        <span class="lane-low" ref={low} />
      </div>
      <div class="lane-plot">
        <span class="lane-demo" ref={overlay} aria-hidden="true" />
        {showSpeed && <span class="lane-speed">{t('live.speed', { speed: formatNumber(lane.speed, null) })}</span>}
        <span class="lane-note" ref={note} />
      </div>
      <div class="lane-numbers">
        {lane.numerics.map((slot, i) => <Numeric key={slot.key} slot={slot} size={i === 0 ? 'big' : 'small'} />)}
      </div>
    </div>
  );
}
