import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { type WardClock, wardClockOf } from '../base/local_time.ts';
import { shortLabel } from '../catalog/labels.ts';
import { formatDuration, language, t } from '../i18n/i18n.ts';
import { mw } from '../i18n/mark_words.ts';
import type { LiveStore } from '../live/live_store.ts';
import { askContext, context, markWords, said } from '../marks/context.ts';
import { Marker } from '../marks/marker.ts';
import { presetsOf } from '../marks/presets.ts';
import '../style/marks.css';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';

const AGAIN_MS = 3_000;
const LOOK_MS = 1_000;

const markers = new WeakMap<LiveStore, Marker>();

/** The one marker of a page. */
export function markerOf(store: LiveStore): Marker {
  const known = markers.get(store);
  if (known !== undefined) return known;
  const made = new Marker(() => store.now() ?? Date.now());
  markers.set(store, made);
  return made;
}

/** Fetches the catalogue when this part of the page comes up, and until it is there. */
export function useContextOfBed(): void {
  const { store } = useBedside();
  const signals = useCell(store.signals);
  useEffect(() => {
    void askContext();
    const timer = setInterval(() => {
      if (context.value === null) void askContext();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [signals.length]);
}

interface ChoiceProps {
  /** 0 = the bed. */
  readonly signal: number;
  readonly time: number;
  readonly title: string;
  readonly done?: () => void;
}

/** Everything that can be said of the bed or of one signal at a time that was touched: one touch says it. */
export function MarkChoice({ signal, time, title, done }: ChoiceProps): JSX.Element {
  const { store, actions } = useBedside();
  const kinds = useCell(context);
  useCell(language);
  const marker = markerOf(store);
  return (
    <div class="marks" role="group" onPointerDown={() => actions.keepTrend()} aria-label={title} data-mark-choice={signal}>
      <span class="marks-title">{title}</span>
      <div class="marks-groups">
        {kinds === null && <span class="marks-title">{mw('loading')}</span>}
        {presetsOf(kinds ?? [], signal).map((group) => (
          <span key={group.kind} class="marks-group" role="group" aria-label={group.title === null ? undefined : said(group.title)}>
            {group.title !== null && <b aria-hidden="true">{said(group.title)}</b>}
            {group.presets.map((preset) => {
              const [value = ''] = Object.values(preset.attributes);
              return (
                <button key={value} type="button" class="chip" aria-label={said(preset.full)} data-mark={preset.kind} data-value={value} onClick={() => { void marker.save(preset, signal, time); done?.(); }}>
                  {said(preset.label)}
                </button>
              );
            })}
          </span>
        ))}
      </div>
      {done !== undefined && <Button icon="close" compact label={t('action.close')} onClick={done} />}
    </div>
  );
}

/** What was marked last, with its undo; and ranges that are still open, each with its end. */
function Said({ ward }: { readonly ward: WardClock }): JSX.Element | null {
  const { store } = useBedside();
  const marker = markerOf(store);
  const done = useCell(marker.done);
  const open = useCell(marker.open);
  useCell(context);
  useCell(store.tick);
  const now = store.now() ?? Date.now();
  if (done === null && open.length === 0) return null;
  return (
    <div class="marks" data-marks-said>
      {done !== null && (
        <div class="marks-said" role={done.step === 'failed' ? 'alert' : 'status'} data-mark-done={done.step}>
          <span>{done.step === 'saved' ? mw('saved', { what: markWords(done.mark), time: ward.time(done.mark.time) }) : done.step === 'ended' ? mw('ended', { what: markWords(done.mark), time: ward.time(done.mark.until ?? done.mark.time) }) : mw(done.step)}</span>
          {(done.step === 'saved' || done.step === 'ended') && <Button label={mw('undo')} onClick={() => void marker.undo()} />}
        </div>
      )}
      {open.length > 0 && (
        <div class="marks-said">
          {open.slice(0, 3).map((mark) => (
            <button key={mark.key} type="button" class="button" data-mark-end={mark.kind} aria-label={mw('endOf', { what: markWords(mark), time: ward.time(mark.time) })} onClick={() => void marker.end(mark)}>
              {markWords(mark)} {formatDuration(Math.max(0, now - mark.time))} · <b>{mw('end')}</b>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The bar over the bar: fetched after the live page stands. The time was taken by the first touch, however late this comes. */
export function MarkBar(): JSX.Element {
  const { store, actions } = useBedside();
  const marking = useCell(actions.marking);
  const trend = useCell(actions.trend);
  const session = useCell(store.session);
  const spoken = useCell(language);
  const part = trend?.slot.parts[0];
  useContextOfBed();
  const marker = markerOf(store);
  const ward = wardClockOf(session);
  useEffect(() => {
    const timer = setInterval(() => marker.tick(), LOOK_MS);
    return () => clearInterval(timer);
  }, [marker]);
  return (
    <aside class="marks-bar" aria-label={mw('marks')}>
      {marking !== null && <MarkChoice signal={0} time={marking} title={mw('title', { time: ward.time(marking) })} done={() => actions.marking.set(null)} />}
      {marking === null && part !== undefined && trend !== null && <MarkChoice key={part.number} signal={part.number} time={trend.at} title={mw('titleOf', { name: shortLabel(trend.slot.key, part, spoken), time: ward.time(trend.at) })} />}
      <Said ward={ward} />
    </aside>
  );
}
