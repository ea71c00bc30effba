import { t } from '../i18n/i18n.ts';

/** A device by its name; one that is read by an experimental driver is never named without saying so. */
export const shownName = ({ name, experimental }: { readonly name: string; readonly experimental: boolean }): string => (experimental ? `${name} (${t('device.experimental')})` : name);
