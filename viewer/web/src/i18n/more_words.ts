import { catalogue } from './i18n.ts';

export const moreFr = {
  'title': 'Plus',
  'health': 'État du boîtier',
  'healthSays': 'Disque, complétude des données, trous, horloges, cet écran.',
  'setup': 'Appareils',
  'setupSays': 'Ce que le boîtier entend sur chaque port, et que faire quand il n’entend rien.',
  'check': 'Vérifier les signaux',
  'checkSays': 'Chaque valeur à côté de l’écran de l’appareil, et un compte rendu.',
  'patient': 'Patient',
  'patientSays': 'Depuis quand quelqu’un est dans ce lit, et à quel point c’est sûr.',
  'people': 'Personnes',
  'peopleSays': 'Se connecter, ouvrir en urgence, cacher les valeurs ; les comptes.',
  'help': 'Brancher un appareil',
  'helpSays': 'Câble, broches, menus et réglages de chaque appareil.',
  'receiving': '{n} sur {of} reçus',
  'none': 'aucun appareil reconnu',
} as const;

type MoreWord = keyof typeof moreFr;

export const moreEn: { readonly [key in MoreWord]: string } = {
  'title': 'More',
  'health': 'State of the box',
  'healthSays': 'Disk, completeness of data, gaps, clocks, this screen.',
  'setup': 'Devices',
  'setupSays': 'What the box hears on each port, and what to do when it hears nothing.',
  'check': 'Checking the signals',
  'checkSays': 'Each value beside the device’s own display, and a report.',
  'patient': 'Patient',
  'patientSays': 'Since when somebody lies in this bed, and how sure that is.',
  'people': 'People',
  'peopleSays': 'Sign in, open in an emergency, hide the values; the accounts.',
  'help': 'Connecting a device',
  'helpSays': 'Cable, pins, menus and settings of each device.',
  'receiving': '{n} of {of} received',
  'none': 'no device recognised',
};

export const mw = catalogue<MoreWord>(moreFr, moreEn);
