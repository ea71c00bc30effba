import type { ComponentChildren, JSX } from 'preact';
import { useCell, useCellPart } from '../base/cell.ts';
import type { WardClock } from '../base/local_time.ts';
import { formatDuration } from '../i18n/i18n.ts';
import { t } from '../i18n/trend_words.ts';
import { SPANS_H, type TrendView } from '../trend/view.ts';
import { Button } from './action_bar.tsx';
import { spanLabel } from './span_label.ts';
import { LANE_HEIGHTS, type LaneHeight } from './trend_chart.tsx';

const ZOOM = 2;
const PAN = 0.25;

interface Props {
  readonly view: TrendView;
  readonly ward: WardClock;
  readonly now: () => number;
  readonly choosing: boolean;
  readonly onChoose: () => void;
  readonly height: LaneHeight;
  readonly onHeight: (height: LaneHeight) => void;
  /** What a page adds to the tools. */
  readonly children?: ComponentChildren;
}

function RangeText({ view, ward, now }: Pick<Props, 'view' | 'ward' | 'now'>): JSX.Element {
  const scale = useCell(view.scale);
  const following = useCell(view.following);
  const { a, b } = useCell(view.cursors);
  const end = Math.min(scale.end, now());
  const [from, to] = [ward.zoneLabel(scale.start), ward.zoneLabel(end)];
  const stamp = (time: number): string => (scale.spanMs < 7_200_000 ? ward.time(time) : ward.minute(time));
  const cursors = [a === null ? '' : `A ${ward.stamp(a, now())}`, b === null ? '' : `B ${ward.stamp(b, now())}`, a !== null && b !== null ? `${t('trends.delta')} ${formatDuration(Math.abs(b - a))}` : ''];
  return (
    <div class="range-text" data-range>
      <span>{`${ward.date(scale.start)} ${stamp(scale.start)} → ${ward.date(end)} ${stamp(end)}`} <small>{from === to ? to : `${from} → ${to}`}</small></span>
      <small>{cursors.some(Boolean) ? cursors.filter(Boolean).join('   ') : following ? t('trends.follow') : ''}</small>
    </div>
  );
}

export function TrendToolbar({ view, ward, now, choosing, onChoose, height, onHeight, children }: Props): JSX.Element {
  const shownH = useCellPart(view.scale, () => SPANS_H.find((hours) => Math.abs(view.spanH / hours - 1) < 0.01) ?? null);
  const following = useCell(view.following);
  const placing = useCell(view.placing);
  const next = t(placing === 'a' ? 'trends.cursorA' : placing === 'b' ? 'trends.cursorB' : 'trends.cursorNear');
  const { a, b } = useCell(view.cursors);
  const pan = (share: number): void => view.pan(share * view.scale.value.widthPx, now());
  const zoom = (times: number): void => view.zoom(times, view.scale.value.widthPx / 2, now());
  return (
    <div class="toolbar">
      <div class="segmented" role="group" aria-label={t('trends.range')}>
        {SPANS_H.map((hours) => <button key={hours} type="button" data-span={hours} aria-pressed={hours === shownH} onClick={() => view.show(hours, now())}>{spanLabel(hours)}</button>)}
      </div>
      <RangeText view={view} ward={ward} now={now} />
      <div class="tools">
        <Button icon="left" compact label={t('trends.earlier')} onClick={() => pan(-PAN)} />
        <Button icon="right" compact label={t('trends.later')} onClick={() => pan(PAN)} />
        <Button icon="minus" compact label={t('trends.out')} onClick={() => zoom(ZOOM)} />
        <Button icon="plus" compact label={t('trends.in')} onClick={() => zoom(1 / ZOOM)} />
        <Button icon="now" label={t('trends.now')} pressed={following} onClick={() => view.follow(now())}><span class="button-text button-wide">{t('trends.now')}</span></Button>
        <button type="button" class="button" title={t('trends.placing')} data-placing={placing} onClick={() => view.placing.set(placing === 'a' ? 'b' : 'a')}>
          <span class="button-text button-wide">{next}</span>
          <span class="button-narrow">{placing === 'near' ? '⇄' : placing.toUpperCase()}<span class="sr"> {next}</span></span>
        </button>
        {(a !== null || b !== null) && <Button icon="close" compact label={t('trends.clear')} onClick={() => view.clear()} />}
        <button type="button" class="button button-compact" data-lane-height={height} aria-label={t('trends.height', { n: height.toUpperCase() })} onClick={() => onHeight(LANE_HEIGHTS[(LANE_HEIGHTS.indexOf(height) + 1) % LANE_HEIGHTS.length] ?? 's')}>↕ {height.toUpperCase()}</button>
        {children}
        <Button icon="list" compact label={t('trends.choose')} pressed={choosing} onClick={onChoose} />
      </div>
    </div>
  );
}
