import type { Screen } from '../ui/route.ts';

const BACK_MS = 60_000;
/** What was begun to be written is left only much later. */
const DRAFT_MS = 300_000;
/** Pages of settings do not stay open on any screen. */
const SETUP_MS = 600_000;
const NOTICE_MS = 10_000;
const QUIET_MS = 60_000;
const RELOAD_NOTICE_MS = 15_000;

export interface Presence {
  /** Since the last touch or key. */
  readonly idleMs: number;
  readonly watched: boolean;
  readonly screen: Screen;
  /** Something was begun to be written. */
  readonly draft: boolean;
  /** Something goes on that must not be cut short: a print, a lock for wiping. */
  readonly held: boolean;
}

export type Next = { readonly do: 'nothing' } | { readonly do: 'say'; readonly seconds: number } | { readonly do: 'it' };

const NOTHING: Next = { do: 'nothing' };

function after(idleMs: number, limitMs: number, noticeMs: number): Next {
  const left = limitMs - idleMs;
  if (left <= 0) return { do: 'it' };
  return left <= noticeMs ? { do: 'say', seconds: Math.ceil(left / 1000) } : NOTHING;
}

/** Back to the live screen: at the bed after a minute, from pages of settings everywhere after ten. */
export function nextBack({ idleMs, watched, screen, draft, held }: Presence): Next {
  if (held || screen === 'live') return NOTHING;
  if (watched) return after(idleMs, draft ? DRAFT_MS : BACK_MS, NOTICE_MS);
  return screen === 'setup' || screen === 'help' ? after(idleMs, SETUP_MS, NOTICE_MS) : NOTHING;
}

/** A reload that waits comes when nobody has touched the screen for a minute, and says so before. */
export function nextReload({ idleMs, draft, held }: Presence): Next {
  return held || draft ? NOTHING : after(idleMs, QUIET_MS + RELOAD_NOTICE_MS, RELOAD_NOTICE_MS);
}

/** True when the minute of the day `at` was reached since the last look; a look may come late, but not half a day. */
export function passed(at: number, was: number, now: number): boolean {
  const day = 24 * 60;
  const since = (now - was + day) % day;
  return since > 0 && since < day / 2 && (at - was + day) % day > 0 && (at - was + day) % day <= since;
}
