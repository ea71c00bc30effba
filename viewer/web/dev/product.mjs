// The built product and its simulators as processes (./bedside build), for what the mock cannot stand in for.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const built = join(new URL('../../../', import.meta.url).pathname, 'artifacts/bin');
const kind = process.env.BEDSIDE_BUILD ?? 'release';
export const product = join(built, `Bedside.Host/${kind}/bedside.dll`);
export const simulators = join(built, `Bedside.Simulators/${kind}/Bedside.Simulators.dll`);
const children = [];

/** Where it answers, its process, and the code for the first administrator where there is one; once it says that it is ready. */
export function start(args) {
  const child = spawn('dotnet', args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, Logging__LogLevel__Default: 'Warning' } });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      const ready = /ready (\S+)/.exec(said);
      if (ready) resolve({ address: ready[1], pid: child.pid, code: /first-code (\S+)/.exec(said)?.[1] });
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${said}`)));
  });
}

/** Ends all of them, and returns when they have. */
export async function stop() {
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => (child.exitCode !== null || child.signalCode !== null ? null : new Promise((done) => child.once('exit', done)))));
}
