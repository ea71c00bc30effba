import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { labelOf } from '../catalog/labels.ts';
import { language } from '../i18n/i18n.ts';
import { mw } from '../i18n/mark_words.ts';
import { context, kindOf, markWords, PERSON, type HeldMark } from '../marks/context.ts';
import type { SignalDescription } from '../wire/api.ts';
import { useBedside } from './context.ts';

/** What a mark is about, in words. */
export function aboutWords(mark: HeldMark, signals: ReadonlyMap<number, SignalDescription>): string {
  const signal = signals.get(mark.number);
  if (signal !== undefined) return labelOf(signal, language.value);
  return mark.source === PERSON ? mw('all') : mw('device');
}

/** Its end in words: a time, that it still holds, or that nobody told. */
export function endWords(mark: HeldMark, ward: WardClock, now: number): string {
  if (mark.heldUntil !== null) return mark.heldUntil === mark.time ? '' : ward.stamp(mark.heldUntil, now);
  return kindOf(mark.kind)?.form === 'state' ? mw('holds') : mw('openEnd');
}

/** The twin of the flags on axes and lanes. */
export function MarkTable({ marks, ward }: { readonly marks: readonly HeldMark[]; readonly ward: WardClock }): JSX.Element {
  const { store } = useBedside();
  const signals = useCell(store.signals);
  useCell(language);
  useCell(context);
  const byNumber = new Map(signals.map((one) => [one.number, one]));
  const now = store.now() ?? Date.now();
  return (
    <table data-mark-table>
      <caption>{mw('marks')}</caption>
      <thead><tr>{(['time', 'what', 'about', 'until', 'by'] as const).map((key) => <th key={key} scope="col">{mw(key)}</th>)}</tr></thead>
      <tbody>
        {marks.map((mark) => (
          <tr key={mark.key} data-mark-row={mark.kind}>
            <th scope="row">{ward.stamp(mark.time, now)}</th>
            <td>{markWords(mark)}{mark.text !== '' && ` – ${mark.text}`}</td>
            <td>{aboutWords(mark, byNumber)}</td>
            <td>{endWords(mark, ward, now)}</td>
            <td>{mark.source === PERSON ? mw('bed') : mark.source}</td>
          </tr>
        ))}
        {marks.length === 0 && <tr><td colSpan={5}>{mw('none')}</td></tr>}
      </tbody>
    </table>
  );
}
