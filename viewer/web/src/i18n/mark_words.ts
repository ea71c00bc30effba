import { catalogue } from './i18n.ts';

export const markFr = {
  'title': 'Marquer {time}',
  'titleOf': 'Marquer {name} à {time}',
  'loading': 'Liste des repères en chargement…',
  'saving': 'Enregistrement…',
  'saved': '« {what} » enregistré à {time}',
  'ended': '« {what} » terminé à {time}',
  'failed': 'Non enregistré : le boîtier ne répond pas. Réessayez.',
  'undo': 'Annuler',
  'undone': 'Annulé',
  'end': 'Fin',
  'endOf': 'Fin : {what}, commencé à {time}',
  'since': 'depuis {t}',
  'holds': 'toujours vrai',
  'openEnd': 'fin non dite',
  'marks': 'Repères et avis des appareils',
  'time': 'Heure',
  'what': 'Quoi',
  'about': 'Sur',
  'until': 'Jusqu’à',
  'by': 'Par',
  'bed': 'au lit',
  'all': 'tout le lit',
  'device': 'l’appareil',
  'none': 'Aucun repère dans cette durée.',
} as const;

export type MarkKey = keyof typeof markFr;

export const markEn: { readonly [key in MarkKey]: string } = {
  'title': 'Mark {time}',
  'titleOf': 'Mark {name} at {time}',
  'loading': 'The list of marks is loading…',
  'saving': 'Saving…',
  'saved': '“{what}” saved at {time}',
  'ended': '“{what}” ended at {time}',
  'failed': 'Not saved: the box does not answer. Try again.',
  'undo': 'Undo',
  'undone': 'Undone',
  'end': 'End',
  'endOf': 'End: {what}, begun at {time}',
  'since': 'for {t}',
  'holds': 'still so',
  'openEnd': 'end not told',
  'marks': 'Marks and notices of devices',
  'time': 'Time',
  'what': 'What',
  'about': 'About',
  'until': 'Until',
  'by': 'By',
  'bed': 'at the bed',
  'all': 'the whole bed',
  'device': 'the device',
  'none': 'No mark in this time.',
};

export const mw = catalogue<MarkKey>(markFr, markEn);
