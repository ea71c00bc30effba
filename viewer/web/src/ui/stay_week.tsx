import type { JSX } from 'preact';
import type { WardClock } from '../base/local_time.ts';
import { ticksOf } from '../base/ticks.ts';
import { sw } from '../i18n/stay_words.ts';
import { SOURCES, type Because, type StaySpan } from '../wire/stay_api.ts';

export const WEEK_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;
/** A span is seen however short it was. */
const LEAST_PERCENT = 0.35;
const MOST_ROWS = 60;

/** Sources that something rests on, each once, in words. */
export const restsOn = (because: readonly Because[]): string => SOURCES.filter((source) => because.some((one) => one.source === source)).map((source) => sw(`source.${source}`)).join(' · ');

/** Where a span lies in the week, per cent; null = outside of it. */
export function placeOf(span: Pick<StaySpan, 'from' | 'to'>, start: number, end: number): { readonly left: number; readonly width: number } | null {
  const from = Math.max(start, span.from);
  const to = Math.min(end, span.to ?? end);
  if (to <= from) return null;
  const left = ((from - start) / (end - start)) * 100;
  const width = Math.max(LEAST_PERCENT, ((to - from) / (end - start)) * 100);
  return { left: Math.min(left, 100 - width), width };
}

/** Stays in the order in which they began: 1, 2, 3 … so that two beside each other are told apart without a name. */
export function numberStays(spans: readonly StaySpan[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const span of spans) {
    if (span.certainty !== 'no-patient-yet' && !numbers.has(span.stay)) numbers.set(span.stay, numbers.size + 1);
  }
  return numbers;
}

/** The last seven days of the bed: a strip whose patterns tell how sure it is, and the same as a table. */
export function StayWeek({ spans, ward, now }: { readonly spans: readonly StaySpan[]; readonly ward: WardClock; readonly now: number }): JSX.Element {
  const start = now - WEEK_MS;
  const numbers = numberStays(spans);
  const shown = [...new Set(spans.map((span) => span.certainty))];
  const days = ticksOf(ward, start, now, DAY_MS);
  return (
    <section class="card card-wide stay-week">
      <h2>{sw('week')}</h2>
      <div class="week-strip" aria-hidden="true">
        {days.map((day) => <span key={day.time} class="week-day" style={{ left: `${((day.time - start) / WEEK_MS) * 100}%` }}><i>{day.label}</i></span>)}
        {spans.map((span) => {
          const place = placeOf(span, start, now);
          return place === null ? null : <span key={`${span.stay}${span.from}`} class="week-span" data-certainty={span.certainty} style={{ left: `${place.left}%`, width: `${place.width}%` }}>{place.width > 4 && numbers.has(span.stay) && <b>{numbers.get(span.stay)}</b>}</span>;
        })}
      </div>
      <p class="week-legend" aria-hidden="true">{shown.map((one) => <span key={one}><i class="week-span" data-certainty={one} />{sw(`certainty.${one}`)}</span>)}</p>
      {spans.length === 0 && <p>{sw('week.none')}</p>}
      {spans.length > 0 && (
        <div class="week-table" tabIndex={0} role="region" aria-label={sw('week')}>
          <table>
            <thead><tr>{(['week.stay', 'week.from', 'week.to', 'week.how', 'week.because'] as const).map((key) => <th key={key} scope="col">{sw(key)}</th>)}</tr></thead>
            <tbody>
              {[...spans].reverse().slice(0, MOST_ROWS).map((span) => (
                <tr key={`${span.stay}${span.from}`} data-span-of={span.stay} data-certainty={span.certainty}>
                  <th scope="row">{numbers.get(span.stay) ?? '—'}</th>
                  <td>{ward.shortStamp(span.from, now)}</td>
                  <td>{span.to === null ? sw('week.now') : ward.shortStamp(span.to, now)}</td>
                  <td><i class="week-span" data-certainty={span.certainty} aria-hidden="true" />{sw(`certainty.${span.certainty}`)}</td>
                  <td>{restsOn(span.because) || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
