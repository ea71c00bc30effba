// Photographs every screen that the bar and « More » lead to, for people to judge: node dev/gallery.mjs [FOLDER] (docs/gallery unless given). Against the mock, and a ward of simulated monitors, so invented data only; French and English, day and
// night, 1280×800, 800×480 and 1920×1080, fresh, late and lost. Writes small WebP pictures and the README that shows them. Nothing compares pixels.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = process.argv[2] ?? new URL('../../../docs/gallery/', import.meta.url).pathname;
const QUALITY = 80;
const MOST_BYTES = 2_500_000;
const SIZES = { wide: [1280, 800], low: [800, 480], large: [1920, 1080] };
const port = 9700 + Math.floor(Math.random() * 200);
const base = `http://127.0.0.1:${port}`;
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) if (old.endsWith('.webp')) rmSync(join(folder, old));
const mock = spawn(process.execPath, [new URL('mock.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, MOCK_PLAIN: '1', MOCK_ALARM: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((resolve) => mock.stdout.once('data', resolve));
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'gallery-')), {
  executablePath: '/usr/bin/chromium', headless: true, timezoneId: 'Europe/Paris',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const fault = (name) => fetch(`${base}/dev/fault?name=${name}`);
const shown = [];

async function open(language, night, size) {
  const [width, height] = SIZES[size];
  const page = await browser.newPage();
  await page.setViewportSize({ width, height });
  await page.addInitScript(`localStorage.setItem('bedside.screen', '${JSON.stringify({ language, night })}')`);
  await page.goto(`${base}/#/live`);
  await page.waitForSelector('[data-signal=hr][data-state=live]', { timeout: 60_000 });
  return { page, language, night, size };
}

async function go({ page }, hash, ms = 1800) {
  await page.evaluate((to) => { location.hash = to; }, hash);
  await page.waitForTimeout(ms);
}

async function take({ page, language, night, size }, name, says) {
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const file = `${name}-${language}-${night ? 'night' : 'day'}-${SIZES[size].join('x')}.webp`;
  writeFileSync(join(folder, file), Buffer.from(data, 'base64'));
  shown.push({ file, says: `${says}, ${language === 'fr' ? 'French' : 'English'}, ${night ? 'night' : 'day'}, ${SIZES[size].join('×')}` });
  console.log(file);
}

async function walk(language, night, size) {
  const at = await open(language, night, size);
  await at.page.waitForTimeout(9_000);
  await go(at, '#/more');
  const found = await at.page.$$eval('[data-nav], [data-more]', (all) => all.map((one) => [one.getAttribute('href'), (one.querySelector('strong') ?? one).textContent.trim()]));
  for (const [hash, says] of [...found, ['#/waves?signal=hr', 'Exact waves'], ['#/help?device=philips-intellivue', 'Help of a device']]) {
    await go(at, hash, hash === '#/live' ? 9_000 : 2_200);
    await take(at, hash.slice(2).replace(/\?device.*/, '-device').replace(/\?.*/, ''), says);
  }
  return at;
}

const first = await walk('fr', false, 'wide');
await go(first, '#/live', 2_000);
await first.page.click('.num-touch');
await first.page.waitForTimeout(1_500);
await take(first, 'live-hour', 'The last hour of a number');
await first.page.keyboard.press('Escape');
await go(first, '#/events');
await first.page.click('[data-filter=high-night]');
await first.page.waitForTimeout(1_500);
await take(first, 'events-night', 'High-priority alarms of last night');
await first.page.close();
const second = await walk('en', true, 'low');
await second.page.close();

// The states: each begins fresh.
for (const [language, night, size] of [['fr', false, 'wide'], ['en', true, 'wide'], ['fr', true, 'low']]) {
  const at = await open(language, night, size);
  await at.page.waitForTimeout(8_000);
  await fault('silent');
  await at.page.waitForSelector('[data-bed=late]');
  await at.page.waitForTimeout(2_500);
  await take(at, 'live-late', 'Live, late');
  await at.page.waitForSelector('[data-bed=lost]', { timeout: 20_000 });
  await at.page.waitForTimeout(2_000);
  await take(at, 'live-lost', 'Live, lost');
  await go(at, '#/trends');
  await take(at, 'trends-lost', 'Trends, lost');
  await fault('none');
  await at.page.close();
}
const one = await open('fr', false, 'large');
await one.page.waitForTimeout(9_000);
await take(one, 'live', 'Live');
await fault('vent');
await one.page.waitForSelector('[data-lost-device]', { timeout: 30_000 });
await take(one, 'live-device-lost', 'Live, one device lost');
await browser.close();
mock.kill();

// Twenty beds need boxes: three real ones and seventeen that repeat them, all of simulated monitors.
const ward = spawnSync(process.execPath, [new URL('ward.mjs', import.meta.url).pathname, '3', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
for (const size of ['wide', 'low']) {
  const file = `ward-20-fr-day-${SIZES[size].join('x')}.webp`;
  if (existsSync(join(folder, file))) shown.push({ file, says: `A ward of twenty beds, French, day, ${SIZES[size].join('×')}` });
  else console.error(`${file} is missing: node dev/ward.mjs ended with ${ward.status}; it needs the built product (./bedside build).`);
}

// What needs accounts needs a real box.
const people = spawnSync(process.execPath, [new URL('people.mjs', import.meta.url).pathname, folder], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
for (const line of people.stdout.split('\n').filter(Boolean)) {
  const [file, ...says] = line.split(' ');
  shown.push({ file, says: says.join(' ') });
}
if (people.status !== 0) console.error(`pictures of people are missing: node dev/people.mjs ended with ${people.status}; it needs the built product (./bedside build).`);

const bytes = readdirSync(folder).filter((name) => name.endsWith('.webp')).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
writeFileSync(join(folder, 'README.md'), `# The screens

Photographed by \`npm --prefix viewer/web run gallery\` (after \`npm --prefix viewer/web run build\`) with invented data: for judging with the eyes; no test compares pixels. Every screen that the bar and
*More* lead to is here, so a new screen comes in by itself.

${shown.map(({ file, says }) => `**${says}**\n\n![${says}](${file})\n`).join('\n')}`);
console.log(`${shown.length} pictures, ${(bytes / 1e6).toFixed(2)} MB`);
process.exitCode = bytes <= MOST_BYTES ? 0 : 1;
