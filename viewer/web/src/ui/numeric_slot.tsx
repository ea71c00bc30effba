import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { longName, shortLabel } from '../catalog/labels.ts';
import type { NumericSlot } from '../catalog/lanes.ts';
import { signalColour } from '../catalog/palette.ts';
import { MISSING, shownIn } from '../catalog/units.ts';
import { language, t } from '../i18n/i18n.ts';
import { useBedside } from './context.ts';
import type { BoundPart } from './numeric_painter.ts';
import { night } from './settings.ts';

const LONG_UNIT = 6;
const SEPARATORS: readonly (readonly [string, string])[] = [['', ''], ['/', ''], [' (', ')']];

/** One number with its name, unit and age, or a pressure as systolic/diastolic (mean). The values are written by the painter. */
export function Numeric({ slot, size }: { readonly slot: NumericSlot; readonly size: 'big' | 'small' | 'cell' }): JSX.Element | null {
  const { painter, actions, store } = useBedside();
  const units = useCell(store.session)?.units;
  const open = useCell(actions.trend);
  const spoken = useCell(language);
  const dark = useCell(night);
  const root = useRef<HTMLDivElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const values = useRef<(HTMLElement | null)[]>([]);
  // Before the page is drawn, so that a value never stands beside the unit of another.
  useLayoutEffect(() => {
    if (root.current === null || age.current === null) return undefined;
    const parts = slot.parts.flatMap((signal, i): BoundPart[] => {
      const element = values.current[i];
      return element == null ? [] : [{ signal, element, shown: shownIn(signal, units) }];
    });
    return painter.bind({ root: root.current, age: age.current, brief: size === 'small' || (size === 'cell' && slot.parts.length === 1), parts });
  }, [slot, painter, size, units]);
  const first = slot.parts[0];
  if (first === undefined) return null;
  const name = shortLabel(slot.key, first, spoken);
  const isOpen = open !== null && open.slot.parts[0]?.number === first.number;
  const touch = (event: { readonly currentTarget: HTMLElement }): void => {
    const field = event.currentTarget.closest('.waves-frame')?.getBoundingClientRect();
    const own = event.currentTarget.getBoundingClientRect();
    actions.toggleTrend(slot, field === undefined || own.top + own.bottom < field.top + field.bottom);
  };
  const { label } = shownIn(first, units);
  const unit = <span class="num-unit" data-long={label.length > LONG_UNIT}>{label}</span>;
  return (
    <div class={`num num-${size}`} ref={root} data-slot={slot.key} data-kind={first.kind} data-parts={slot.parts.length} style={{ '--c': signalColour(first.colour, first.group, dark) }} title={slot.parts.map((part) => longName(part, spoken)).join(' · ')}>
      <div class="num-head">
        <span class="num-label">{name}</span>
        {size !== 'cell' && unit}
        <span class="num-age" ref={age} />
      </div>
      <div class="num-value">
        {slot.parts.map((part, i) => (
          <span key={part.number} class={i === 2 ? 'num-mean' : undefined}>
            {SEPARATORS[slot.parts.length === 1 ? 0 : i]?.[0]}
            <span data-signal={part.id} data-state="lost" ref={(element: HTMLElement | null) => { values.current[i] = element; }}>{MISSING}</span>
            {SEPARATORS[slot.parts.length === 1 ? 0 : i]?.[1]}
          </span>
        ))}
        {size === 'cell' && unit}
      </div>
      {size === 'big' && <button type="button" class="num-touch" aria-expanded={isOpen} aria-label={t('live.trend', { name })} onClick={touch} />}
    </div>
  );
}
