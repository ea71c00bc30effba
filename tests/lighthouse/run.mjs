// Lighthouse over every screen of a running box: node tests/lighthouse/run.mjs http://127.0.0.1:8080 (once before: npm --prefix tests/lighthouse ci). The screens are those that the bar and
// « More » lead to, and exact waves. One line each: accessibility, best practices, performance (of a desktop, simulated throttling). Ends with 1 when one of the first two is below 100, and
// names what it was. Chromium of the system, headless, a profile of its own; nothing but the box is asked.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const base = process.argv[2]?.replace(/\/$/, '');
if (base === undefined) {
  console.error('usage: node tests/lighthouse/run.mjs http://127.0.0.1:PORT');
  process.exit(2);
}
const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

const page = await browser.newPage();
await page.goto(`${base}/#/more`);
await page.waitForSelector('[data-more]');
const routes = await page.$$eval('[data-nav], [data-more]', (all) => all.map((one) => one.getAttribute('href')));
await page.close();

let below = 0;
for (const route of [...routes, '#/waves']) {
  const { lhr } = await lighthouse(`${base}/${route}`, { port: Number(new URL(browser.wsEndpoint()).port), onlyCategories: ['accessibility', 'best-practices', 'performance'], logLevel: 'error' }, desktopConfig);
  const score = (name) => Math.round((lhr.categories[name].score ?? 0) * 100);
  const failed = ['accessibility', 'best-practices'].flatMap((name) => lhr.categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1).map(({ id }) => `${id}: ${(lhr.audits[id].details?.items ?? []).slice(0, 2).map((item) => item.node?.selector ?? item.description ?? item.source ?? '').join(', ')}`));
  console.log(`${route.padEnd(12)} accessibility ${score('accessibility')}  best practices ${score('best-practices')}  performance ${score('performance')}${failed.length === 0 ? '' : `  ${failed.join('; ')}`}`);
  if (score('accessibility') < 100 || score('best-practices') < 100) below++;
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
process.exitCode = below === 0 ? 0 : 1;
