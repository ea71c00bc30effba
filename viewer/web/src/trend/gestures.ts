/** What hands move: time to the left and right, closer and wider, and a place in it. */
export interface Moved {
  pan(px: number, now: number): void;
  zoom(factor: number, atPx: number, now: number): void;
  /** `y` in CSS pixels from the top of the chart. */
  place(px: number, y: number): void;
}

const TAP_PX = 6;
const TAP_MS = 500;
const WHEEL_ZOOM = 0.0016;
const MOST_CONTACTS = 2;

/** Drag pans, two fingers pinch, the wheel zooms (with Shift it pans), a tap places a cursor. Every gesture also has a button and a key. */
export function listenToGestures(element: HTMLElement, view: Moved, ratio: number, now: () => number, settled: () => void, touching: (on: boolean) => void = () => undefined): () => void {
  const contacts = new Map<number, number>();
  let startX = 0;
  let startedAt = 0;
  let moved = false;

  const xOf = (event: MouseEvent): number => (event.clientX - element.getBoundingClientRect().left) * ratio;

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    contacts.set(event.pointerId, xOf(event));
    touching(true);
    element.setPointerCapture(event.pointerId);
    if (contacts.size === 1) {
      startX = xOf(event);
      startedAt = performance.now();
      moved = false;
    } else {
      moved = true;
    }
  };

  const move = (event: PointerEvent): void => {
    const before = contacts.get(event.pointerId);
    if (before === undefined || contacts.size > MOST_CONTACTS) return;
    const x = xOf(event);
    if (contacts.size === 1) {
      if (!moved && Math.abs(x - startX) < TAP_PX * ratio) return;
      moved = true;
      const px = Math.round(before - x);
      if (px === 0) return;
      view.pan(px, now());
      contacts.set(event.pointerId, before - px);
      return;
    }
    const other = [...contacts].find(([id]) => id !== event.pointerId)?.[1] ?? x;
    const was = Math.max(20, Math.abs(before - other));
    const is = Math.max(20, Math.abs(x - other));
    contacts.set(event.pointerId, x);
    view.zoom(was / is, (x + other) / 2, now());
  };

  const up = (event: PointerEvent): void => {
    if (!contacts.delete(event.pointerId) || contacts.size > 0) return;
    touching(false);
    if (!moved && performance.now() - startedAt < TAP_MS) view.place(xOf(event), event.clientY - element.getBoundingClientRect().top);
    settled();
  };

  const cancel = (event: PointerEvent): void => {
    contacts.delete(event.pointerId);
    if (contacts.size === 0) touching(false);
  };

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
    if (sideways !== 0) view.pan(sideways * ratio, now());
    else view.zoom(Math.exp(event.deltaY * WHEEL_ZOOM), xOf(event), now());
    settled();
  };

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', cancel);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', cancel);
    element.removeEventListener('wheel', wheel);
  };
}
