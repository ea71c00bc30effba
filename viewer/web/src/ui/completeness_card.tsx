import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { formatAge, formatCount, formatShare, language } from '../i18n/i18n.ts';
import { t, type SetupKey } from '../i18n/setup_words.ts';
import type { Device } from '../wire/api.ts';
import { readGaps, type Gap } from '../wire/gaps_api.ts';
import { readCompleteness, type Complete, type Completeness, type Counted, type Window } from '../wire/setup_api.ts';
import { Icon } from './icon.tsx';
import { useJson } from './use_json.ts';

const ASK_MS = 10_000;
/** Signals of a device that are shown before somebody asks for all. */
const FIRST = 4;
const MOST_GAPS = 100;
/** Nothing for this long: what is missing since then is counted when the signal comes again. */
const QUIET_MS = 120_000;

type Span = 'hour' | 'day';

const NOTHING: Counted = { expected: 0, received: 0, missing: new Map(), late: 0, duplicated: 0 };

export const lostOf = (counted: Counted): number => Math.max(0, counted.expected - counted.received);

export function sumOf(all: readonly Counted[]): Counted {
  return all.reduce((sum, one) => {
    const missing = new Map(sum.missing);
    for (const [cause, count] of one.missing) missing.set(cause, (missing.get(cause) ?? 0) + count);
    return { expected: sum.expected + one.expected, received: sum.received + one.received, missing, late: sum.late + one.late, duplicated: sum.duplicated + one.duplicated };
  }, NOTHING);
}

/** Worst first: the least complete, then who lost most. */
export const worstFirst = (span: Span) => (a: Complete, b: Complete): number => {
  const share = (one: Complete): number => (one[span].expected > 0 ? one[span].received / one[span].expected : 1);
  return share(a) - share(b) || lostOf(b[span]) - lostOf(a[span]);
};

const causesOf = (counted: Counted): string =>
  [...counted.missing].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]).map(([cause, count]) => `${t(`cause.${cause}` as SetupKey)} ${formatCount(count)}`).join(' · ');

/** Received in white, lost hatched; a loss is seen however small it is. */
function Meter({ counted }: { readonly counted: Counted }): JSX.Element {
  const lost = counted.expected > 0 ? lostOf(counted) / counted.expected : 0;
  const width = lost === 0 ? 0 : Math.max(2, lost * 100);
  return (
    <svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="meter-got" x="0" y="0" width={100 - width} height="10" />
      {width > 0 && <rect class="meter-lost" x={100 - width} y="1" width={width} height="8" />}
    </svg>
  );
}

function Figures({ counted }: { readonly counted: Counted }): JSX.Element {
  const lost = lostOf(counted);
  return (
    <>
      <td class="count"><b>{counted.expected === 0 ? '—' : formatShare(counted.received, counted.expected)}</b><Meter counted={counted} /></td>
      <td class="count">{formatCount(counted.expected)}</td>
      <td class="count">{formatCount(counted.received)}</td>
      <td class="count">{lost > 0 ? <b>{formatCount(lost)}</b> : '0'}</td>
      <td class="count">{formatCount(counted.late)}</td>
      <td class="count">{formatCount(counted.duplicated)}</td>
    </>
  );
}

/** Of the time that was shown when it was opened: it does not move under the reader's eyes. */
function GapList({ window: shown, of, ward, late }: { readonly window: Window; readonly of: (gap: Gap) => boolean; readonly ward: WardClock; readonly late: number }): JSX.Element {
  const [window] = useState(shown);
  const range = window.from === null || window.to === null ? '' : `?from=${new Date(window.from).toISOString()}&to=${new Date(window.to).toISOString()}`;
  const gaps = useJson(`/api/v1/gaps${range}`, readGaps, 0);
  const now = window.to ?? Date.now();
  if (gaps === undefined) return <p class="gap-note" role="status">{t('trends.loading')}</p>;
  if (gaps === null) return <p class="gap-note">{t('gaps.many')}</p>;
  const mine = gaps.filter(of).reverse();
  return (
    <div class="gap-list" data-gaps={mine.length}>
      {mine.length === 0 ? <p class="gap-note">{t('gaps.none')}</p> : (
        <ul>
          {mine.slice(0, MOST_GAPS).map((gap) => (
            <li key={`${gap.number}/${gap.from}/${gap.until}/${gap.cause}`}>
              <b>{ward.stamp(gap.from, now)}</b>
              <span>{t('gaps.for', { t: gap.until - gap.from < 1000 ? t('gaps.instant') : formatAge(gap.until - gap.from) })}</span>
              <span>{t(`cause.${gap.cause}` as SetupKey)}</span>
              <span>{gap.missing > 0 ? t('gaps.missing', { n: formatCount(gap.missing) }) : t('gaps.uncounted')}</span>
            </li>
          ))}
        </ul>
      )}
      {mine.length > MOST_GAPS && <p class="gap-note">{t('gaps.more', { n: formatCount(mine.length - MOST_GAPS) })}</p>}
      {late > 0 && mine.length > 0 && <p class="gap-note">{t('gaps.filled')}</p>}
    </div>
  );
}

interface RowProps {
  readonly signal: Complete;
  readonly span: Span;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly ward: WardClock;
  readonly window: Window;
}

