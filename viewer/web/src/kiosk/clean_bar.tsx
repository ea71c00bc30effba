import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { kw } from '../i18n/kiosk_words.ts';
import { useBedside } from '../ui/context.ts';

const LOCK_MS = 30_000;
const HOLD_MS = 3_000;
const LOOK_MS = 200;
/** A finger that presses may tremble; a cloth goes further. */
const STRAY_PX = 24;

const PRESSING = ['Enter', ' '];
const LOCKED = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu', 'wheel', 'touchstart', 'touchmove', 'touchend', 'keydown', 'keyup'] as const;

/** Whatever is touched or typed outside of the way out goes nowhere. */
function lock(way: HTMLElement): () => void {
  const stop = (event: Event): void => {
    const pressed = event instanceof KeyboardEvent ? PRESSING.includes(event.key) : event.type !== 'contextmenu';
    if (pressed && event.target instanceof Node && way.contains(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const name of LOCKED) window.addEventListener(name, stop, { capture: true, passive: false });
  return () => {
    for (const name of LOCKED) window.removeEventListener(name, stop, { capture: true });
  };
}

const secondsTo = (end: number): number => Math.max(0, Math.ceil((end - performance.now()) / 1000));

/** In the place of the bar while the screen is wiped: how long it lasts, and one way out that a cloth does not find. */
export function CleanBar(): JSX.Element {
  const { actions } = useBedside();
  useCell(language);
  const way = useRef<HTMLButtonElement>(null);
  const end = useRef(performance.now() + LOCK_MS);
  const press = useRef<{ readonly until: number; readonly x: number; readonly y: number } | null>(null);
  const [, renew] = useState(0);
  useEffect(() => {
    const button = way.current;
    if (button === null) return undefined;
    button.focus();
    const unlock = lock(button);
    const timer = setInterval(() => {
      const now = performance.now();
      if (now >= end.current || (press.current !== null && now >= press.current.until)) actions.cleaning.set(false);
      else renew(now);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      unlock();
    };
  }, [actions]);
  const begin = (x: number, y: number): void => {
    press.current ??= { until: performance.now() + HOLD_MS, x, y };
    renew(performance.now());
  };
  const release = (): void => {
    press.current = null;
    renew(performance.now());
  };
  return (
    <div class="mark clean" data-clean>
      <span class="mark-title">{kw('clean', { n: secondsTo(end.current) })}</span>
      <button
        ref={way} type="button" class="button clean-way" data-unlock
        onPointerDown={(event) => begin(event.clientX, event.clientY)} onPointerUp={release} onPointerCancel={release} onPointerLeave={release} onBlur={release}
        onPointerMove={(event) => {
          if (press.current !== null && Math.hypot(event.clientX - press.current.x, event.clientY - press.current.y) > STRAY_PX) release();
        }}
        onKeyDown={(event) => {
          if (PRESSING.includes(event.key)) begin(0, 0);
        }}
        onKeyUp={release}
      >
        {press.current === null ? kw('hold') : kw('holding', { n: secondsTo(press.current.until) })}
      </button>
    </div>
  );
}
