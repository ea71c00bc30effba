import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { labelOf, longName } from '../catalog/labels.ts';
import { signalColour } from '../catalog/palette.ts';
import { formatNumber, language } from '../i18n/i18n.ts';
import { sw } from '../i18n/settings_words.ts';
import { getJson, sendJson } from '../live/http.ts';
import type { NumberUpdate } from '../live/messages.ts';
import { listOf, number, type SignalDescription } from '../wire/api.ts';
import { isObject } from '../wire/decoded.ts';
import { readCheck, readChecks, readRates, type Check, type Rate } from '../wire/settings_api.ts';
import { allRight, checkedOf, countOf, isImplausible, judgementKey, nextJudgement, pointsOf, shownValue, type Judgements } from './check_model.ts';
import { offsetWords, printReport } from './check_report.tsx';
import { useBedside } from './context.ts';
import { night } from './settings.ts';
import { useJson } from './use_json.ts';

const PREVIEW_MS = 10_000;
const PREVIEW_POINTS = 300;
const RATES_MS = 5_000;
/** Enough digits to see one per mille. */
const hertz = (rate: number): string => formatNumber(rate, rate < 10 ? 3 : 2);

interface Frozen {
  readonly at: number;
  readonly numbers: ReadonlyMap<number, NumberUpdate>;
}

interface Column {
  readonly min: number;
  readonly max: number;
}

/** Ten seconds of a wave before the instant that was frozen, exact extremes for each column; what is not there is left out. */
function Preview({ signal, at }: { readonly signal: SignalDescription; readonly at: number }): JSX.Element {
  const [columns, setColumns] = useState<readonly (Column & { readonly x: number })[]>([]);
  const dark = useCell(night);
  useEffect(() => {
    let going = true;
    const [from, to] = [new Date(at - PREVIEW_MS).toISOString(), new Date(at).toISOString()];
    void getJson(`/api/v1/signals/${signal.number}/envelope?from=${from}&to=${to}&points=${PREVIEW_POINTS}&columns=equal`).then((answer) => {
      if (going) setColumns(listOf(answer, (one) => ({ min: number(one['min'], NaN), max: number(one['max'], NaN), x: ((Date.parse(String(one['t'])) - (at - PREVIEW_MS)) / PREVIEW_MS) * PREVIEW_POINTS })).filter((one) => Number.isFinite(one.min) && Number.isFinite(one.max)));
    });
    return () => { going = false; };
  }, [signal.number, at]);
  const low = Math.min(...columns.map((one) => one.min));
  const span = Math.max(...columns.map((one) => one.max)) - low || 1;
  const y = (value: number): string => (38 - ((value - low) / span) * 36).toFixed(2);
  const path = columns.map((one, i) => `${i > 0 && one.x - (columns[i - 1]?.x ?? 0) < 1.6 ? 'L' : 'M'}${one.x.toFixed(1)} ${y(one.min)}V${y(one.max)}`).join('');
  return (
    <span class="check-wave" data-wave-preview={signal.id} data-columns={columns.length} style={{ '--c': signalColour(signal.colour, signal.group, dark) }}>
      <svg viewBox={`0 0 ${PREVIEW_POINTS} 40`} preserveAspectRatio="none" aria-hidden="true"><path d={path} /></svg>
      <small>{columns.length === 0 ? sw('none') : `10 s · ${formatNumber(low, null)} … ${formatNumber(low + span, null)}`}</small>
    </span>
  );
}

interface RowProps {
  readonly signal: SignalDescription;
  readonly frozen: Frozen;
  readonly rate: Rate | undefined;
  readonly judged: Judgements;
  readonly judge: (key: string) => void;
}

function CheckRow({ signal, frozen, rate, judged, judge }: RowProps): JSX.Element {
  const spoken = useCell(language);
  const label = labelOf(signal, spoken);
  const value = frozen.numbers.get(signal.number);
  const shown = shownValue(signal, value, frozen.at);
  return (
    <li class="check-row" data-check={signal.id} data-shown={shown}>
      <div class="check-name"><b>{label}</b><small>{longName(signal, spoken)}</small></div>
      <div class="check-value">
        {signal.kind === 'waveform' ? <Preview signal={signal} at={frozen.at} /> : <><small>{sw('read')}</small> <b>{label} = {shown || sw('none')}</b></>}
        {isImplausible(value?.value, rate) && <small class="check-doubt">{sw('implausible')}</small>}
        <small data-hertz={rate?.measured ?? ''}>{rate?.measured == null ? (rate?.nominal == null ? '' : sw('rateNone')) : `${sw('rate', { hz: hertz(rate.measured) })}${rate.nominal === null ? '' : `, ${sw('rateOf', { hz: hertz(rate.nominal) })}`}`}</small>
      </div>
      <div class="check-points" role="group" aria-label={label}>
        {pointsOf(signal).map((point) => {
          const now = judged.get(judgementKey(signal.id, point)) ?? 'open';
          return <button key={point} type="button" class="button button-compact" data-point={point} data-judged={now} aria-label={`${label}, ${sw(`point.${point}`)}: ${sw(`judge.${now}`)}`} onClick={() => judge(judgementKey(signal.id, point))}><i aria-hidden="true">{now === 'right' ? '✓' : now === 'wrong' ? '✗' : '·'}</i>{sw(`point.${point}`)}</button>;
        })}
      </div>
    </li>
  );
}

