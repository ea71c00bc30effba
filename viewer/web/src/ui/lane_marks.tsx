import type { JSX } from 'preact';
import type { TimeScale } from '../base/time_scale.ts';
import { context, kindOf, markWords, OPEN_MS, type HeldMark } from '../marks/context.ts';
import { useCell } from '../base/cell.ts';
import { Icon } from './icon.tsx';

const LABEL_PX = 130;
const MOST = 100;

interface Props {
  readonly marks: readonly HeldMark[];
  readonly scale: TimeScale;
  readonly ratio: number;
  /** Now: what nobody ended is drawn no farther. */
  readonly now: number;
}

/** Where what a mark says begins and ends in view, in CSS pixels; null = it is an instant. */
function spanOf(mark: HeldMark, { scale, ratio, now }: Props): { readonly from: number; readonly to: number; readonly open: boolean } | null {
  if (mark.heldUntil === mark.time) return null;
  const open = mark.heldUntil === null;
  const until = mark.heldUntil ?? (kindOf(mark.kind)?.form === 'state' ? now : Math.min(now, mark.time + OPEN_MS));
  const from = Math.max(0, scale.px(mark.time) / ratio);
  const to = Math.min(scale.widthPx / ratio, scale.px(until) / ratio);
  return to <= from ? null : { from, to, open };
}

/** A flag where each mark begins, its words where there is room, and a line for as long as it holds; what began before stands at the left edge. */
export function LaneMarks(props: Props): JSX.Element {
  const { scale, ratio } = props;
  useCell(context);
  const width = scale.widthPx / ratio;
  const shown = props.marks.filter((mark) => scale.px(mark.time) / ratio <= width && (mark.time >= scale.start || spanOf(mark, props) !== null)).slice(-MOST);
  const places = shown.map((mark) => Math.max(0, scale.px(mark.time) / ratio));
  return (
    <>
      {shown.map((mark, i) => {
        const span = spanOf(mark, props);
        const x = places[i] ?? 0;
        const next = places[i + 1] ?? width;
        const left = i === shown.length - 1 && width - x < LABEL_PX && x - (places[i - 1] ?? 0) > 2 * LABEL_PX;
        const words = next - x > LABEL_PX || left;
        return (
          <span key={mark.key} data-mark-shown={mark.kind} data-mark-value={Object.values(mark.attributes).join(' ')}>
            {span !== null && <i class="mark-span" data-open={span.open} style={{ left: `${span.from}px`, width: `${span.to - span.from}px` }} />}
            <span class={left ? 'lane-mark lane-mark-left' : 'lane-mark'} style={{ left: `${x}px` }} title={markWords(mark)}>
              <Icon name="flag" />{words ? <span>{mark.time < scale.start ? '… ' : ''}{mark.text || markWords(mark)}</span> : <span class="sr">{markWords(mark)}</span>}
            </span>
          </span>
        );
      })}
    </>
  );
}
