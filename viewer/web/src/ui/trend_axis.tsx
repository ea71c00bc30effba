import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WardClock } from '../base/local_time.ts';
import { ticksOf } from '../base/ticks.ts';
import { useCell } from '../base/cell.ts';
import { t } from '../i18n/trend_words.ts';
import { tickStep, type TrendView } from '../trend/view.ts';
import type { TrendModel } from '../trend/trend_model.ts';
import type { AlertItem, Priority } from '../wire/api.ts';
import { LaneMarks } from './lane_marks.tsx';

const STARS: { readonly [priority in Priority]: string } = { high: '***', medium: '**', low: '*', none: '·' };
const EDGE_PX = 20;
const ALERT_PX = 18;

interface Props {
  readonly view: TrendView;
  readonly model: TrendModel;
  readonly ward: WardClock;
  readonly ratio: number;
  readonly now: () => number;
}

/** Marks of people and alarms of the monitor on one line, then the local times. */
export function TrendAxis({ view, model, ward, ratio, now }: Props): JSX.Element {
  const scale = useCell(view.scale);
  const events = useCell(model.events);
  const width = scale.widthPx / ratio;
  const [, renew] = useState(0);
  useEffect(() => model.arrived.watch(renew), [model]);
  const px = (time: number): number => scale.px(time) / ratio;
  const at = (time: number): string => `${((scale.px(time) / ratio / width) * 100).toFixed(3)}%`;
  const inside = (time: number): boolean => time >= scale.start && time <= scale.end;
  const ticks = ticksOf(ward, scale.start, scale.end, tickStep(scale, ratio)).filter((tick) => px(tick.time) > EDGE_PX && px(tick.time) < width - EDGE_PX);
  // One mark of alarm per place: the gravest of those that would lie on each other.
  const places = new Map<number, AlertItem>();
  for (const one of events.alerts.filter((alert) => inside(alert.since))) {
    const place = Math.floor(px(one.since) / ALERT_PX);
    const there = places.get(place);
    if (there === undefined || STARS[one.priority].length > STARS[there.priority].length) places.set(place, one);
  }
  const alerts = [...places.values()];
  return (
    <>
      <div class="trend-events" aria-label={t('trends.events')} role="group">
        {alerts.map((one) => (
          <span key={`${one.device}${one.key}${one.since}`} class="trend-alert" data-priority={one.priority} style={{ left: at(one.since) }} title={`${STARS[one.priority]} ${one.text} – ${ward.time(one.since)}`}>{STARS[one.priority]}</span>
        ))}
        <LaneMarks marks={events.marks.filter((one) => one.number === 0)} scale={scale} ratio={ratio} now={now()} />
      </div>
      <div class="trend-times">
        {ticks.map((tick) => <span key={tick.time} class={tick.midnight ? 'trend-tick trend-tick-day' : 'trend-tick'} style={{ left: at(tick.time) }}>{tick.label}</span>)}
      </div>
    </>
  );
}
