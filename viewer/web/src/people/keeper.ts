import { go, route } from '../ui/route.ts';
import { standing } from '../live/person.ts';
import { ask, me, say } from './me.ts';

const ASK_MS = 15_000;
/** A box without accounts is asked seldom. */
const SELDOM_MS = 60_000;
const TOUCH_MS = 20_000;

/** Knows who stands before the screen: tells the box of touches, sees that a session rests or ends, and puts the frame of an emergency around every page. */
export function keepPerson(): void {
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    await ask();
    const left = me.value?.seconds ?? 0;
    timer = setTimeout(() => void turn(), standing.value === 'open' ? SELDOM_MS : left > 0 ? Math.min(ASK_MS, left * 1000 + 200) : ASK_MS);
  };
  const show = (): void => {
    document.documentElement.dataset['standing'] = standing.value;
  };
  let before = standing.value;
  standing.watch((now) => {
    show();
    // Back to the bed, never to a wall.
    if (before === 'person' && now !== 'person' && route.value.screen !== 'people') go('live');
    before = now;
  });
  for (const name of ['pointerdown', 'keydown']) {
    addEventListener(name, () => {
      if (standing.value !== 'person' || performance.now() - told < TOUCH_MS) return;
      told = performance.now();
      void say('POST', '/touch');
    }, { capture: true, passive: true });
  }
  show();
  void turn();
}
