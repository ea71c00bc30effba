import { catalogue } from './i18n.ts';

/** Words of what watches over a screen: the lock for wiping, and what is about to happen by itself. */
export const kioskFr = {
  'clean': 'Écran verrouillé pour le nettoyage : encore {n} s. Les valeurs continuent.',
  'hold': 'Appuyer 3 s pour reprendre',
  'holding': 'Encore {n} s…',
  'back': 'Retour aux courbes dans {n} s : touchez pour rester ici.',
  'build': 'Nouvelle version : l’écran se recharge dans {n} s. Touchez pour attendre.',
  'planned': 'Rechargement prévu de l’écran dans {n} s. Touchez pour attendre.',
} as const;

export type KioskKey = keyof typeof kioskFr;

export const kioskEn: { readonly [key in KioskKey]: string } = {
  'clean': 'Screen locked for cleaning: {n} s left. Values go on.',
  'hold': 'Press 3 s to go on',
  'holding': '{n} s more…',
  'back': 'Back to the waves in {n} s: touch to stay here.',
  'build': 'New version: the screen reloads in {n} s. Touch to wait.',
  'planned': 'Planned reload of the screen in {n} s. Touch to wait.',
};

export const kw = catalogue<KioskKey>(kioskFr, kioskEn);
