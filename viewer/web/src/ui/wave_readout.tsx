import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { sampleAt, stepFrom } from '../exact/pieces.ts';
import { clocksOf, measure, type Clocks } from '../exact/reading.ts';
import { formatAge, formatNumber, language } from '../i18n/i18n.ts';
import { ww } from '../i18n/wave_words.ts';
import type { SignalDescription } from '../wire/api.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { around, fineTime } from './wave_chart.tsx';
import type { WaveFrame } from './wave_lane.tsx';

const ON_TIME_MS = 1;

/** 812 ms · 1,204 s */
export const durationWords = (ms: number): string => (ms < 1000 ? `${formatNumber(ms, ms < 10 ? 1 : 0)} ms` : `${formatNumber(ms / 1000, 3)} s`);
export const rateWords = (perMinute: number): string => formatNumber(perMinute, perMinute < 20 ? 1 : 0);

/** ± what, in the unit that can be read. */
export function spreadWords(ms: number | null): string {
  if (ms === null) return ww('pmUnknown');
  // Never less than it is: the last digit is rounded up.
  return ww('pm', { t: ms < 1 ? `${Math.max(1, Math.ceil(ms * 1000))} µs` : ms < 1000 ? `${Math.ceil(ms)} ms` : `${formatNumber(Math.ceil(ms / 100) / 10, 1)} s` });
}

function offsetWords(ms: number): string {
  if (Math.abs(ms) < ON_TIME_MS) return ww('onTime');
  const size = Math.abs(ms) < 60_000 ? durationWords(Math.abs(ms)) : formatAge(Math.abs(ms));
  return ww(ms > 0 ? 'ahead' : 'behind', { t: size });
}

function ClockWords({ clocks, frame }: { readonly clocks: Clocks; readonly frame: WaveFrame }): JSX.Element {
  const { ward } = frame;
  return (
    <dl class="wave-clocks">
      <div><dt>{ww('box')}</dt><dd data-clock-box={clocks.box}><b>{`${ward.date(clocks.box)} ${fineTime(ward, clocks.box, 3)}`}</b> {spreadWords(clocks.uncertaintyMs)}</dd></div>
      <div>
        <dt>{ww('device')}</dt>
        <dd data-clock-offset={clocks.offsetMs ?? ''}>
          {clocks.device === null || clocks.offsetMs === null
            ? ww(clocks.sameEpoch ? 'noClock' : 'otherEpoch')
            : <><b>{`${ward.date(clocks.device) === ward.date(clocks.box) ? '' : `${ward.date(clocks.device)} `}${fineTime(ward, clocks.device, 3)}`}</b> {offsetWords(clocks.offsetMs)} {spreadWords(clocks.offsetUncertaintyMs)}</>}
          {clocks.counter !== '' && <span class="wave-counter">{ww('counter', { s: language.value === 'fr' ? clocks.counter.replace('.', ',') : clocks.counter })}</span>}
        </dd>
      </div>
    </dl>
  );
}

function Steps({ which, signal, frame }: { readonly which: 'one' | 'two'; readonly signal: SignalDescription; readonly frame: WaveFrame }): JSX.Element {
  const n = which === 'one' ? 1 : 2;
  const step = (steps: number): void => {
    const time = frame.view.callipers.value[which];
    frame.view.move(which, stepFrom(around(frame, signal, time), time, steps));
  };
  return <span class="wave-steps"><Button icon="minus" compact label={ww('back1', { n })} onClick={() => step(-1)} /><b aria-hidden="true">{n}</b><Button icon="plus" compact label={ww('on1', { n })} onClick={() => step(1)} /></span>;
}

/** Under the lanes: whose time it is at the cursor; with the callipers out, what they measure. */
export function WaveReadout({ signal, frame }: { readonly signal: SignalDescription; readonly frame: WaveFrame }): JSX.Element {
  const { store } = useBedside();
  const { view, exact } = frame;
  const { on, one, two } = useCell(view.callipers);
  useCell(exact.arrived);
  const devices = useCell(store.devices);
  const at = on ? one : view.at;
  const sample = sampleAt(exact.pieces(signal.number, at - 2_000, at + 2_000), at);
  const measured = measure(one, two);
  return (
    <div class="wave-readout">
      {on && (
        <div class="wave-measure">
          <Steps which="one" signal={signal} frame={frame} />
          <span class="wave-delta" role="status" data-delta-ms={measured.ms}>{ww('dt')} <strong>{durationWords(measured.ms)}</strong>{measured.perMinute !== null && <> <span data-rate={measured.perMinute}>{ww('rate')} <strong>{rateWords(measured.perMinute)}</strong>/min</span></>}</span>
          <Steps which="two" signal={signal} frame={frame} />
        </div>
      )}
      {sample === null ? <p class="wave-clocks">{exact.isLoaded(signal.number, at) ? ww('none') : ww('loading')}</p> : <ClockWords clocks={clocksOf(sample, devices.find((one) => one.device === signal.device))} frame={frame} />}
      {sample !== null && !on && <p class="wave-note">{ww('step', { ms: formatNumber(sample.piece.periodMs, null) })} · {ww('joined')} · {ww('hatched')}</p>}
    </div>
  );
}
