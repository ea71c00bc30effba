import { Cell } from '../base/cell.ts';
import { base } from '../live/http.ts';

/** A new screen is a word here, and a line where app.tsx shows it; the bar and the page « More » then offer it by themselves when they name it. */
const ALL = ['live', 'trends', 'health', 'setup', 'help', 'patient', 'waves', 'events', 'sheet', 'ward', 'people', 'more'] as const;
export type Screen = (typeof ALL)[number];

/** Of another bed only what its values are. */
export const SCREENS: readonly Screen[] = base === '' ? ALL : ['live', 'trends', 'waves'];

export interface Route {
  readonly screen: Screen;
  readonly query: URLSearchParams;
}

/** `#/trends?h=24`; anything unknown is the live screen. */
export function parseRoute(hash: string): Route {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  return { screen: SCREENS.find((one) => one === path) ?? 'live', query: new URLSearchParams(query ?? '') };
}

export const route = new Cell<Route>(parseRoute(''));

export function startRouting(): void {
  route.set(parseRoute(location.hash));
  addEventListener('hashchange', () => route.set(parseRoute(location.hash)));
}

export const go = (screen: Screen): void => {
  location.hash = `#/${screen}`;
};

/** Where the exact samples around an instant are; `signal` may be a number's or a wave's. */
export const wavesLink = (at: string, signal: string): string => `#/waves?at=${encodeURIComponent(at)}${signal === '' ? '' : `&signal=${encodeURIComponent(signal)}`}`;

/** Where the help page of a driver's device is; empty = the list of them. */
export const helpLink = (driver: string): string => (driver === '' ? '#/help' : `#/help?device=${encodeURIComponent(driver)}`);
