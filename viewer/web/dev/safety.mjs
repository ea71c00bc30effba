// Cuts the data in every way the mock knows and measures, in a real browser, when numbers turn late and lost and when they come back:
// node dev/safety.mjs. Prints one JSON line per case.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const port = 8800 + Math.floor(Math.random() * 500);
const base = `http://127.0.0.1:${port}`;
const child = spawn(process.execPath, [new URL('mock.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, MOCK_PLAIN: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((resolve) => child.stdout.once('data', resolve));
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'safety-')), {
  executablePath: '/usr/bin/chromium', headless: true, viewport: { width: 1280, height: 800 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const page = browser.pages()[0] ?? (await browser.newPage());
page.on('pageerror', (error) => console.log(JSON.stringify({ pageerror: error.message })));
page.on('console', (message) => { if (/Content Security/.test(message.text())) console.log(JSON.stringify({ csp: message.text() })); });
await page.addInitScript(() => {
  const Real = Worker;
  window.workers = [];
  window.Worker = class extends Real {
    constructor(...args) {
      super(...args);
      window.workers.push(this);
    }
  };
  window.watchStates = (selector) => {
    window.states = [];
    const element = document.querySelector(selector);
    const note = () => window.states.push({ at: performance.now(), state: element.dataset.state, text: element.textContent });
    new MutationObserver(note).observe(element, { attributes: true, attributeFilter: ['data-state'] });
    window.cutAt = performance.now();
  };
});
await page.goto(`${base}/#/live`);
await page.waitForSelector('[data-signal="hr"][data-state="live"]', { timeout: 15_000 });
await page.waitForTimeout(4_000);

const fault = (name) => fetch(`${base}/dev/fault?name=${name}`);
const moving = (lane) => page.evaluate((id) => Number(document.querySelector(`[data-lane="${id}"]`).dataset.moving), lane);

async function measure(name, selector, cut, heal, waitMs = 12_500) {
  await page.evaluate((one) => window.watchStates(one), selector);
  await cut();
  await page.waitForTimeout(waitMs);
  const seen = await page.evaluate(() => window.states.map((one) => ({ ...one, at: Math.round(one.at - window.cutAt) })));
  const text = await page.textContent(selector);
  const healedAt = Date.now();
  await heal();
  let backMs = null;
  try {
    await page.waitForFunction((one) => document.querySelector(one)?.dataset.state === 'live', selector, { timeout: 20_000, polling: 50 });
    backMs = Date.now() - healedAt;
  } catch { /* told by null */ }
  const before = await moving('ecg-ii');
  await page.waitForTimeout(2_500);
  console.log(JSON.stringify({ name, late: seen.find((one) => one.state === 'late')?.at ?? null, lost: seen.find((one) => one.state === 'lost')?.at ?? null, text, backMs, samplesDrawnAfter: (await moving('ecg-ii')) - before }));
}

const hr = '[data-signal="hr"]';
await measure('socket open but silent', hr, () => fault('silent'), () => fault('none'));
await measure('box gone', hr, () => fault('cut'), () => fault('none'));
await measure('device silent (ventilator)', '[data-signal="peep"]', () => fault('vent'), () => fault('none'));
await measure('one parameter (arterial pressure)', '[data-signal="abp-sys"]', () => fault('abp'), () => fault('none'));
await measure('worker killed', hr, () => page.evaluate(() => window.workers.at(-1).terminate()), async () => undefined, 4_000);
await measure('box restarted', hr, () => fault('restart'), async () => undefined, 4_000);
await measure('sockets refused: numbers by polling', '[data-lane="ecg-ii"]', () => fault('refuse'), () => fault('none'));
await browser.close();
child.kill();
