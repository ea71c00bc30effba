// Looks for faults of accessibility with axe-core in a real browser against the mock: node dev/axe.mjs. Live, trends, exact waves, events, 24 h sheet, patient, health, ports and help, French and English, day and
// night, fresh, late and lost; one JSON line per violation, then the figures. Ends with 1 when there is one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const port = 9400 + Math.floor(Math.random() * 500);
const base = `http://127.0.0.1:${port}`;
const child = spawn(process.execPath, [new URL('mock.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, MOCK_ALARM: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((resolve) => child.stdout.once('data', resolve));
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'axe-')), {
  executablePath: '/usr/bin/chromium', headless: true, viewport: { width: 1280, height: 800 }, bypassCSP: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const fault = (name) => fetch(`${base}/dev/fault?name=${name}`);

/** Things to open on a screen, looked at once each while all is well. */
const OPENED = {
  quick: ['live', async (page) => { await page.click('.num-touch'); await page.waitForSelector('.quick'); }],
  table: ['live', (page) => page.keyboard.press('t')],
  mark: ['live', (page) => page.keyboard.press('m')],
  keys: ['live', (page) => page.keyboard.press('?')],
  chooser: ['trends', async (page) => { await page.click('.tools > .button:last-child'); await page.waitForSelector('.chooser'); }],
  health: ['health', async (page) => { await page.waitForSelector('.verdict'); await page.waitForSelector('[data-complete]'); await page.locator('[data-complete] .button').first().click(); await page.waitForSelector('[data-gaps]'); }],
  patient: ['patient', (page) => page.waitForSelector('[data-task-open=true]')],
  patientSure: ['patient', async (page) => { await page.locator('[data-choice=monitor]').click(); await page.waitForSelector('[data-confirm]'); }],
  waves: ['waves', (page) => page.waitForSelector('[data-wave]')],
  callipers: ['waves', async (page) => { await page.waitForSelector('[data-wave]'); await page.keyboard.press('c'); await page.waitForSelector('[data-calliper=one]'); }],
  events: ['events', async (page) => { await page.waitForSelector('[data-edit]'); await page.locator('[data-edit]').first().click(); }],
  sheet: ['sheet', async (page) => { await page.waitForSelector('.sheet-table'); await page.locator('td[data-number]').first().click(); await page.click('[data-csv]'); }],
  setup: ['setup', (page) => page.waitForSelector('[data-finding=unknown-speed]')],
  help: ['help', (page) => page.waitForSelector('[data-help-entry]')],
  more: ['more', (page) => page.waitForSelector('[data-more]')],
  helpDevice: ['help?device=philips-intellivue', (page) => page.waitForSelector('svg.face')],
};

const seen = { pages: 0, violations: 0, passes: 0, incomplete: 0, undecided: {} };

async function judge(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations, passes, incomplete } = await window.axe.run(document, { resultTypes: ['violations', 'incomplete'] });
    return { violations: violations.map((one) => ({ id: one.id, impact: one.impact, help: one.help, nodes: one.nodes.slice(0, 4).map((node) => `${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map((check) => check.message).join('; ').slice(0, 200)}`) })), passes: passes.length, incomplete: incomplete.map((one) => one.id) };
  });
  seen.pages++;
  seen.violations += found.violations.length;
  seen.passes += found.passes;
  seen.incomplete += found.incomplete.length;
  for (const id of found.incomplete) seen.undecided[id] = (seen.undecided[id] ?? 0) + 1;
  for (const one of found.violations) console.log(JSON.stringify({ page: name, ...one }));
}

async function open(page, screen) {
  await page.evaluate((one) => { location.hash = `#/${one}`; }, screen);
  await page.waitForSelector(screen === 'health' ? '.verdict' : /^(setup|help|patient|waves|events|more)/.test(screen) ? 'main' : screen === 'trends' ? '[data-trend=hr]' : '[data-lane=ecg-ii]');
}

const bedIs = (page, state) => page.waitForSelector(`[data-bed=${state}]`, { timeout: 90_000 });

/** Live and trends in one state; the state is looked at again afterwards, so that none is judged for another unsaid. */
async function judgeBoth(page, name, state, prepare = async () => undefined) {
  for (const screen of ['live', 'trends']) {
    await open(page, screen);
    await prepare();
    await bedIs(page, state);
    await judge(page, `${screen} ${name}`);
    const after = await page.getAttribute('[data-bed]', 'data-bed');
    if (after !== state) console.log(JSON.stringify({ page: `${screen} ${name}`, note: `${state} when begun, ${after} when done` }));
  }
}

for (const language of ['fr', 'en']) {
  for (const night of [false, true]) {
    const name = `${language} ${night ? 'night' : 'day'}`;
    await fault('none');
    const page = await browser.newPage();
    await page.addInitScript(`localStorage.setItem('bedside.screen', '${JSON.stringify({ language, night })}')`);
    await page.goto(`${base}/#/live`);
    await page.waitForSelector('[data-signal=hr][data-state=live]', { timeout: 90_000 });
    await judgeBoth(page, `${name} fresh`, 'live');
    for (const [what, [screen, act]] of Object.entries(OPENED)) {
      await open(page, screen);
      await act(page);
      await judge(page, `${what} ${name}`);
      await page.keyboard.press('Escape');
    }
    await open(page, 'live');
    // Late lasts eight seconds: each page has its own.
    await judgeBoth(page, `${name} late`, 'late', async () => {
      await fault('none');
      await bedIs(page, 'live');
      await fault('silent');
    });
    await judgeBoth(page, `${name} lost`, 'lost');
    await fault('none');
    await bedIs(page, 'live');
    await fault('vent');
    await page.waitForSelector('[data-lost-device]', { timeout: 90_000 });
    await judgeBoth(page, `${name} one device lost`, 'lost');
    await page.close();
  }
}
console.log(JSON.stringify(seen));
await browser.close();
child.kill();
process.exitCode = seen.violations > 0 ? 1 : 0;
