import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { t } from '../i18n/i18n.ts';
import type { TrendView } from '../trend/view.ts';

const LINK_PX = 210;
const STEP = 0.005;
const BIG_STEP = 0.05;

interface Props {
  readonly view: TrendView;
  readonly ratio: number;
  readonly ward: WardClock;
  readonly now: () => number;
  /** Where the exact samples of an instant are; undefined = there is no way to them here. */
  readonly wavesAt: ((time: number) => string) | undefined;
}

/** The two cursors, which the arrows move while one has the focus. From the one placed last a way leads to the exact samples, where the page has one. */
export function TrendCursors({ view, ratio, ward, now, wavesAt }: Props): JSX.Element {
  const scale = useCell(view.scale);
  const cursors = useCell(view.cursors);
  const newest = useCell(view.newest);
  const width = scale.widthPx / ratio;
  const drawn = useRef<{ [name in 'a' | 'b']: HTMLDivElement | null }>({ a: null, b: null });
  useLayoutEffect(() => {
    const next = view.focusNext === null ? null : drawn.current[view.focusNext];
    if (next === null) return;
    view.focusNext = null;
    next.focus();
  });
  const move = (name: 'a' | 'b', event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    event.stopPropagation();
    view.nudge(name, direction * scale.widthPx * (event.shiftKey ? BIG_STEP : STEP));
  };
  const line = (name: 'a' | 'b', time: number | null): JSX.Element | null => time === null || time < scale.start || time > scale.end ? null : (
    <div
      class={`cursor cursor-${name}`} style={{ left: `${scale.px(time) / ratio}px` }} data-cursor={name} ref={(element: HTMLDivElement | null) => { drawn.current[name] = element; }} role="slider" tabIndex={0} aria-label={t(name === 'a' ? 'trends.cursorA' : 'trends.cursorB')}
      aria-valuemin={Math.round(scale.start)} aria-valuemax={Math.round(scale.end)} aria-valuenow={Math.round(time)} aria-valuetext={ward.stamp(time, now())} onKeyDown={(event) => move(name, event)}
    ><i>{name.toUpperCase()}</i></div>
  );
  const at = newest === null ? null : cursors[newest];
  const x = at === null ? -1 : scale.px(at) / ratio;
  return (
    <>
      {line('a', cursors.a)}{line('b', cursors.b)}
      {wavesAt !== undefined && at !== null && x >= 0 && x <= width && (
        <a class="button waves-here" href={wavesAt(at)} data-waves-here style={{ left: `${x + 8 + LINK_PX > width ? Math.max(0, x - 8 - LINK_PX) : x + 8}px`, width: `${LINK_PX}px` }} onPointerDown={(event) => event.stopPropagation()}>{t('trends.waves')}</a>
      )}
    </>
  );
}