function Stored({ checks, waves }: { readonly checks: readonly Check[]; readonly waves: ReadonlySet<string> }): JSX.Element | null {
  const { store } = useBedside();
  const session = useCell(store.session);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  if (checks.length === 0) return null;
  return (
    <section class="card card-wide">
      <h2>{sw('checks')}</h2>
      <ol class="versions">
        {checks.slice(0, 10).map((check) => (
          <li key={check.key} data-stored-check={check.key}>
            <b>{check.maker || check.device}</b>
            <span>{ward.stamp(check.at, now)} · {sw('judged', countOf(check.signals, waves))}</span>
            <button type="button" class="button button-compact" data-print={check.key} onClick={() => printReport({ check, session })}>{sw('print')}</button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The signals of one device beside its own display: frozen together by one touch, judged one by one or all at once, stored, printed. */
export function CheckStep({ device: asked }: { readonly device: string }): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const signals = useCell(store.signals);
  const devices = useCell(store.devices);
  useCell(language);
  useCell(store.tick);
  const [chosen, setChosen] = useState(asked);
  const [frozen, setFrozen] = useState<Frozen | null>(null);
  const [judged, setJudged] = useState<Judgements>(new Map());
  const [stored, setStored] = useState<Check | null>(null);
  const [said, setSaid] = useState('');
  const [round, setRound] = useState(0);
  const sending = devices.filter((one) => one.state === 'receiving');
  const device = devices.find((one) => one.device === chosen) ?? sending[0];
  const rates = useJson(`/api/v1/checks/rates?device=${encodeURIComponent(device?.device ?? '')}`, readRates, RATES_MS);
  const checks = useJson(`/api/v1/checks?round=${round}`, readChecks, 0);
  const ward = wardClockOf(session);
  const waves = new Set(signals.filter((one) => one.kind === 'waveform').map((one) => one.id));
  if (device === undefined) return <p class="verdict">{sw('checkNone')}</p>;
  const mine = signals.filter((one) => one.device === device.device && (one.kind === 'waveform' || one.kind === 'numeric'))
    .filter((one) => (one.kind === 'waveform' ? store.lanes.has(one.number) : store.numbers.has(one.number)))
    .sort((a, b) => Number(a.kind === 'waveform') - Number(b.kind === 'waveform') || a.number - b.number);
  const rateOf = (id: string): Rate | undefined => rates?.find((one) => one.id === id);

  const freeze = (): void => {
    const at = store.now();
    if (at === null) return;
    setFrozen({ at, numbers: new Map(store.numbers) });
    setJudged(new Map());
    setStored(null);
    setSaid('');
  };
  const save = async (): Promise<void> => {
    if (frozen === null) return;
    const { status, json } = await sendJson('POST', '/api/v1/checks', {
      device: device.device, at: new Date(frozen.at).toISOString(),
      signals: mine.map((one) => checkedOf(one, shownValue(one, frozen.numbers.get(one.number), frozen.at), rateOf(one.id), judged, language.value)),
    });
    setStored(status === 201 && isObject(json) ? readCheck(json) : null);
    setSaid(status === 201 ? sw('stored') : sw('failed', { why: status }));
    setRound(round + 1);
  };
  return (
    <>
      <section class="card card-wide" data-check-device={device.device} data-frozen={frozen === null ? '' : 'yes'}>
        <div class="check-head">
          {sending.length > 1 && <div class="segmented" role="group" aria-label={sw('reportDevice')}>{sending.map((one) => <button key={one.device} type="button" aria-pressed={one.device === device.device} onClick={() => { setChosen(one.device); setFrozen(null); }}>{one.model || one.device}</button>)}</div>}
          <strong>{[device.manufacturer, device.model].filter(Boolean).join(' ') || device.device}</strong>
          <span>{frozen === null ? sw('checkLead') : sw('frozen', { time: ward.time(frozen.at) })} · {sw('offset', { offset: offsetWords(device.clock?.offsetMs ?? null) })}</span>
        </div>
        <div class="check-keys">
          <button type="button" class={frozen === null ? 'button button-sure' : 'button'} data-freeze onClick={freeze}>{sw(frozen === null ? 'freeze' : 'again')}</button>
          {frozen !== null && <button type="button" class="button" data-all-right onClick={() => setJudged(allRight(mine, judged))}>{sw('allRight')}</button>}
          {frozen !== null && <button type="button" class="button button-sure" data-store-check onClick={() => void save()}>{sw('store')}</button>}
          {stored !== null && <button type="button" class="button" data-print-stored onClick={() => printReport({ check: stored, session })}>{sw('print')}</button>}
          {said !== '' && <span role="status" data-said>{said}</span>}
        </div>
        {frozen !== null && <ul class="check-list">{mine.map((one) => <CheckRow key={`${one.number} ${frozen.at}`} signal={one} frozen={frozen} rate={rateOf(one.id)} judged={judged} judge={(key) => setJudged(new Map(judged).set(key, nextJudgement(judged.get(key))))} />)}</ul>}
      </section>
      <Stored checks={checks ?? []} waves={waves} />
    </>
  );
}
