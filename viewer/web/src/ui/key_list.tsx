import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { t, type KeyKey } from '../i18n/key_words.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';

const MAP: readonly (readonly [string, KeyKey])[] = [
  ['1 2 3 4 5 6', 'keys.screens'], ['F', 'keys.freeze'], ['M', 'keys.mark'], ['T', 'keys.table'], ['N', 'keys.night'], ['L', 'keys.language'],
  ['← →', 'keys.pan'], ['+ −', 'keys.zoom'], ['⇱ ⇲', 'keys.ends'], ['?', 'keys.help'], ['Esc', 'keys.escape'],
];

/** The list of keys; it makes room for itself above the bar and covers no live value. */
export function KeyList(): JSX.Element | null {
  const { actions } = useBedside();
  useCell(language);
  if (!useCell(actions.keys)) return null;
  return (
    <aside class="keys" aria-label={t('keys.title')}>
      <dl>{MAP.map(([key, meaning]) => <div key={meaning}><dt><kbd>{key === '⇱ ⇲' ? t('keys.endsNamed') : key}</kbd></dt><dd>{t(meaning)}</dd></div>)}</dl>
      <Button icon="close" compact label={t('action.close')} onClick={() => actions.keys.set(false)} />
    </aside>
  );
}
