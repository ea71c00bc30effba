import type { JSX } from 'preact';
import type { WardClock } from '../base/local_time.ts';
import { labelOf, longName, type Language } from '../catalog/labels.ts';
import { edge, shownIn } from '../catalog/units.ts';
import { formatNumber } from '../i18n/i18n.ts';
import { shw } from '../i18n/sheet_words.ts';
import { happenedIn, happenedText, type Happened } from '../sheet/happened.ts';
import { lanePicture } from '../sheet/lanes.ts';
import { cellState, leastCoverage, type HourLabel, type SheetLine, type SheetPart } from '../sheet/plan.ts';
import type { SheetDay, SheetLane } from '../sheet/sheet_store.ts';
import type { WardUnits } from '../wire/api.ts';

/** The cell under the finger: number of its signal, and which column. */
export interface Chosen {
  readonly number: number;
  readonly column: number;
}

export interface SheetFrame {
  readonly day: SheetDay;
  readonly parts: readonly SheetPart[];
  readonly hours: readonly HourLabel[];
  readonly ward: WardClock;
  readonly units: WardUnits | undefined;
  readonly spoken: Language;
  /** What a device is called. */
  readonly nameOf: (device: string) => string;
}

/** Never rounded up: what lacks a value is not 100 %. */
export const percent = (share: number): number => Math.floor(share * 100);

function Row({ line, frame, chosen, paper }: { readonly line: SheetLine; readonly frame: SheetFrame; readonly chosen: Chosen | null; readonly paper: boolean }): JSX.Element {
  const { signal, row, twice, due } = line;
  const shown = shownIn(signal, frame.units);
  return (
    <tr data-row={signal.id}>
      <th scope="row" title={paper ? undefined : longName(signal, frame.spoken)}>{labelOf(signal, frame.spoken)} <small>{shown.label}{twice && ` ${frame.nameOf(signal.device)}`}</small></th>
      {frame.hours.map((hour, i) => {
        const cell = row.cells[i] ?? null;
        const state = cellState(cell, due, hour);
        const doubtful = cell !== null && cell.questionable * 2 > cell.count;
        return (
          <td key={hour.hour.from} data-fill={state} data-column={i} data-number={signal.number} data-chosen={chosen?.number === signal.number && chosen.column === i ? '' : undefined}>
            {cell !== null && <>{formatNumber(shown.of(cell.median), shown.decimals(row.decimals))}{doubtful && '?'}</>}
            {state === 'partial' && <small>{` ${percent(cell?.coverage ?? 0)} %`}</small>}
            {state === 'gap' && <span class="sr">{shw('noData')}</span>}
          </td>
        );
      })}
    </tr>
  );
}

/** Min to max and mean over the day, under the hours of the table. */
function Lane({ lane, frame }: { readonly lane: SheetLane; readonly frame: SheetFrame }): JSX.Element {
  const { signal, columns } = lane;
  const { sheet } = frame.day;
  const shown = shownIn(signal, frame.units);
  const due = frame.parts.flatMap((part) => part.lines).find((line) => line.signal.number === signal.number)?.due ?? signal.expectedS !== null;
  const picture = lanePicture(columns, sheet, signal, shown, due);
  const end = (value: number): string => formatNumber(value, null);
  return (
    <tr class="sheet-lane" data-sheet-lane={signal.id}>
      <th scope="row">{labelOf(signal, frame.spoken)} <small>{`${columns.length === 0 ? '' : `${end(picture.low)}–${end(picture.high)} `}${shown.label}`}</small></th>
      <td colSpan={frame.hours.length}>
        <div class="sheet-plot">
          {picture.gaps.map((gap) => <i key={gap.from} class="sheet-hatch" style={{ left: `${gap.from}%`, width: `${gap.width}%` }} />)}
          <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true"><path class="sheet-band" d={picture.band} /><path class="sheet-mean" d={picture.mean} /></svg>
          <span class="sr">{columns.length === 0 ? shw('noData') : shw('range', { min: end(edge(shown, Math.min(...columns.map((one) => one.min)))), max: end(edge(shown, Math.max(...columns.map((one) => one.max)))), unit: shown.label })}</span>
        </div>
      </td>
    </tr>
  );
}

const MOST_SIGNS = 120;
const SIGN_PERCENT = 0.9;

/** Flags and stars where they happened; of what would lie on each other the gravest. */
function Signs({ frame }: { readonly frame: SheetFrame }): JSX.Element {
  const { sheet, marks, alerts } = frame.day;
  const at = (time: number): number => ((time - sheet.from) / (sheet.to - sheet.from)) * 100;
  const places = new Map<number, Happened>();
  for (const one of happenedIn(marks ?? [], alerts ?? [], sheet.from, MOST_SIGNS).shown) {
    const place = Math.floor(at(one.time) / SIGN_PERCENT);
    const there = places.get(place);
    if (there === undefined || one.rank < there.rank) places.set(place, one);
  }
  return (
    <tr class="sheet-signs">
      <th scope="row">{shw('events')}</th>
      <td colSpan={frame.hours.length}><div class="sheet-plot">{[...places.values()].map((one) => <span key={one.key} data-rank={one.rank} style={{ left: `${at(one.time)}%` }} title={happenedText(one, frame.ward)}>{one.sign}</span>)}</div></td>
    </tr>
  );
}

/** The day as a table; screen and paper differ by their style alone. */
export function SheetTable({ frame, chosen, paper }: { readonly frame: SheetFrame; readonly chosen: Chosen | null; readonly paper: boolean }): JSX.Element {
  const { hours, parts, ward, day } = frame;
  const stamp = (time: number): string => `${ward.date(time)} ${ward.minute(time)}`;
  const coverage = leastCoverage(parts, hours);
  return (
    <table class="sheet-table" data-hours={hours.length}>
      <caption class="sr">{shw('caption', { from: stamp(day.sheet.from), to: stamp(day.sheet.to) })}</caption>
      <thead>
        <tr>
          <th scope="col">{shw('parameter')}</th>
          {hours.map(({ hour, label, note, state }) => <th key={hour.from} scope="col" data-state={state} data-hour={label} data-note={note}>{label}{note !== '' && <small>{` ${note}`}</small>}{state === 'running' && <span class="sr"> {shw('running')}</span>}</th>)}
        </tr>
      </thead>
      {parts.map(({ group, lines }) => (
        <tbody key={group}>
          <tr class="sheet-part"><th scope="rowgroup" colSpan={hours.length + 1}><span>{shw(group)}</span></th></tr>
          {lines.map((line) => <Row key={line.signal.number} line={line} frame={frame} chosen={chosen} paper={paper} />)}
        </tbody>
      ))}
      <tbody>
        {coverage.some((share) => share !== null) && <tr class="sheet-coverage" title={shw('coverageWhy')}><th scope="row">{shw('coverage')} <small>%</small></th>{coverage.map((share, i) => <td key={hours[i]?.hour.from}>{share === null ? '' : percent(share)}</td>)}</tr>}
        {day.lanes.map((lane) => <Lane key={lane.signal.number} lane={lane} frame={frame} />)}
        <Signs frame={frame} />
      </tbody>
    </table>
  );
}
