/** More fingers at once than these are a palm or a cloth. */
const MOST_CONTACTS = 2;
/** A click may follow the last finger this much later. */
const AFTER_MS = 350;
/** Charts have gestures of their own, and know how many fingers they take. */
export const CHARTS = '[data-trend-plot], [data-trend], [data-exact], [data-wave]';

/** Which contacts are a palm's: pure, so that it can be tested without a screen. */
export class PalmJudge {
  private readonly contacts = new Set<number>();
  private until = -Infinity;
  private palm = false;

  /** A finger came down; true = it is part of a palm. */
  down(id: number): boolean {
    this.contacts.add(id);
    this.palm ||= this.contacts.size > MOST_CONTACTS;
    return this.palm;
  }

  up(id: number, now: number): void {
    this.contacts.delete(id);
    if (!this.palm || this.contacts.size > 0) return;
    this.palm = false;
    this.until = now + AFTER_MS;
  }

  /** True while a palm lies on the screen, and shortly after it left. */
  ignores(now: number): boolean {
    return this.palm || now < this.until;
  }
}

const inChart = (target: EventTarget | null): boolean => target instanceof Element && target.closest(CHARTS) !== null;

/** Ignores palms everywhere but on charts, and, on a watched screen, the menu that a long touch opens. */
export function guardTouches(watched: boolean): void {
  const judge = new PalmJudge();
  const stop = (event: Event): void => {
    if (inChart(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const capture = { capture: true, passive: false };
  window.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch' && judge.down(event.pointerId)) stop(event);
  }, capture);
  for (const name of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(name, (event) => {
      if (event.pointerType !== 'touch') return;
      const ignored = judge.ignores(performance.now());
      judge.up(event.pointerId, performance.now());
      if (ignored && name === 'pointerup') stop(event);
    }, capture);
  }
  window.addEventListener('click', (event) => {
    if (judge.ignores(performance.now())) stop(event);
  }, capture);
  if (watched) window.addEventListener('contextmenu', (event) => event.preventDefault(), capture);
}
