import { wardClockOf } from '../base/local_time.ts';
import type { LiveEngine } from '../live/engine.ts';
import type { LiveStore } from '../live/live_store.ts';
import type { Actions } from '../ui/actions.ts';
import { go, route } from '../ui/route.ts';
import { night } from '../ui/settings.ts';
import { sendHeartbeats } from './heartbeat.ts';
import { nextBack, nextReload, passed, type Next, type Presence } from './idle.ts';
import { NewBuild } from './new_build.ts';
import { announce, type Pending } from './notice_cell.ts';
import { guardTouches } from './touch_guard.ts';
import { isNight, minuteOf, readWatched } from './watched.ts';

const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;
const BACK_MS = 60_000;

/** Something was written into a field and not sent yet. */
const hasDraft = (): boolean => [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input:not([type]), input[type=text], input[type=search], input[type=number], textarea')].some((field) => field.value !== field.defaultValue);

/** Begins everything that a screen needs once it stands. */
export function watchOver(store: LiveStore, engine: LiveEngine, actions: Actions): void {
  const watched = readWatched(location.search);
  const newBuild = new NewBuild(store);
  guardTouches(watched !== null);
  if (watched !== null) {
    document.documentElement.dataset['watched'] = 'true';
    sendHeartbeats(watched, store, engine, actions);
  }
  let touchedAt = performance.now();
  let printing = false;
  let planned = false;
  let minute: number | null = null;
  for (const name of TOUCHES) window.addEventListener(name, () => { touchedAt = performance.now(); }, { capture: true, passive: true });
  addEventListener('beforeprint', () => { printing = true; });
  addEventListener('afterprint', () => {
    printing = false;
    touchedAt = performance.now();
  });

  const followClock = (): void => {
    const now = store.now();
    if (watched === null || now === null) return;
    const next = minuteOf(wardClockOf(store.session.value).time(now).slice(0, 'hh:mm'.length));
    if (next === null || next === minute) return;
    if (watched.reloadAt !== null && minute !== null && passed(watched.reloadAt, minute, next)) planned = true;
    // Only where night begins or ends, so that a person's own choice holds until then.
    if (watched.night !== null && (minute === null || isNight(watched.night, minute) !== isNight(watched.night, next))) night.set(isNight(watched.night, next));
    minute = next;
  };

  const tell = (what: Pending['what'], next: Next): boolean => {
    if (next.do === 'say') announce({ what, seconds: next.seconds });
    return next.do !== 'nothing';
  };

  store.tick.watch(() => {
    followClock();
    const presence: Presence = {
      idleMs: performance.now() - touchedAt, watched: watched !== null, screen: route.value.screen, draft: hasDraft(),
      held: printing || actions.cleaning.value || actions.frozen.value !== null || actions.marking.value !== null,
    };
    const back = nextBack(presence);
    if (back.do === 'it') go('live');
    if (watched !== null && presence.idleMs > BACK_MS && !presence.held && !presence.draft) {
      actions.keys.set(false);
      actions.table.set(false);
    }
    if (watched !== null && presence.idleMs > BACK_MS && actions.marking.value !== null) actions.beginMark();
    if (tell('back', back)) return;
    const reload = newBuild.waits ? 'build' : planned ? 'planned' : null;
    const next = reload === null ? null : nextReload(presence);
    if (reload === null || next === null || !tell(reload, next)) announce(null);
    else if (next.do === 'it') {
      planned = false;
      touchedAt = performance.now();
      newBuild.reload();
    }
  });
}
