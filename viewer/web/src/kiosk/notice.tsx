import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { kw } from '../i18n/kiosk_words.ts';
import { pending } from './notice_cell.ts';

/** One line above the bar, in its own room: nothing happens to a screen without a word. Its countdown is for the eyes. */
export function Notice(): JSX.Element | null {
  useCell(language);
  const next = useCell(pending);
  return next === null ? null : <div class="notice" data-notice={next.what} role="note">{kw(next.what, { n: next.seconds })}</div>;
}
