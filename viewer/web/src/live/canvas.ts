import type { ToWorker } from './messages.ts';

/** Puts a new canvas into `host`, alone, and hands it to the worker that draws; one that was handed over cannot be handed to another. */
export function giveCanvas(host: HTMLElement, worker: Worker): void {
  const canvas = document.createElement('canvas');
  canvas.className = 'sweep';
  canvas.setAttribute('aria-hidden', 'true');
  host.replaceChildren(canvas);
  const offscreen = canvas.transferControlToOffscreen();
  worker.postMessage({ type: 'canvas', canvas: offscreen } satisfies ToWorker, [offscreen]);
}
