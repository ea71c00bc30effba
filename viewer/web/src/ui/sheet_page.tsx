import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { dayAway, dayText } from '../base/local_text.ts';
import { wardClockOf } from '../base/local_time.ts';
import { toIso, utcMs } from '../base/time.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { shownIn } from '../catalog/units.ts';
import { sheetTable } from '../csv/csv_tables.ts';
import { formatCount, formatNumber, language } from '../i18n/i18n.ts';
import { shw } from '../i18n/sheet_words.ts';
import { happenedIn, happenedText } from '../sheet/happened.ts';
import { cellState, hourLabels, planSheet } from '../sheet/plan.ts';
import { useSheet } from '../sheet/sheet_store.ts';
import '../style/sheet.css';
import { context } from '../marks/context.ts';
import { useBedside } from './context.ts';
import { shownName } from './device_name.ts';
import { CsvButton, CsvPanel } from './csv_panel.tsx';
import { Icon } from './icon.tsx';
import { useContextOfBed } from './mark_bar.tsx';
import { route, wavesLink } from './route.ts';
import { listenToPrinting, MOST_LINES, type Paper } from './sheet_paper.tsx';
import { percent, SheetTable, type Chosen, type SheetFrame } from './sheet_table.tsx';

const MOST_EVENTS = 60;
const HALF_HOUR_MS = 1_800_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const dayLink = (day: string): string => `#/sheet?day=${day}`;

/** What stands in a cell, all of it, in words. */
function Detail({ frame, chosen }: { readonly frame: SheetFrame; readonly chosen: Chosen | null }): JSX.Element {
  const line = frame.parts.flatMap((part) => part.lines).find(({ signal }) => signal.number === chosen?.number);
  const hour = chosen === null ? undefined : frame.hours[chosen.column];
  if (line === undefined || hour === undefined || chosen === null) return <p class="sheet-detail" role="status">{shw('choose')}</p>;
  const { signal, row, due } = line;
  const cell = row.cells[chosen.column] ?? null;
  const shown = shownIn(signal, frame.units);
  const value = (stored: number): string => formatNumber(shown.of(stored), shown.decimals(row.decimals));
  const state = cellState(cell, due, hour);
  const words = cell === null ? [shw(state === 'future' ? 'toCome' : state === 'gap' ? 'noData' : 'noValue')] : [
    shw('cell', { min: value(cell.min), median: value(cell.median), max: value(cell.max), unit: shown.label }).trim(),
    cell.count === 1 ? shw('n1') : shw('n', { n: formatCount(cell.count) }),
    cell.coverage === null ? '' : shw('covered', { p: percent(cell.coverage) }),
    cell.questionable === 0 ? '' : shw('questionable', { n: formatCount(cell.questionable) }),
    cell.inAlarm === 0 ? '' : shw('inAlarm', { n: formatCount(cell.inAlarm) }),
    hour.state === 'running' ? shw('running') : '',
  ];
  const [from, to] = [hour.hour.from, hour.hour.to];
  return (
    <div class="sheet-detail">
      <p role="status" data-detail={`${signal.id} ${chosen.column}`}>
        <strong title={longName(signal, frame.spoken)}>{labelOf(signal, frame.spoken)}</strong> {`${frame.ward.date(from)} ${frame.ward.minute(from)}–${frame.ward.minute(to)} ${frame.ward.zoneLabel(from)}`} · {words.filter(Boolean).join(' · ')}
      </p>
      {state !== 'future' && <a class="button" href={wavesLink(toIso(utcMs(from + HALF_HOUR_MS)), signal.id)} aria-label={shw('wavesAt')}>{shw('waves')}</a>}
    </div>
  );
}

/** The cell that is one step away; it stays on the sheet. */
function stepped(frame: SheetFrame, chosen: Chosen | null, key: string): Chosen | null {
  const numbers = frame.parts.flatMap((part) => part.lines).map(({ signal }) => signal.number);
  const move: { readonly [key: string]: readonly [number, number] } = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const [rows, columns] = move[key] ?? [0, 0];
  const row = chosen === null ? 0 : Math.min(numbers.length - 1, Math.max(0, numbers.indexOf(chosen.number) + rows));
  const column = chosen === null ? Math.max(0, frame.hours.findIndex((hour) => hour.state === 'running')) : Math.min(frame.hours.length - 1, Math.max(0, chosen.column + columns));
  const number = numbers[row];
  return number === undefined ? null : { number, column };
}

interface BarProps {
  readonly day: string | null;
  readonly frame: SheetFrame | null;
  readonly csv: boolean;
  readonly onCsv: () => void;
}

