import { extended, type Key } from './i18n.ts';

/** Words of the trends. */
export const trendFr = {
  'trends.range': 'Durée affichée',
  'trends.now': 'Maintenant',
  'trends.follow': 'suit l’heure',
  'trends.in': 'Agrandir',
  'trends.out': 'Réduire',
  'trends.earlier': 'Plus tôt',
  'trends.later': 'Plus tard',
  'trends.h': '{n} h',
  'trends.d': '{n} j',
  'trends.choose': 'Signaux',
  'trends.exact': 'valeurs exactes',
  'trends.minmax': 'bande min–max par {w}, trait moyenne',
  'trends.gap': 'hachuré = pas de donnée',
  'trends.none': 'aucune donnée',
  'trends.before': 'aucune donnée avant {time}',
  'trends.last1h': 'dernière heure',
  'trends.cursorA': 'Curseur A',
  'trends.cursorB': 'Curseur B',
  'trends.placing': 'Curseur que pose la prochaine touche',
  'trends.cursorNear': 'Curseur le plus proche',
  'trends.height': 'Hauteur des lignes : {n}',
  'trends.clear': 'Effacer',
  'trends.delta': 'Δ',
  'trends.unreachable': 'Le boîtier ne répond pas : tendances incomplètes.',
  'trends.empty': 'Aucun signal à montrer',
  'trends.events': 'Marques et alarmes',
  'trends.waves': 'Voir les courbes ici',
  'trends.hint': 'Touchez pour poser le curseur · glissez pour déplacer',
} as const;

export type TrendKey = Key | keyof typeof trendFr;

export const trendEn: { readonly [key in keyof typeof trendFr]: string } = {
  'trends.range': 'Time shown',
  'trends.now': 'Now',
  'trends.follow': 'following',
  'trends.in': 'Zoom in',
  'trends.out': 'Zoom out',
  'trends.earlier': 'Earlier',
  'trends.later': 'Later',
  'trends.h': '{n} h',
  'trends.d': '{n} d',
  'trends.choose': 'Signals',
  'trends.exact': 'exact values',
  'trends.minmax': 'band min–max per {w}, line mean',
  'trends.gap': 'hatched = no data',
  'trends.none': 'no data',
  'trends.before': 'no data before {time}',
  'trends.last1h': 'last hour',
  'trends.cursorA': 'Cursor A',
  'trends.cursorB': 'Cursor B',
  'trends.placing': 'Cursor that the next touch places',
  'trends.cursorNear': 'Nearer cursor',
  'trends.height': 'Height of the lanes: {n}',
  'trends.clear': 'Clear',
  'trends.delta': 'Δ',
  'trends.unreachable': 'The box does not answer: trends are incomplete.',
  'trends.empty': 'No signal to show',
  'trends.events': 'Marks and alarms',
  'trends.waves': 'See the waves here',
  'trends.hint': 'Touch to place the cursor · drag to move',
};

/** These words, and those of every page. */
export const t = extended(trendFr, trendEn);
