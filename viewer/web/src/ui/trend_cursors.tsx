import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useCell, type Cell } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { t } from '../i18n/trend_words.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import type { TrendView } from '../trend/view.ts';
import type { SignalDescription } from '../wire/api.ts';

const LINK_PX = 210;
const STEP = 0.005;
const BIG_STEP = 0.05;

interface Props {
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ratio: number;
  readonly ward: WardClock;
  readonly now: () => number;
  /** On which lane a cursor was placed last. */
  readonly touched: Cell<SignalDescription | null>;
  /** Where the exact samples of an instant are; undefined = there is no way to them here. */
  readonly wavesAt: ((time: number, signal: string) => string) | undefined;
}

/** The two cursors, which the arrows move while one has the focus. From the one placed last a way leads to the exact samples, where the page has one. */
export function TrendCursors({ view, model, ratio, ward, now, touched, wavesAt }: Props): JSX.Element {
  const scale = useCell(view.scale);
  const cursors = useCell(view.cursors);
  const lane = useCell(touched);
  useCell(model.arrived);
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
  const at = cursors[cursors.last];
  const x = at === null ? -1 : scale.px(at) / ratio;
  const leads = wavesAt !== undefined && at !== null && x >= 0 && x <= width;
  // Until it is found, which takes a moment, the touched instant itself.
  const meant = lane === null || !leads ? null : model.instantOf(lane, scale, at);
  return (
    <>
      {line('a', cursors.a)}{line('b', cursors.b)}
      {leads && (
        <a class="button waves-here" href={wavesAt(meant ?? at, lane?.id ?? '')} data-waves-here={meant === null ? 'touched' : 'found'} style={{ left: `${x + 8 + LINK_PX > width ? Math.max(0, x - 8 - LINK_PX) : x + 8}px`, width: `${LINK_PX}px` }} onPointerDown={(event) => event.stopPropagation()}>{t('trends.waves')}</a>
      )}
    </>
  );
}
