import { catalogue } from './i18n.ts';

/** Words of the files that a page writes of what it shows. */
export const csvFr = {
  'open': 'CSV',
  'title': 'Enregistrer ce qui est affiché dans un fichier CSV',
  'format': 'Écriture des nombres',
  'comma': '37,2 · séparateur ;',
  'point': '37.2 · séparateur ,',
  'save': 'Télécharger',
  'cancel': 'Fermer',
  'warn': 'Le fichier contient ces valeurs en clair. Gardez-le comme un document du patient.',
  'done': 'Fichier « {name} » : {n} lignes.',
  'busy': 'Le tracé n’est pas encore complet : réessayez dans un instant.',
} as const;

export type CsvKey = keyof typeof csvFr;

export const csvEn: { readonly [key in CsvKey]: string } = {
  'open': 'CSV',
  'title': 'Save what is shown as a CSV file',
  'format': 'How numbers are written',
  'comma': '37,2 · separator ;',
  'point': '37.2 · separator ,',
  'save': 'Download',
  'cancel': 'Close',
  'warn': 'The file holds these values in clear. Keep it as a document of the patient.',
  'done': 'File “{name}”: {n} rows.',
  'busy': 'The picture is not complete yet: try again in a moment.',
};

export const cw = catalogue<CsvKey>(csvFr, csvEn);
