import { render, type JSX } from 'preact';
import { shw } from '../i18n/sheet_words.ts';
import { happenedIn, happenedText } from '../sheet/happened.ts';
import type { Session } from '../wire/api.ts';
import { SheetTable, type SheetFrame } from './sheet_table.tsx';

/** A page holds no more lines that can be read. */
export const MOST_LINES = 40;
const MOST_EVENTS = 16;
const ROOMY_LINES = 22;

export interface Paper {
  readonly frame: SheetFrame;
  /** Lines that the page has no room for. */
  readonly left: number;
  readonly session: Session | null;
  readonly demo: boolean;
  readonly now: number;
}

/** One page A4 landscape of what the box stored of a day; it bears no name of a patient. */
function PaperSheet({ frame, left, session, demo, now }: Paper): JSX.Element {
  const { day, ward, parts } = frame;
  const { sheet } = day;
  const stamp = (time: number): string => `${ward.date(time)}/${new Date(time + ward.offset(time)).getUTCFullYear()} ${ward.minute(time)}`;
  const zones = [...new Set(frame.hours.map(({ hour }) => ward.zoneLabel(hour.from)))].join(' → ');
  const lines = parts.reduce((sum, part) => sum + part.lines.length, 0);
  const { shown, left: leftOut } = happenedIn(day.marks ?? [], day.alerts ?? [], sheet.from, MOST_EVENTS);
  const isDemo = demo || sheet.rows.some((row) => row.demo);
  return (
    <main class="sheet-paper" data-dense={lines > ROOMY_LINES} data-lines={lines} lang={frame.spoken}>
      <header>
        <h1>{shw('paperTitle')} – {session?.bed ? shw('bed', { bed: session.bed }) : sheet.box}</h1>
        <p>{shw('span', { from: stamp(sheet.from), to: stamp(sheet.to), zone: zones })} · {shw('state', { time: stamp(Math.min(sheet.at, sheet.to)) })}</p>
        <div><b class="sheet-not">{shw('not')}</b>{isDemo && <b class="sheet-not">{shw('demo')}</b>}<b>{shw('validated')}</b></div>
      </header>
      <SheetTable frame={frame} chosen={null} paper />
      <p class="sheet-list"><b>{shw('eventList')}</b> {day.marks === null || day.alerts === null ? shw('eventsUnknown') : shown.length === 0 ? shw('noEvents') : shown.map((one) => happenedText(one, ward)).join(' · ')}{leftOut > 0 && ` · ${shw('moreEvents', { n: leftOut })}`}</p>
      <footer>
        <p>{shw('how')}{left > 0 && ` ${shw('left', { n: left })}`}</p>
        <p>{`${shw('printed', { time: stamp(now) })} · Bedside ${session?.build ?? ''} · ${sheet.box} · ${shw('digest', { digest: sheet.digest })}`}</p>
      </footer>
    </main>
  );
}

/** While the flowsheet is open, what a printer gets is the page, and never the screen. */
export function listenToPrinting(paper: () => Paper | null): () => void {
  const host = document.createElement('div');
  host.className = 'sheet-print';
  document.body.append(host);
  document.body.dataset['sheet'] = '';
  const before = (): void => {
    const now = paper();
    // A sheet that is not there yet is not an empty sheet of paper.
    render(now === null ? <main class="sheet-paper"><b class="sheet-not">{shw('not')}</b> {shw('loading')}</main> : <PaperSheet {...now} />, host);
  };
  const after = (): void => render(null, host);
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
    after();
    host.remove();
    delete document.body.dataset['sheet'];
  };
}
