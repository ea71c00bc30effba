import type { ComponentChildren, JSX } from 'preact';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { language } from '../i18n/i18n.ts';
import { rw, wordOr } from '../i18n/rights_words.ts';
import { printSheet } from '../ui/report_print.ts';
import type { Session } from '../wire/api.ts';
import type { Access, Accesses, Research } from './rights_api.ts';

const SHORT = 8;

interface SheetProps {
  readonly title: string;
  readonly stay: string;
  readonly session: Session | null;
  readonly children: ComponentChildren;
}

/** What both papers have: no name, a place for the label, and which stay it is. */
function Sheet({ title, stay, session, children }: SheetProps): JSX.Element {
  return (
    <article class="report-sheet patient-sheet" lang={language.value} data-patient-sheet={stay}>
      <header><h1>{title}</h1></header>
      <p>{rw('stay')} {stay.slice(0, SHORT)}… {session?.bed ? `· ${rw('bed', { bed: session.bed })}` : ''} · {session?.box ?? ''}</p>
      <p class="patient-label">{rw('slip.label')}</p>
      {children}
    </article>
  );
}

const whole = (ward: WardClock, time: number): string => `${ward.date(time)}/${ward.parts(time).year} ${ward.minute(time)}`;

export function printSlip(research: Research, session: Session | null): void {
  const ward = wardClockOf(session);
  printSheet(
    <Sheet title={rw('slip.title')} stay={research.stay} session={session}>
      <p class="slip-says">{rw('slip.says', { time: research.at === null ? '' : whole(ward, research.at) })}</p>
      <p>{rw('slip.back')}</p>
    </Sheet>,
  );
}

/** Why: what a person said, else what their role is there for. */
export function whyOf({ role, who, act, reasons }: Access): string {
  if (reasons.length > 0) return reasons.map((reason) => wordOr(`reason.${reason}`, reason)).join(', ');
  if (/^(research|patient)\./.test(act)) return rw('why.rights');
  if (role === 'clinician' || role === 'screen') return rw('why.care');
  if (role === 'rights-officer' || role === 'steward') return rw('why.rights');
  return role === 'box' || who === 'box' ? rw('why.box') : rw('why.upkeep');
}

export const whoOf = ({ who, role }: Access): string => [wordOr(`who.${who}`, who), wordOr(`role.${role}`, '')].filter((word) => word !== '').join(', ');

export function AccessSheet({ accesses, session }: { readonly accesses: Accesses; readonly session: Session | null }): JSX.Element {
  const ward = wardClockOf(session);
  const day = (time: number): string => ward.date(time);
  return (
    <Sheet title={rw('accesses')} stay={accesses.stay} session={session}>
      <p>{accesses.from !== null && rw(accesses.to === null ? 'accesses.since' : 'accesses.from', { from: whole(ward, accesses.from), to: accesses.to === null ? '' : whole(ward, accesses.to) })}. {rw(`accesses.${accesses.detail}`)}</p>
      {accesses.lines.length === 0 ? <p><strong>{rw('accesses.none')}</strong></p> : (
        <table>
          <thead><tr>{(['when', 'who', 'what', 'times', 'reason'] as const).map((word) => <th key={word} scope="col">{rw(`accesses.${word}`)}</th>)}</tr></thead>
          <tbody>
            {accesses.lines.map((line, i) => (
              <tr key={i}>
                <td>{day(line.first)} {ward.minute(line.first)}{line.last - line.first >= 60_000 && `–${day(line.last) === day(line.first) ? '' : `${day(line.last)} `}${ward.minute(line.last)}`}</td>
                <td>{whoOf(line)}</td>
                <td>{language.value === 'fr' ? line.french : line.english}{line.what.length > 0 && ` (${line.what.map((word) => wordOr(`what.${word}`, word)).join(', ')})`}</td>
                <td>{line.count}{line.refused > 0 && ` (${rw('accesses.refused', { n: line.refused })})`}</td>
                <td>{whyOf(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>{rw('accesses.count', { n: accesses.entries })} {rw('accesses.ambient')}</p>
      <p><strong>{accesses.research.refused ? rw('research.refused', { time: accesses.research.at === null ? '' : whole(ward, accesses.research.at) }) : rw('research.open')}</strong> {rw('accesses.research')}</p>
      <footer><p>{rw('accesses.ask')}</p><p>{rw('accesses.made', { time: whole(ward, accesses.madeAt) })} ({ward.zoneLabel(accesses.madeAt)})</p></footer>
    </Sheet>
  );
}

export const printAccesses = (accesses: Accesses, session: Session | null): void => printSheet(<AccessSheet accesses={accesses} session={session} />);
