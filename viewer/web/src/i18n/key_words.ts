import { extended, type Key } from './i18n.ts';

/** Words of the list of keys. */
export const keyFr = {
  'keys.title': 'Clavier',
  'keys.screens': 'Courbes, Tendances, État, Appareils, Patient, Événements',
  'keys.freeze': 'Figer ou reprendre',
  'keys.mark': 'Marquer',
  'keys.table': 'Tableau ou courbes',
  'keys.night': 'Nuit ou jour',
  'keys.language': 'Français ou anglais',
  'keys.pan': 'Déplacer de 10 % (avec Maj : 50 %)',
  'keys.zoom': 'Agrandir, réduire',
  'keys.ends': 'Début, maintenant',
  'keys.endsNamed': 'Début Fin',
  'keys.help': 'Cette liste',
  'keys.escape': 'Fermer',
} as const;

export type KeyKey = Key | keyof typeof keyFr;

export const keyEn: { readonly [key in keyof typeof keyFr]: string } = {
  'keys.title': 'Keyboard',
  'keys.screens': 'Waves, Trends, Status, Devices, Patient, Events',
  'keys.freeze': 'Freeze or resume',
  'keys.mark': 'Mark',
  'keys.table': 'Table or waves',
  'keys.night': 'Night or day',
  'keys.language': 'French or English',
  'keys.pan': 'Move by 10 % (with Shift: 50 %)',
  'keys.zoom': 'Zoom in, out',
  'keys.ends': 'Start, now',
  'keys.endsNamed': 'Home End',
  'keys.help': 'This list',
  'keys.escape': 'Close',
};

/** These words, and those of every page. */
export const t = extended(keyFr, keyEn);
