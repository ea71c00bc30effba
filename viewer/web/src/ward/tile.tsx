import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { shortLabel } from '../catalog/labels.ts';
import { signalColour } from '../catalog/palette.ts';
import { shownIn } from '../catalog/units.ts';
import { formatAge, formatDuration, language, t } from '../i18n/i18n.ts';
import { setData, setText, valueText } from '../ui/numeric_painter.ts';
import { night } from '../ui/settings.ts';
import { isDemo, isReplayed, isUsable, Validity } from '../wire/validity.ts';
import { judgeTile, stateOfSignal, type TileView } from './judge.ts';
import type { WardBed, WardSlot } from './ward_api.ts';
import type { WardStore } from './ward_store.ts';
import { useBedside } from '../ui/context.ts';
import { wardWords as w } from '../i18n/ward_words.ts';

const STARS = { high: '***', medium: '**', low: '*', none: '' } as const;
/** Another box's clock that is further off than this is told; it does not matter for any age. */
const CLOCK_MS = 2_000;

export const nameOf = (bed: string): string => (/^\d+\w?$/.test(bed) ? t('app.bed', { bed }) : bed);

export const linkTo = (bed: WardBed): string => (bed.own ? '#/live' : `/ward/${encodeURIComponent(bed.bed)}/#/live`);

/** One sentence below what is missing. */
function whyOf(bed: WardBed, view: TileView): string {
  switch (view.missing) {
    case null: return '';
    case 'refused': return w('refusedWhy');
    case 'other': return bed.said === '' ? w('otherNone') : w('otherWhy', { bed: bed.said });
    case 'never': return w('neverWhy');
    case 'hub':
    case 'box':
    case 'devices': return w('look');
  }
}

function Slot({ slot, find, paints }: { readonly slot: WardSlot; readonly find: () => WardBed | undefined; readonly paints: PaintSet }): JSX.Element | null {
  const spoken = useCell(language);
  const dark = useCell(night);
  const units = useCell(useBedside().store.session)?.units;
  const values = useRef<(HTMLElement | null)[]>([]);
  useEffect(() => paints((bed, now, hub) => {
    const own = bed.slots.find((one) => one.key === slot.key);
    own?.parts.forEach(({ signal, decimals }, i) => {
      const element = values.current[i];
      if (element == null) return;
      const state = stateOfSignal(bed, signal, now, hub);
      const { last } = signal;
      setText(element, valueText(last === null ? undefined : { number: signal.number, ...last, decimals }, state, shownIn(signal, units)));
      setData(element, 'state', state);
      setData(element, 'questionable', String(state !== 'lost' && last !== null && isUsable(last.validity) && (last.validity & Validity.Questionable) !== 0));
    });
  }), [slot, find, paints, units]);
  const first = slot.parts[0]?.signal;
  if (first === undefined) return null;
  const marks = slot.parts.length === 1 ? ['', ''] : ['', '/', ' (', ')'];
  return (
    <span class="tile-slot" style={{ '--c': signalColour(first.colour, first.group, dark) }}>
      <span class="tile-label">{shortLabel(slot.key, first, spoken)} <small>{shownIn(first, units).label}</small></span>
      <span class="tile-value">
        {slot.parts.map(({ signal }, i) => <span key={signal.number}>{marks[i]}<b data-tile-signal={signal.id} data-state="lost" ref={(element: HTMLElement | null) => { values.current[i] = element; }}>---</b>{i === 2 ? ')' : ''}</span>)}
      </span>
    </span>
  );
}

type Paint = (bed: WardBed, now: number | null, hub: TileView['state']) => void;
export type PaintSet = (paint: Paint) => () => void;

/** One bed. Its place never changes, and what it lacks is said where it would be. The whole tile leads to the bed. */
export function Tile({ bed, store }: { readonly bed: WardBed; readonly store: WardStore }): JSX.Element {
  const spoken = useCell(language);
  const dark = useCell(night);
  const root = useRef<HTMLAnchorElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const missing = useRef<HTMLSpanElement>(null);
  const why = useRef<HTMLSpanElement>(null);
  const alert = useRef<HTMLSpanElement>(null);
  const demo = useRef<HTMLSpanElement>(null);
  const { place } = bed;
  const find = useRef(() => store.bed(place)).current;
  const paints = useRef<PaintSet>((paint) => {
    const run = (): void => {
      const now = store.bed(place);
      if (now !== undefined) paint(now, store.now(), store.link.value);
    };
    run();
    return store.tick.watch(run);
  }).current;

  useEffect(() => paints((one, now, hub) => {
    if (root.current === null || age.current === null || clock.current === null || missing.current === null || why.current === null || alert.current === null || demo.current === null) return;
    const view = judgeTile(one, now, hub);
    const old = view.since === null || now === null ? null : Math.max(0, now - view.since);
    setData(root.current, 'tile-state', view.state);
    setData(root.current, 'missing', view.missing ?? '');
    setText(age.current, view.missing !== null || old === null ? '' : formatAge(old));
    const off = one.clockOffsetMs ?? 0;
    setText(clock.current, Math.abs(off) > CLOCK_MS ? w('clock', { offset: `${off > 0 ? '+' : '−'}${formatAge(Math.abs(off))}` }) : '');
    setText(missing.current, view.missing === null ? '' : `${w(view.missing)}${old === null || view.missing === 'refused' || view.missing === 'other' ? '' : ` ${formatDuration(old)}`}`);
    setText(why.current, whyOf(one, view));
    const lane = one.wave === null ? 'lost' : stateOfSignal(one, one.wave, now, hub);
    setData(root.current, 'wave', lane);
    setData(root.current, 'moving', String(store.lanes.get(place)?.drawn ?? 0));
    const marks = one.slots.reduce((bits, slot) => slot.parts.reduce((all, part) => all | (part.signal.last?.validity ?? 0), bits), 0);
    setText(demo.current, isReplayed(marks) ? t('app.replay') : one.demo || isDemo(marks) ? t('app.demo') : '');
    const known = view.state !== 'lost' ? one.alert : null;
    setText(alert.current, known === null ? '' : `${STARS[known.priority]} ${known.text}${one.alerts > 1 ? ` ${w('more', { n: one.alerts - 1 })}` : ''}`.trim());
    setData(alert.current, 'priority', known?.priority ?? '');
  }), [paints, spoken]);

  return (
    <a class="tile" ref={root} href={linkTo(bed)} data-tile={bed.bed} data-own={bed.own || undefined} data-tile-state="lost">
      <span class="tile-head">
        <strong class="tile-bed">{nameOf(bed.bed)}</strong>
        {bed.own && <span class="tile-own">{w('own')}</span>}
        <span class="tile-clock" ref={clock} />
        <span class="tile-age" ref={age} />
      </span>
      <span class="tile-slots">{bed.slots.map((slot) => <Slot key={slot.key} slot={slot} find={find} paints={paints} />)}</span>
      <span class="tile-strip" data-place={place} style={bed.wave === null ? undefined : { '--c': signalColour(bed.wave.colour, bed.wave.group, dark) }}>
        <span class="tile-demo" ref={demo} aria-hidden="true" />
        {bed.wave !== null && <span class="tile-wave">{shortLabel(bed.wave.id.split('@')[0] ?? '', bed.wave, spoken)}</span>}
      </span>
      <span class="tile-alert" ref={alert} data-alert title={w('alert')} />
      <span class="tile-missing"><strong ref={missing} /><span ref={why} /></span>
    </a>
  );
}
