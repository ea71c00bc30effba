import type { JSX } from 'preact';

// Drawn here, so that no screen depends on which symbols its fonts have.
const PATHS = {
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  flag: 'M6 21V4M6 5h11l-2.5 3.5L17 12H6',
  moon: 'M19 14.5A7.5 7.5 0 1 1 9.5 5a6 6 0 0 0 9.5 9.5z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  keys: 'M3 7h18v10H3zM7 14h10M7 10.5h.01M11 10.5h.01M15 10.5h.01',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  wave: 'M2 13h5l2-6 4 12 3-9 2 3h4',
  trend: 'M3 17l5-6 4 3 6-8 3 3',
  heart: 'M5 4h14v16H5zM9 9h6M9 13h6M9 17h3',
  cable: 'M7 3v4M11 3v4M5 7h8v4a4 4 0 0 1-8 0zM9 15v3a3 3 0 0 0 6 0v-7a3 3 0 0 1 6 0v10',
  now: 'M5 5l8 7-8 7zM18 5v14',
  callipers: 'M12 3v3M12 6L6 21M12 6l6 15M9 13h6',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  events: 'M5 4v16M5 7h.01M9 7h11M5 12h.01M9 12h8M5 17h.01M9 17h11',
  beds: 'M3 6h8v5H3zM13 6h8v5h-8zM3 14h8v5H3zM13 14h8v5h-8z',
  more: 'M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21c0-4 3.5-6 8-6s8 2 8 6',
  book: 'M4 5h6a2 2 0 0 1 2 2v13a2 2 0 0 0-2-2H4zM20 5h-6a2 2 0 0 0-2 2v13a2 2 0 0 1 2-2h6z',
  sheet: 'M3 4h18v16H3zM3 9h18M9 4v16M15 9v11',
  check: 'M4 5h10M4 11h7M4 17h5M13 16l3 3 6-8',
  wipe: 'M4 20h16M6 16l9-9 4 4-6 5zM15 7l2-3 4 4-2 3',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={PATHS[name]} /></svg>
);
