import { t } from '../i18n/trend_words.ts';

const DAY_H = 24;

export const spanLabel = (hours: number): string => (hours <= DAY_H ? t('trends.h', { n: hours }) : t('trends.d', { n: hours / DAY_H }));
