import { Feed } from './feed.ts';
import type { ToWorker } from './messages.ts';

// Owns the socket and the canvas, so that nothing the page does can hold up the waves.

const BEAT_MS = 250;

const feed = new Feed((message) => self.postMessage(message));

function draw(): void {
  feed.draw();
  self.requestAnimationFrame(draw);
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  feed.tell(event.data);
  if (event.data.type !== 'start') return;
  setInterval(() => feed.beat(), BEAT_MS);
  self.requestAnimationFrame(draw);
};
