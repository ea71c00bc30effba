import type { BedView } from '../live/bed_view.ts';
import type { LinkView } from '../live/live_store.ts';
import { MISSING } from '../catalog/units.ts';
import { t, type Key } from '../i18n/i18n.ts';
import type { DeviceState } from '../wire/api.ts';

export type ShownDeviceState = DeviceState | 'late' | 'lost' | 'unknown';

/**
 * What may be said of a device now. Without a link nobody knows what it does; and the box notices a silence only after a while: what the screen
 * itself sees counts before that.
 */
export function deviceStateNow(device: { readonly device: string; readonly state: DeviceState }, link: LinkView, bed: BedView): ShownDeviceState {
  if (link.state !== 'live' || link.mode !== 'open') return 'unknown';
  const judged = bed.devices.find((one) => one.device === device.device)?.state ?? 'live';
  return device.state === 'receiving' && judged !== 'live' ? judged : device.state;
}

export const deviceStateWord = (state: ShownDeviceState): string =>
  state === 'unknown' ? MISSING : t((state === 'late' || state === 'lost' ? `state.${state}` : `health.state.${state}`) as Key);
