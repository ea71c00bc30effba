// CPU of the whole browser while the live page runs, % of one core: node dev/cpu.mjs [SECONDS]. The mock runs apart and is not counted.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const seconds = Number(process.argv[2] ?? 15);
const port = 9400 + Math.floor(Math.random() * 300);
const child = spawn(process.execPath, [new URL('mock.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, MOCK_PLAIN: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((resolve) => child.stdout.once('data', resolve));
const profile = mkdtempSync(join(tmpdir(), 'cpu-'));
const browser = await chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', headless: true, viewport: { width: 1280, height: 800 }, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
const page = browser.pages()[0] ?? (await browser.newPage());
const ticks = () => {
  let total = 0;
  for (const line of execFileSync('ps', ['-eo', 'pid,ppid,args']).toString().split('\n').filter((one) => one.includes(profile) || /type=(renderer|gpu-process|utility|zygote)/.test(one))) {
    const pid = line.trim().split(/\s+/)[0];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(profile)) total += Number(fields[11]) + Number(fields[12]);
    } catch { /* gone */ }
  }
  return total;
};
for (const hash of ['#/live', '#/trends?h=24']) {
  await page.goto(`http://127.0.0.1:${port}/${hash}`);
  await page.waitForTimeout(6_000);
  const before = ticks();
  await page.waitForTimeout(seconds * 1000);
  const used = (ticks() - before) / 100;
  const cdp = await page.context().newCDPSession(page);
  const heap = await cdp.send('Runtime.getHeapUsage');
  console.log(JSON.stringify({ hash, cpuPercentOfOneCore: Math.round((1000 * used) / seconds) / 10, mainHeapMB: Math.round(heap.usedSize / 1e5) / 10, fps: await page.evaluate(() => document.querySelectorAll('[data-lane]').length) }));
}
await browser.close();
child.kill();
