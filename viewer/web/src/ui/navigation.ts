import type { Key } from '../i18n/i18n.ts';
import type { IconName } from './icon.tsx';
import { SCREENS, type Screen } from './route.ts';

/** One entry of the bar: at most six, each at least 56 px high, the same on every screen. */
export interface Entry {
  readonly screen: string;
  readonly key: Key;
  readonly icon: IconName;
  /** Screens that are reached through it and have no entry of their own; none is deeper than this. */
  readonly holds?: readonly Screen[];
}

const ENTRIES: readonly Entry[] = [
  { screen: 'live', key: 'nav.live', icon: 'wave' },
  { screen: 'trends', key: 'nav.trends', icon: 'trend', holds: ['waves'] },
  { screen: 'events', key: 'nav.events', icon: 'events' },
  { screen: 'sheet', key: 'nav.sheet', icon: 'sheet' },
  { screen: 'ward', key: 'nav.ward', icon: 'beds' },
  { screen: 'more', key: 'nav.more', icon: 'more', holds: ['health', 'setup', 'help', 'patient', 'people'] },
];

/** The bar of this build: an entry whose screen does not exist is not offered. */
export const NAVIGATION: readonly (Entry & { readonly screen: Screen })[] = ENTRIES.flatMap((entry) => {
  const screen = SCREENS.find((one) => one === entry.screen);
  return screen === undefined ? [] : [{ ...entry, screen }];
});

/** The screen of the key 1 to 6: the place in the whole bar, so that no key changes its meaning when an entry comes. */
export const screenOfKey = (digit: number): Screen | undefined => SCREENS.find((one) => one === ENTRIES[digit - 1]?.screen);

/** What aria-current says of an entry on a screen. */
export const currentOf = (entry: Entry, screen: Screen): 'page' | 'true' | undefined => (entry.screen === screen ? 'page' : entry.holds?.includes(screen) === true ? 'true' : undefined);
