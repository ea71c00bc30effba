// Draws made-up signals with gaps through the page's own painters in a real browser and counts columns of gaps that have ink: trends, the hour over the waves,
// exact waves, the live sweep and its frozen picture, the printed strip. node dev/gaps.mjs [SEEDS] [FIRST]. Exit 1 where there is ink.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const [seeds = '40', first = '0'] = process.argv.slice(2);
const server = await createServer({
  configFile: false, root: new URL('..', import.meta.url).pathname, logLevel: 'error', appType: 'custom', cacheDir: mkdtempSync(join(tmpdir(), 'gaps-')),
  server: { host: '127.0.0.1', port: 0, hmr: false, watch: null }, optimizeDeps: { noDiscovery: true },
  plugins: [{ name: 'blank', configureServer: (one) => { one.middlewares.use('/blank', (_, answer) => { answer.setHeader('Content-Type', 'text/html'); answer.end('<!doctype html>'); }); } }],
});
await server.listen();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
let inked = 0;
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/blank`);
  for (const what of ['trend', 'exact', 'sweep', 'print']) {
    const seen = await page.evaluate(async ([name, from, count]) => {
      const drawn = await import('/dev/gaps_page.ts');
      const all = Array.from({ length: count }, (_, i) => drawn[name](from + i)).flat();
      return { columns: all.reduce((sum, one) => sum + one.columns, 0), inked: all.reduce((sum, one) => sum + one.inked, 0), where: all.find((one) => one.where !== '')?.where ?? '' };
    }, [what, Number(first), Number(seeds)]);
    inked += seen.inked;
    console.log(JSON.stringify({ what, seeds: Number(seeds), ...seen }));
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = inked === 0 ? 0 : 1;
