// How much of the built page travels before the first wave, and in all: JavaScript, gzip. Fails above the limits (45 kB at the start with the worker, 120 kB in all).
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMITS = { start: 45_000, all: 120_000 };

/** Bytes of the program in a folder of the build; one language comes with the start, the larger is counted. */
export function sizes(dist) {
  const scripts = ['', 'assets/'].flatMap((folder) => readdirSync(new URL(folder, dist)).filter((name) => name.endsWith('.js')).map((name) => [name, new URL(folder + name, dist)]));
  const each = new Map(scripts.map(([name, file]) => [name, gzipSync(readFileSync(file)).length]));
  const page = readFileSync(new URL('index.html', dist), 'utf8');
  const words = (language) => [...each].find(([name]) => name.startsWith(`${language}-`))[1];
  const start = Math.max(words('fr'), words('en')) + [...each].filter(([name]) => page.includes(name) || name.startsWith('worker-')).reduce((sum, [, bytes]) => sum + bytes, 0);
  const catalogues = readdirSync(new URL('assets/', dist)).filter((name) => name.endsWith('.json')).map((name) => gzipSync(readFileSync(new URL(`assets/${name}`, dist))).length);
  return { start, all: [...each.values()].reduce((sum, bytes) => sum + bytes, 0), words: Math.max(...catalogues) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { start, all, words } = sizes(new URL('../dist/', import.meta.url));
  console.log(`start ${(start / 1000).toFixed(1)} kB of ${LIMITS.start / 1000}, all ${(all / 1000).toFixed(1)} kB of ${LIMITS.all / 1000} (JavaScript, gzip); words of the pages in one language ${(words / 1000).toFixed(1)} kB (JSON)`);
  process.exitCode = start <= LIMITS.start && all <= LIMITS.all ? 0 : 1;
}
