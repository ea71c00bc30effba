// Pictures of what needs accounts: node dev/people.mjs FOLDER. A real box with a simulated monitor (./bedside build), its first administrator made with the code of the console; French by day in 1280×800, English by night in 800×480.
// Prints one line a picture: file, then what it shows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { product, simulators, start, stop } from './product.mjs';

const pictures = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'bedside-people-'));
const line = join(folder, 'monitor');

const PASSWORD = 'trois mots sans lien';
const VIEWS = [['fr', false, 1280, 800], ['en', true, 800, 480]];

async function fill(page, form, fields) {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[data-form='${form}'] [name='${name}']`, value);
  await page.click(`[data-form='${form}'] [type='submit']`);
}

try {
  await start([simulators, 'philips-intellivue', '--pty', '--link', line, '--seed', '1', '--accept-delay', '0.05']);
  const box = await start([product, 'run', '--data', join(folder, 'data'), '--port', '0', '--serial', `${line}=philips-intellivue`]);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
  const context = await browser.newContext({ timezoneId: 'Europe/Paris' });
  const page = await context.newPage();

  async function take(name, says, ready) {
    for (const [language, night, width, height] of VIEWS) {
      await page.evaluate((screen) => localStorage.setItem('bedside.screen', JSON.stringify(screen)), { language, night });
      await page.setViewportSize({ width, height });
      await page.reload();
      await page.waitForSelector(ready, { timeout: 30_000 });
      await page.locator(ready).first().scrollIntoViewIfNeeded();
      await page.waitForTimeout(4_000);
      const cdp = await context.newCDPSession(page);
      const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
      const file = `${name}-${language}-${night ? 'night' : 'day'}-${width}x${height}.webp`;
      writeFileSync(join(pictures, file), Buffer.from(data, 'base64'));
      console.log(`${file} ${says}, ${language === 'fr' ? 'French' : 'English'}, ${night ? 'night' : 'day'}, ${width}×${height}`);
    }
  }

  await page.goto(`${box.address.replace('127.0.0.1', 'localhost')}/#/people`);
  await take('people-first', 'People: the first administrator', "[data-form='first']");
  await fill(page, 'first', { code: box.code, badge: '1', name: 'Badge 1', password: PASSWORD });
  await page.waitForSelector("[data-mine='1']", { timeout: 30_000 });
  await page.click("[data-role='clinician']");
  await fill(page, 'add', { badge: '4711', name: 'Badge 4711' });
  await page.waitForSelector('[data-accounts] [data-code]');
  await take('people', 'People: the accounts', "[data-account='4711']");
  await page.click('[data-sign-out]');
  await take('people-sign-in', 'People: signing in', '[data-sign-in]');
  await page.click("[data-reason='vital-emergency']");
  await page.waitForSelector("html[data-standing='emergency']");
  await page.evaluate(() => { location.hash = '#/live'; });
  await page.waitForSelector('[data-signal=hr][data-state=live]', { timeout: 60_000 });
  await page.waitForTimeout(9_000);
  await take('people-emergency', 'Live in an emergency', '[data-signal=hr][data-state=live]');
  await browser.close();
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
