import { catalogue } from './i18n.ts';

/** Why something is missing. */
export const gapFr = {
  'cause.unexplained': 'sans explication',
  'cause.unplugged': 'câble débranché',
  'cause.device-silent': 'appareil muet',
  'cause.signal-off': 'non envoyé par l’appareil',
  'cause.checksum': 'message abîmé',
  'cause.lost-message': 'message perdu',
  'cause.overload': 'boîtier débordé',
  'cause.restart': 'redémarrage du boîtier',
  'cause.clock': 'changement d’horloge',
  'cause.uncalibrated': 'échelle inconnue',
  'cause.storage': 'disque',
  'cause.retention': 'effacé pour faire de la place',
} as const;

export type GapKey = keyof typeof gapFr;

export const gapEn: { readonly [key in keyof typeof gapFr]: string } = {
  'cause.unexplained': 'unexplained',
  'cause.unplugged': 'cable unplugged',
  'cause.device-silent': 'device silent',
  'cause.signal-off': 'not sent by the device',
  'cause.checksum': 'message damaged',
  'cause.lost-message': 'message lost',
  'cause.overload': 'box overloaded',
  'cause.restart': 'restart of the box',
  'cause.clock': 'change of clock',
  'cause.uncalibrated': 'scale not known',
  'cause.storage': 'disk',
  'cause.retention': 'erased to make room',
};

const gapText = catalogue<GapKey>(gapFr, gapEn);

/** Null = a cause that has no words. */
export const causeText = (cause: string): string | null => (Object.hasOwn(gapFr, `cause.${cause}`) ? gapText(`cause.${cause}` as GapKey) : null);
