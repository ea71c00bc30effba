import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port that is free now. */
export const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

/** Keeps a message as the library read it: one JSON line each. */
export const keep = (text) => appendFileSync(process.argv[2], `${JSON.stringify(text)}\n`);

export const ready = (port) => console.log(`ready ${port}`);