function Bar({ day, frame, csv, onCsv }: BarProps): JSX.Element {
  const sheet = frame?.day.sheet ?? null;
  const shown = day ?? sheet?.day ?? null;
  // Until the day is known nobody is led away from it.
  const isLast = day === null || (sheet !== null && sheet.to > sheet.at);
  return (
    <div class="toolbar">
      {shown !== null && <a class="button button-compact" href={dayLink(dayAway(shown, -1))} aria-label={shw('before')} title={shw('before')} data-day-before><Icon name="left" /></a>}
      {shown !== null && !isLast && <a class="button button-compact" href={dayLink(dayAway(shown, 1))} aria-label={shw('after')} title={shw('after')} data-day-after><Icon name="right" /></a>}
      {shown !== null && !isLast && <a class="button" href="#/sheet" data-day-now>{shw('today')}</a>}
      <div class="range-text" data-sheet-day={shown ?? ''}>
        <span>{shown === null ? shw('loading') : dayText(shown)}{sheet !== null && frame !== null && ` · ${frame.ward.minute(sheet.from)} → ${frame.ward.minute(sheet.to)}`}</span>
        <small>{sheet === null ? '' : shw('hours', { n: sheet.hours.length })}</small>
      </div>
      <div class="tools">
        {sheet !== null && <CsvButton open={csv} onClick={onCsv} />}
        <button type="button" class="button" disabled={sheet === null} onClick={() => print()} data-print><Icon name="print" /><span class="button-text">{shw('print')}</span></button>
      </div>
    </div>
  );
}

/** A day of the ward by hours: medians, what they are made of, three lanes, marks and alarms; and the page to print. */
export function SheetPage(): JSX.Element {
  const { store } = useBedside();
  const signals = useCell(store.signals);
  const session = useCell(store.session);
  const devices = useCell(store.devices);
  const spoken = useCell(language);
  const nameOf = (device: string): string => {
    const one = devices.find((each) => each.device === device);
    return one === undefined ? device : shownName({ name: one.model || one.manufacturer || one.device, experimental: one.experimental });
  };
  useContextOfBed();
  useCell(context);
  const query = useCell(route).query.get('day');
  const wanted = query !== null && DAY.test(query) ? query : null;
  const { day, unreachable } = useSheet(wanted, signals);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [csv, setCsv] = useState(false);
  const ward = wardClockOf(session);
  const ready = day !== null && (wanted === null || day.sheet.day === wanted) ? day : null;
  const planned = ready === null ? null : planSheet(ready.sheet, signals, Infinity);
  const frame: SheetFrame | null = ready === null || planned === null ? null : { day: ready, parts: planned.parts, hours: hourLabels(ready.sheet, ward), ward, units: session?.units, spoken, nameOf };
  const paper = useRef<() => Paper | null>(() => null);
  paper.current = () => {
    if (frame === null) return null;
    const { parts, left } = planSheet(frame.day.sheet, signals, MOST_LINES);
    return { frame: { ...frame, parts }, left, session, demo: store.demo.value, now: store.now() ?? Date.now() };
  };
  useEffect(() => listenToPrinting(() => paper.current()), []);
  useEffect(() => setChosen(null), [wanted]);
  const choose = (event: MouseEvent): void => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('td[data-number]') : null;
    if (cell !== null) setChosen({ number: Number(cell.dataset['number']), column: Number(cell.dataset['column']) });
  };
  const key = (event: KeyboardEvent): void => {
    if (frame === null || !event.key.startsWith('Arrow') || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    setChosen(stepped(frame, chosen, event.key));
  };
  const events = frame === null ? null : happenedIn(frame.day.marks ?? [], frame.day.alerts ?? [], frame.day.sheet.from, MOST_EVENTS);
  return (
    <main class="sheet" id="values" tabIndex={-1} data-sheet={frame === null ? 'loading' : frame.day.sheet.day} data-at={frame?.day.sheet.at}>
      <h1 class="sr">{shw('title')}</h1>
      <Bar day={wanted} frame={frame} csv={csv} onCsv={() => setCsv(!csv)} />
      {csv && frame !== null && <CsvPanel close={() => setCsv(false)} make={() => ({ table: sheetTable(frame.day.sheet, frame.parts, frame.hours, ward, session?.units, spoken), from: frame.day.sheet.from, to: frame.day.sheet.to })} />}
      {unreachable && <p class="sheet-notice" role="alert">{day === null ? shw('unreachable') : shw('stale', { time: ward.stamp(day.sheet.at, store.now() ?? day.sheet.at) })}</p>}
      {frame === null ? <div class="empty"><strong>{shw('loading')}</strong></div> : frame.parts.length === 0 ? <div class="empty"><strong>{shw('empty')}</strong></div> : (
        <>
          <div class="sheet-field" tabIndex={0} role="group" aria-label={shw('title')} onClick={choose} onKeyDown={key}>
            <SheetTable frame={frame} chosen={chosen} paper={false} />
            <p class="sheet-list"><b>{shw('eventList')}</b> {frame.day.marks === null || frame.day.alerts === null ? shw('eventsUnknown') : events?.shown.length === 0 ? shw('noEvents') : events?.shown.map((one) => happenedText(one, ward)).join(' · ')}{(events?.left ?? 0) > 0 && ` · ${shw('moreEvents', { n: events?.left ?? 0 })}`}</p>
          </div>
          <Detail frame={frame} chosen={chosen} />
          <p class="sheet-legend">{shw('legend')} <strong>{shw('validated')}</strong></p>
        </>
      )}
    </main>
  );
}
