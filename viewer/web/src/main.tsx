import { render } from 'preact';
import './style/base.css';
import './style/live.css';
import './style/pages.css';
import './style/setup.css';
import { LiveEngine } from './live/engine.ts';
import { base } from './live/http.ts';
import { LiveStore } from './live/live_store.ts';
import { StayWatch } from './live/stay_watch.ts';
import { Actions } from './ui/actions.ts';
import { App } from './ui/app.tsx';
import { BedsideContext } from './ui/context.ts';
import { listenToKeys } from './ui/keyboard.ts';
import { NumericPainter } from './ui/numeric_painter.ts';
import { startRouting } from './ui/route.ts';
import { restoreSettings } from './ui/settings.ts';
import { fetchAllWords, fetchWords, language, speak } from './i18n/i18n.ts';

const chosen = restoreSettings();
startRouting();
const store = new LiveStore();
const engine = new LiveEngine(store);
const actions = new Actions(store, engine);
const painter = new NumericPainter(store);
const stays = new StayWatch();
listenToKeys(actions);

// The ward's language, until a person chooses one on this screen.
if (!chosen) {
  const stop = store.session.watch((session) => {
    stop();
    if (session?.language === 'en' || session?.language === 'fr') speak(session.language);
  });
  // A person who was quicker than the box is not overruled.
  const chose = language.watch(() => {
    stop();
    chose();
  });
}

/** What a screen needs only once it stands: who lies in the bed, guards of touches, idle times, the heartbeat of a watched one, the shell for when the box is gone. */
async function afterwards(): Promise<void> {
  const { watchOver } = await import('./kiosk/watch_over.ts');
  watchOver(store, engine, actions);
  if (base === '') stays.start();
  if (base === '') (await import('./people/keeper.ts')).keepPerson();
  await fetchAllWords(language.value === 'fr' ? 'en' : 'fr').catch(() => undefined);
}

const WORDS_AGAIN_MS = 1_000;
const AFTERWARDS_MS = 1_500;

/** The page stands when its words came; they are asked for until then. The other language comes afterwards, so that one touch changes it at once. */
async function begin(): Promise<void> {
  try {
    await fetchWords(language.value);
  } catch {
    setTimeout(() => void begin(), WORDS_AGAIN_MS);
    return;
  }
  const root = document.getElementById('app');
  root?.replaceChildren();
  if (root !== null) render(<BedsideContext.Provider value={{ store, engine, painter, actions, stays }}><App /></BedsideContext.Provider>, root);
  setTimeout(() => void afterwards().catch(() => undefined), AFTERWARDS_MS);
}

void begin();
