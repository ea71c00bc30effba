import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { t, language } from '../i18n/i18n.ts';
import { kw, type keyFr } from '../i18n/key_words.ts';
import { Button } from './action_bar.tsx';
import { useBedside } from './context.ts';
import { hotkeys, toggleHotkeys } from './settings.ts';

type Meaning = keyof typeof keyFr;

const MAP: readonly (readonly [string, Meaning])[] = [
  ['1 – 6', 'screens'], ['nameTab', 'tab'], ['F', 'freeze'], ['M', 'mark'], ['T', 'table'], ['N', 'night'], ['L', 'language'],
  ['← →', 'pan'], ['+ −', 'zoom'], ['nameEnds', 'ends'], ['A B', 'cursor'], ['C', 'callipers'], ['?', 'help'], ['nameEscape', 'escape'],
];

const keyName = (name: string): string => (name === 'nameTab' || name === 'nameEnds' || name === 'nameEscape' ? kw(name) : name);

/** The list of keys, and the way to switch them off; it makes room for itself above the bar and covers no live value. */
export function KeyList(): JSX.Element | null {
  const { actions } = useBedside();
  const on = useCell(hotkeys);
  useCell(language);
  if (!useCell(actions.keys)) return null;
  return (
    <aside class="keys" aria-label={kw('title')} data-keys>
      <dl>{MAP.map(([key, meaning]) => <div key={meaning}><dt><kbd>{keyName(key)}</kbd></dt><dd>{kw(meaning)}</dd></div>)}</dl>
      <div class="keys-does">
        <button type="button" class="button" role="switch" aria-checked={on} data-hotkeys onClick={toggleHotkeys}>{kw('single')} : <b>{kw(on ? 'on' : 'off')}</b></button>
        <Button icon="close" compact label={t('action.close')} onClick={() => actions.keys.set(false)} />
      </div>
    </aside>
  );
}
