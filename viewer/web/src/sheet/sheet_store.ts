import { useEffect, useState } from 'preact/hooks';
import { toIso } from '../base/time.ts';
import { getJson } from '../live/http.ts';
import { readMarks, type HeldMark } from '../marks/context.ts';
import { listOf, readAlert, type AlertItem, type SignalDescription } from '../wire/api.ts';
import { readSheet, type Sheet } from '../wire/sheet_api.ts';
import { lanePath, readColumns, sheetLanes, type LaneColumn } from './lanes.ts';
import { sheetOrder } from './plan.ts';

const RENEW_MS = 30_000;
const RETRY_MS = 3_000;
/** As many as the box answers at once. */
const MOST_SIGNALS = 80;

export interface SheetLane {
  readonly signal: SignalDescription;
  readonly columns: readonly LaneColumn[];
}

/** A day as the box last told it. */
export interface SheetDay {
  readonly sheet: Sheet;
  readonly lanes: readonly SheetLane[];
  /** Null = no answer, or too many. */
  readonly marks: readonly HeldMark[] | null;
  readonly alerts: readonly AlertItem[] | null;
}

export interface Asked {
  readonly day: SheetDay | null;
  /** True when the last question had no good answer: what is shown is of before. */
  readonly unreachable: boolean;
}

async function ask(day: string | null, signals: readonly SignalDescription[]): Promise<SheetDay | null> {
  const numbers = sheetOrder(signals).slice(0, MOST_SIGNALS).map((one) => one.number);
  const sheet = readSheet(await getJson(`/api/v1/sheet?${day === null ? '' : `day=${day}&`}signals=${numbers.join(',')}`));
  if (sheet === null) return null;
  const range = `from=${toIso(sheet.from)}&to=${toIso(sheet.to)}`;
  const [marks, alerts, ...lanes] = await Promise.all([
    getJson(`/api/v1/annotations?${range}`), getJson(`/api/v1/alerts?${range}`),
    ...sheetLanes(signals).map(async (signal) => {
      const path = lanePath(signal, sheet);
      return { signal, columns: path === null ? [] : readColumns(await getJson(path)) };
    }),
  ]);
  return {
    sheet, lanes: lanes as SheetLane[],
    marks: Array.isArray(marks) ? readMarks(marks) : null,
    alerts: Array.isArray(alerts) ? listOf(alerts, readAlert) : null,
  };
}

/** A day of the ward, null = the running one; asked again while it runs, and until the box answers. */
export function useSheet(day: string | null, signals: readonly SignalDescription[]): Asked {
  const [asked, setAsked] = useState<Asked>({ day: null, unreachable: false });
  const key = signals.map((one) => one.number).join(',');
  useEffect(() => {
    let going = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setAsked((before) => (day === null || before.day?.sheet.day === day ? before : { day: null, unreachable: false }));
    const again = async (): Promise<void> => {
      const next = key === '' ? null : await ask(day, signals);
      if (!going) return;
      setAsked((before) => ({ day: next ?? before.day, unreachable: next === null && key !== '' }));
      const runs = next === null || next.sheet.to > next.sheet.at;
      if (key !== '' && runs) timer = setTimeout(() => void again(), next === null ? RETRY_MS : RENEW_MS);
    };
    void again();
    return () => {
      going = false;
      clearTimeout(timer);
    };
  }, [day, key]);
  return asked;
}
