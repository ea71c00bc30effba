/** What the watcher of this screen put into its address; null = nobody watches it. */
export interface Watched {
  readonly screen: string;
  readonly restarts: number;
  readonly reason: string;
  /** Minute of the ward's day at which the page reloads; null = never. */
  readonly reloadAt: number | null;
  readonly night: NightHours | null;
}

/** Minutes of the ward's day; over midnight where it ends before it begins. */
export interface NightHours {
  readonly from: number;
  readonly until: number;
}

export const REASONS = ['none', 'silent', 'frozen', 'ended'] as const;

/** Minute of the day of `22:00`; null = that is none. */
export function minuteOf(text: string | null | undefined): number | null {
  const found = /^(\d\d):(\d\d)$/.exec(text ?? '');
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2])];
  return found !== null && hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

export function readWatched(search: string): Watched | null {
  const query = new URLSearchParams(search);
  const screen = query.get('kiosk') ?? '';
  if (!/^[a-z0-9-]{1,32}$/.test(screen)) return null;
  const [from, until] = (query.get('night') ?? '').split('-').map(minuteOf);
  const restarts = Number(query.get('restarts') ?? '0');
  return {
    screen,
    restarts: Number.isSafeInteger(restarts) && restarts >= 0 ? restarts : 0,
    reason: REASONS.find((one) => one === query.get('reason')) ?? 'none',
    reloadAt: minuteOf(query.get('reload')),
    night: from == null || until == null || from === until ? null : { from, until },
  };
}

export const isNight = ({ from, until }: NightHours, minute: number): boolean => (from < until ? minute >= from && minute < until : minute >= from || minute < until);
