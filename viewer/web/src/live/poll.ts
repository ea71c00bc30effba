import type { UtcMs } from '../base/time.ts';
import { listOf, readDevice, readNumerics, type Device } from '../wire/api.ts';

const PATIENCE_MS = 4_000;

export interface Polled {
  readonly serverTime: UtcMs;
  readonly items: ReturnType<typeof readNumerics>['items'];
  readonly devices: readonly Device[];
}

/** Numbers and devices over HTTP. What a device last said is worth nothing if it is not renewed, so both are asked for. Null = no good answer. */
export async function pollBox(api: string): Promise<Polled | null> {
  try {
    const ask = async (path: string): Promise<unknown> => {
      const answer = await fetch(`${api}/${path}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      return answer.ok ? ((await answer.json()) as unknown) : null;
    };
    const [numbers, devices] = await Promise.all([ask('numerics'), ask('devices')]);
    const { serverTime, items } = readNumerics(numbers);
    return serverTime === null ? null : { serverTime, items, devices: listOf(devices, readDevice) };
  } catch {
    // No answer is told by the age of everything; there is nothing else to do but ask again.
    return null;
  }
}