function SignalRows({ signal, span, open, toggle, ward, window }: RowProps): JSX.Element {
  const counted = signal[span];
  const name = signal.name[language.value] || signal.id;
  const causes = causesOf(counted);
  const now = window.to ?? Date.now();
  const quiet = signal.newest !== null && now - signal.newest > QUIET_MS;
  return (
    <>
      <tr data-complete={signal.id} data-lost={lostOf(counted)}>
        <th scope="row">
          {name}
          {causes !== '' && <small>{causes}</small>}
          {quiet && <small>{t('complete.quiet', { time: ward.stamp(signal.newest ?? 0, now) })}</small>}
        </th>
        <Figures counted={counted} />
        <td class="count">{lostOf(counted) > 0 && <button type="button" class="button button-compact" aria-expanded={open} aria-label={t('gaps.of', { name })} onClick={toggle}>{t('gaps.show')}</button>}</td>
      </tr>
      {open && <tr><td class="gap-cell" colSpan={8}><GapList key={span} window={window} ward={ward} late={counted.late} of={(gap) => gap.number === signal.number || (gap.number === 0 && (gap.device === '' || gap.device === signal.device))} /></td></tr>}
    </>
  );
}

interface DeviceProps {
  readonly name: string;
  readonly device: string;
  readonly signals: readonly Complete[];
  readonly span: Span;
  readonly ward: WardClock;
  readonly window: Window;
}

function DeviceRows({ name, device, signals, span, ward, window }: DeviceProps): JSX.Element {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState(0);
  const sorted = [...signals].sort(worstFirst(span));
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <tbody data-complete-device={device}>
      <tr class="count-device">
        <th scope="rowgroup">{name}<small>{t('complete.signals', { n: signals.length })}</small></th>
        <Figures counted={sumOf(signals.map((one) => one[span]))} />
        <td class="count">{sorted.length > FIRST && <button type="button" class="button button-compact" aria-expanded={all} aria-label={`${t(all ? 'complete.fewer' : 'complete.all')} – ${name}`} onClick={() => setAll(!all)}>{t(all ? 'complete.fewer' : 'complete.all')}</button>}</td>
      </tr>
      {shown.map((signal) => <SignalRows key={signal.number} signal={signal} span={span} window={window} ward={ward} open={open === signal.number} toggle={() => setOpen(open === signal.number ? 0 : signal.number)} />)}
    </tbody>
  );
}

function groups(report: Completeness, span: Span): (readonly [string, readonly Complete[]])[] {
  const byDevice = new Map<string, Complete[]>();
  for (const signal of report.signals) {
    if (signal[span].expected > 0) byDevice.set(signal.device, [...(byDevice.get(signal.device) ?? []), signal]);
  }
  const share = (signals: readonly Complete[]): number => {
    const sum = sumOf(signals.map((one) => one[span]));
    return sum.expected > 0 ? sum.received / sum.expected : 1;
  };
  return [...byDevice].sort((a, b) => share(a[1]) - share(b[1]));
}

/** What was due, what came and what is lost, by device and signal, with the causes; worst first. */
export function CompletenessCard({ devices, ward }: { readonly devices: readonly Device[]; readonly ward: WardClock }): JSX.Element | null {
  const [span, setSpan] = useState<Span>('hour');
  const report = useJson('/api/v1/completeness', readCompleteness, ASK_MS);
  if (report == null) return <section class="card card-wide"><h2>{t('complete.title')}</h2><p>{t(report === null ? 'health.unreachable' : 'trends.loading')}</p></section>;
  const window = report[span];
  const now = window.to ?? Date.now();
  const nameOf = (device: string): string => {
    const known = devices.find((one) => one.device === device);
    return [known?.manufacturer, known?.model].filter(Boolean).join(' ') || device;
  };
  const shown = groups(report, span);
  return (
    <section class="card card-wide" data-completeness={span} data-whole={window.whole}>
      <div class="complete-head">
        <h2>{t('complete.title')}</h2>
        <span class="complete-since">{window.from === null ? '' : t('complete.since', { time: ward.stamp(window.from, now) })}{window.whole ? '' : ` · ${t('complete.counting')}`}</span>
        <div class="segmented" role="group" aria-label={t('complete.title')}>
          {(['hour', 'day'] as const).map((one) => <button key={one} type="button" aria-pressed={span === one} onClick={() => setSpan(one)}>{t(`complete.${one}`)}</button>)}
        </div>
      </div>
      {shown.length === 0 ? <p>{t('complete.none')}</p> : (
        <div class="count-scroll" role="region" aria-label={t('complete.title')} tabIndex={0}>
          <table class="counts">
            <thead>
              <tr>
                <th scope="col">{t('health.device')}</th>
                {(['complete.share', 'complete.expected', 'complete.received', 'complete.lost', 'complete.late', 'complete.twice'] as const).map((key) => <th key={key} scope="col" class="count">{t(key)}</th>)}
                <td><span class="sr">{t('gaps.show')}</span></td>
              </tr>
            </thead>
            {shown.map(([device, signals]) => <DeviceRows key={device} device={device} name={nameOf(device)} signals={signals} span={span} window={window} ward={ward} />)}
          </table>
        </div>
      )}
      <p class="complete-legend"><Icon name="table" />{t('complete.legend')}</p>
    </section>
  );
}
