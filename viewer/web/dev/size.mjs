// How much of the built page travels before the first wave, and in all: JavaScript, gzip. Fails above the limits (45 kB at the start with the worker, 120 kB in all).
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMITS = { start: 45_000, all: 120_000 };
const dist = new URL('../dist/', import.meta.url);
const scripts = ['', 'assets/'].flatMap((folder) => readdirSync(new URL(folder, dist)).filter((name) => name.endsWith('.js')).map((name) => [name, new URL(folder + name, dist)]));
const sizes = new Map(scripts.map(([name, file]) => [name, gzipSync(readFileSync(file)).length]));
const page = readFileSync(new URL('index.html', dist), 'utf8');
const words = (language) => [...sizes].find(([name]) => name.startsWith(`${language}-`))[1];
// One language comes with the start; the larger is counted.
const start = Math.max(words('fr'), words('en')) + [...sizes].filter(([name]) => page.includes(name) || name.startsWith('worker-')).reduce((sum, [, bytes]) => sum + bytes, 0);
const all = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
console.log(`start ${(start / 1000).toFixed(1)} kB of ${LIMITS.start / 1000}, all ${(all / 1000).toFixed(1)} kB of ${LIMITS.all / 1000} (JavaScript, gzip)`);
process.exitCode = start <= LIMITS.start && all <= LIMITS.all ? 0 : 1;
