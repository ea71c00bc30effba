import type { JSX } from 'preact';
import { wardClockOf } from '../base/local_time.ts';
import { unitLabel } from '../catalog/units.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { sw, type SettingsKey } from '../i18n/settings_words.ts';
import type { Session } from '../wire/api.ts';
import type { Check, CheckedSignal } from '../wire/settings_api.ts';
import { POINTS } from './check_model.ts';
import { printSheet } from './report_print.ts';

interface Props {
  readonly check: Check;
  readonly session: Session | null;
}

const judgeOf = (signal: CheckedSignal, point: string): SettingsKey => (signal.right.includes(point) ? 'judge.right' : signal.wrong.includes(point) ? 'judge.wrong' : 'judge.open');

/** The offset of a device's clock in words of seconds. */
export const offsetWords = (ms: number | null): string => (ms === null ? sw('none') : `${ms < 0 ? '−' : '+'}${formatNumber(Math.abs(ms) / 1000, Math.abs(ms) < 10_000 ? 1 : 0)} s`);

/** A check on A4: what was compared, with what, and what was found. A4 portrait, tables with headings, so that a printer's PDF can be read aloud. */
function Report({ check, session }: Props): JSX.Element {
  const ward = wardClockOf(session);
  const facts: readonly (readonly [SettingsKey, string])[] = [
    ['reportDevice', check.maker || check.device], ['reportSerial', check.serialNumber || sw('none')], ['reportFirmware', check.firmware || sw('none')],
    ['reportProtocol', check.protocol || sw('none')], ['reportBox', `${session?.box ?? ''}, ${check.build}`],
  ];
  return (
    <article class="report-sheet" lang={language.value} data-report={check.key}>
      <header><h1>{sw('report')}{session?.bed ? ` – ${sw('bed')} ${session.bed}` : ''}</h1><b class="report-not">{sw('reportNot')}</b></header>
      <p>{`${ward.date(check.at)} ${ward.time(check.at)} (${ward.zoneLabel(check.at)})`} · {sw('offset', { offset: offsetWords(check.offsetMs) })}</p>
      <dl>{facts.map(([key, value]) => <div key={key}><dt>{sw(key)}</dt><dd>{value}</dd></div>)}</dl>
      <table>
        <thead><tr><th scope="col">{sw('reportSignal')}</th><th scope="col">{sw('reportValue')}</th><th scope="col">{sw('reportRate')}</th>{POINTS.map((point) => <th key={point} scope="col">{sw(`point.${point}`)}</th>)}</tr></thead>
        <tbody>
          {check.signals.map((signal) => (
            <tr key={signal.id}>
              <th scope="row">{signal.label} <small>{signal.id}{signal.unit === '' ? '' : `, ${unitLabel(signal.unit)}`}</small></th>
              <td>{signal.shown || sw('none')}</td>
              <td>{signal.hertz === null ? sw('none') : `${formatNumber(signal.hertz, 2)} Hz`}</td>
              {POINTS.map((point) => <td key={point}>{sw(judgeOf(signal, point))}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <footer><p>{sw('reportFoot')}</p><p class="report-line" /></footer>
    </article>
  );
}

export const printReport = (props: Props): void => printSheet(<Report {...props} />);
