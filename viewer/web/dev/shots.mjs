// Takes pictures of the page against the mock: node dev/shots.mjs OUTPUT_DIR [NAME…]. For judging with the eyes, not a test.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [out = 'shots', ...only] = process.argv.slice(2);
const port = 8200 + Math.floor(Math.random() * 500);
const base = `http://127.0.0.1:${port}`;
mkdirSync(out, { recursive: true });

async function mock(environment) {
  const child = spawn(process.execPath, [new URL('mock.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

const fault = (name) => fetch(`${base}/dev/fault?name=${name}`);
const kept = (values) => `localStorage.setItem('bedside.screen', '${JSON.stringify(values)}')`;
const HD = { width: 1280, height: 800 };

/** name: [hash, viewport, kept settings, act(page), environment] */
const SHOTS = {
  live: ['#/live', HD, { language: 'fr' }, (page) => page.waitForTimeout(14_000), {}],
  plain: ['#/live', HD, { language: 'en' }, (page) => page.waitForTimeout(9_000), { MOCK_PLAIN: '1', MOCK_ALARM: '1' }],
  late: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(8_000); await fault('silent'); await page.waitForTimeout(4_600); }, { MOCK_PLAIN: '1' }],
  lost: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(8_000); await fault('cut'); await page.waitForTimeout(14_000); }, { MOCK_PLAIN: '1' }],
  vent: ['#/live', HD, { language: 'en' }, async (page) => { await page.waitForTimeout(6_000); await fault('vent'); await page.waitForTimeout(13_000); }, { MOCK_PLAIN: '1' }],
  polling: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(6_000); await fault('refuse'); await page.waitForTimeout(13_000); }, { MOCK_PLAIN: '1' }],
  night: ['#/live', HD, { language: 'fr', night: true }, (page) => page.waitForTimeout(9_000), { MOCK_PLAIN: '1', MOCK_ALARM: '1' }],
  large: ['#/live', HD, { language: 'fr', textSize: 3 }, (page) => page.waitForTimeout(7_000), { MOCK_PLAIN: '1' }],
  frozen: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(8_000); await page.keyboard.press('f'); await page.waitForTimeout(3_000); }, { MOCK_PLAIN: '1' }],
  mark: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(3_000); await page.keyboard.press('m'); await page.waitForTimeout(500); }, { MOCK_PLAIN: '1' }],
  markSmall: ['#/live', { width: 800, height: 480 }, { language: 'en', night: true }, async (page) => { await page.waitForTimeout(4_000); await page.keyboard.press('m'); await page.waitForTimeout(900); }, { MOCK_PLAIN: '1' }],
  markOpen: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); await page.keyboard.press('m'); await page.locator('[data-mark=suction]').click(); await page.waitForTimeout(1_900); }, { MOCK_PLAIN: '1' }],
  markNumber: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); await page.locator('.num-touch[aria-label^=SpO]').first().click(); await page.waitForTimeout(1_900); }, { MOCK_PLAIN: '1' }],
  markNumberSmall: ['#/live', { width: 800, height: 480 }, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); await page.locator('.num-touch[aria-label^=SpO]').first().click(); await page.waitForTimeout(1_900); }, { MOCK_PLAIN: '1' }],
  markLane: ['#/trends?h=24', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); const box = await page.locator('[data-trend-plot]').boundingBox(); await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5); await page.waitForTimeout(900); }, { MOCK_PLAIN: '1' }],
  markLaneSmall: ['#/trends?h=24', { width: 800, height: 480 }, { language: 'en', night: true }, async (page) => { await page.waitForTimeout(4_000); const box = await page.locator('[data-trend-plot]').boundingBox(); await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5); await page.waitForTimeout(900); }, { MOCK_PLAIN: '1' }],
  markTable: ['#/trends?h=24', HD, { language: 'en' }, async (page) => { await page.waitForTimeout(4_000); await page.keyboard.press('t'); await page.waitForTimeout(900); }, { MOCK_PLAIN: '1' }],
  table: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(5_000); await page.keyboard.press('t'); await page.waitForTimeout(1_500); }, { MOCK_PLAIN: '1' }],
  small: ['#/live', { width: 800, height: 480 }, { language: 'fr' }, (page) => page.waitForTimeout(7_000), { MOCK_PLAIN: '1', MOCK_ALARM: '1' }],
  wide: ['#/live', { width: 1920, height: 1080 }, { language: 'fr' }, (page) => page.waitForTimeout(14_000), { MOCK_PLAIN: '1' }],
  trends24: ['#/trends?h=24', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); const box = await page.locator('[data-trend-plot]').boundingBox(); await page.mouse.click(box.x + box.width * 0.3, box.y + 80); await page.keyboard.press('Escape'); await page.locator('button', { hasText: /^B$/ }).click(); await page.mouse.click(box.x + box.width * 0.62, box.y + 80); await page.waitForTimeout(700); }, { MOCK_PLAIN: '1' }],
  trends1: ['#/trends?h=1', HD, { language: 'en' }, (page) => page.waitForTimeout(4_000), { MOCK_PLAIN: '1' }],
  trends30: ['#/trends?h=720', HD, { language: 'fr', night: true }, (page) => page.waitForTimeout(5_000), { MOCK_PLAIN: '1' }],
  exact: ['#/trends?h=0.02&s=hr,spo2,ecg-ii,abp', HD, { language: 'fr' }, (page) => page.waitForTimeout(4_000), { MOCK_PLAIN: '1' }],
  trendsSmall: ['#/trends?h=24', { width: 800, height: 480 }, { language: 'fr' }, (page) => page.waitForTimeout(4_000), { MOCK_PLAIN: '1' }],
  keys: ['#/live', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(4_000); await page.keyboard.press('?'); await page.waitForTimeout(500); }, { MOCK_PLAIN: '1' }],
  exactNumbers: ['#/trends?h=0.15&s=hr,spo2,abp-mean,nibp-mean', HD, { language: 'fr' }, (page) => page.waitForTimeout(4_000), { MOCK_PLAIN: '1' }],
  chooser: ['#/trends?h=6', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(3_000); await page.locator('[aria-label="Signaux"]').first().click(); await page.waitForTimeout(700); }, { MOCK_PLAIN: '1' }],
  setup: ['#/setup', HD, { language: 'fr' }, (page) => page.waitForTimeout(2_500), {}],
  setupSmall: ['#/setup', { width: 800, height: 480 }, { language: 'en', night: true }, (page) => page.waitForTimeout(2_500), {}],
  patient: ['#/patient', HD, { language: 'fr' }, (page) => page.waitForTimeout(2_500), {}],
  patientSure: ['#/patient', { width: 1920, height: 1080 }, { language: 'en', night: true }, (page) => page.waitForTimeout(2_500), { MOCK_STAY: 'sure', MOCK_TASKS: '', MOCK_STALE: '1' }],
  patientSmall: ['#/patient', { width: 800, height: 480 }, { language: 'fr' }, async (page) => { await page.waitForTimeout(2_000); await page.locator('[data-choice=monitor]').click(); await page.waitForTimeout(300); }, {}],
  patientAll: ['#/patient', { width: 1280, height: 2600 }, { language: 'fr' }, (page) => page.waitForTimeout(2_500), { MOCK_TASKS: 'two-patients,possible-move,two-visits,signals-after-discharge,nobody-admitted,admitted-without-signals,not-understood' }],
  liveConflict: ['#/live', HD, { language: 'fr' }, (page) => page.waitForTimeout(3_500), { MOCK_PLAIN: '1' }],
  waves: ['#/waves?signal=hr', HD, { language: 'fr' }, async (page) => { await page.waitForTimeout(3_000); await page.keyboard.press('c'); await page.waitForTimeout(600); }, { MOCK_PLAIN: '1' }],
  events: ['#/events', HD, { language: 'fr' }, (page) => page.waitForTimeout(3_000), { MOCK_ALARM: '1' }],
  sheet: ['#/sheet', HD, { language: 'fr' }, async (page) => { await page.waitForSelector('.sheet-table'); await page.locator('td[data-number]').nth(2).click(); await page.waitForTimeout(800); }, {}],
  sheetSmall: ['#/sheet', { width: 800, height: 480 }, { language: 'en', night: true }, (page) => page.waitForTimeout(2_500), {}],
  health: ['#/health', HD, { language: 'fr' }, (page) => page.waitForTimeout(3_500), {}],
};

for (const [name, [hash, viewport, settings, act, environment]] of Object.entries(SHOTS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const child = await mock(environment);
  const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'shots-')), {
    executablePath: '/usr/bin/chromium', headless: true, viewport, timezoneId: 'Europe/Paris',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.log(name, message.type(), message.text()); });
    page.on('pageerror', (error) => console.log(name, 'pageerror', error.message));
    await page.addInitScript(kept(settings));
    await page.goto(`${base}/${hash}`);
    await act(page);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log('took', name);
  } finally {
    await browser.close();
    child.kill();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
