import { catalogue } from './i18n.ts';

export const keyFr = {
  'title': 'Clavier',
  'screens': 'Écrans de la barre, de gauche à droite',
  'tab': 'Aller à la touche suivante, l’actionner',
  'freeze': 'Figer ou reprendre',
  'mark': 'Marquer',
  'table': 'Tableau ou courbes',
  'night': 'Nuit ou jour',
  'language': 'Français ou anglais',
  'pan': 'Déplacer de 10 % (avec Maj : 50 %)',
  'zoom': 'Agrandir, réduire',
  'ends': 'Début, maintenant',
  'cursor': 'Poser le curseur A ou B ; les flèches le déplacent',
  'callipers': 'Branches de mesure (courbes exactes)',
  'help': 'Cette liste',
  'escape': 'Fermer',
  'nameTab': 'Tab Entrée',
  'nameEnds': 'Début Fin',
  'nameEscape': 'Échap',
  'single': 'Touches simples',
  'on': 'actives',
  'off': 'coupées',
} as const;

type KeyWord = keyof typeof keyFr;

export const keyEn: { readonly [key in KeyWord]: string } = {
  'title': 'Keyboard',
  'screens': 'Screens of the bar, from left to right',
  'tab': 'Go to the next button, press it',
  'freeze': 'Freeze or resume',
  'mark': 'Mark',
  'table': 'Table or waves',
  'night': 'Night or day',
  'language': 'French or English',
  'pan': 'Move by 10 % (with Shift: 50 %)',
  'zoom': 'Zoom in, out',
  'ends': 'Start, now',
  'cursor': 'Place cursor A or B; the arrows move it',
  'callipers': 'Callipers (exact waves)',
  'help': 'This list',
  'escape': 'Close',
  'nameTab': 'Tab Enter',
  'nameEnds': 'Home End',
  'nameEscape': 'Esc',
  'single': 'Single keys',
  'on': 'on',
  'off': 'off',
};

export const kw = catalogue<KeyWord>(keyFr, keyEn);
