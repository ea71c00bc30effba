import type { JSX } from 'preact';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { language } from '../i18n/i18n.ts';
import { moreFr, mw } from '../i18n/more_words.ts';
import '../style/more.css';
import { useBedside } from './context.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Screen } from './route.ts';
import { stayWords } from './stay_label.tsx';

type Word = keyof typeof moreFr;

interface Door {
  readonly screen: Screen;
  readonly icon: IconName;
  readonly name: Word;
  readonly says: Word;
  /** Behind `?`, where it is one step of a screen. */
  readonly step?: string;
}

/** One line for each screen behind « More »; from each of them it is one touch back to the bar. */
const DOORS: readonly Door[] = [
  { screen: 'health', icon: 'heart', name: 'health', says: 'healthSays' },
  { screen: 'setup', icon: 'cable', name: 'setup', says: 'setupSays' },
  { screen: 'setup', step: '?step=check', icon: 'check', name: 'check', says: 'checkSays' },
  { screen: 'patient', icon: 'person', name: 'patient', says: 'patientSays' },
  { screen: 'people', icon: 'person', name: 'people', says: 'peopleSays' },
  { screen: 'help', icon: 'book', name: 'help', says: 'helpSays' },
];

/** What can be said of a screen before it is opened; empty = nothing. */
function useNews(): (screen: Screen) => string {
  const { store, stays } = useBedside();
  const devices = useCell(store.devices);
  const bed = useCell(store.bed);
  const tasks = useCell(stays.tasks);
  const session = useCell(store.session);
  const live = bed.devices.filter((one) => one.state === 'live').length;
  return (screen) => {
    if (screen === 'setup') return devices.length === 0 ? mw('none') : mw('receiving', { n: live, of: devices.length });
    if (screen === 'patient' && tasks?.kept === true) return stayWords(tasks, wardClockOf(session), store.now() ?? Date.now());
    return '';
  };
}

export function MorePage(): JSX.Element {
  useCell(language);
  const news = useNews();
  return (
    <main class="more" id="values" tabIndex={0}>
      <h1>{mw('title')}</h1>
      <nav class="doors" aria-label={mw('title')}>
        {DOORS.map(({ screen, step = '', icon, name, says }) => (
          <a key={name} class="door" href={`#/${screen}${step}`} data-more={name}>
            <Icon name={icon} />
            <span class="door-words"><strong>{mw(name)}</strong><span>{mw(says)}</span>{step === '' && news(screen) !== '' && <b>{news(screen)}</b>}</span>
            <Icon name="right" />
          </a>
        ))}
      </nav>
    </main>
  );
}
