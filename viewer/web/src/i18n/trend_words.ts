import { catalogue } from './i18n.ts';

export const trendFr = {
  'height': 'Hauteur des lignes : {n}',
} as const;

export type TrendKey = keyof typeof trendFr;

export const trendEn: { readonly [key in TrendKey]: string } = {
  'height': 'Height of the lanes: {n}',
};

export const tw = catalogue<TrendKey>(trendFr, trendEn);
