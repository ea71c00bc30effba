import { catalogue } from './i18n.ts';

/** Words of the box's health that only its page needs. */
export const healthFr = {
  'lights': 'En clair',
  'part.disk': 'Disque',
  'part.devices': 'Appareils',
  'part.clock': 'Heure',
  'part.temperature': 'Température',
  'part.power': 'Alimentation',
  'part.start': 'Dernier démarrage',
  'part.journal': 'Journal d’accès',
  'part.certificates': 'Certificat',
  'part.settings': 'Réglages',
  'state.ok': 'bien',
  'state.attention': 'à surveiller',
  'state.failed': 'en panne',
  'state.not-measured': 'non mesuré',
  'download': 'Télécharger le diagnostic',
  'downloadHint': 'Sans aucune donnée de patient : état, ports, versions, fin du journal.',
  'ports': 'Ports',
  'port': 'Port',
  'reads': 'Lectures par seconde',
  'bytes': 'Octets par seconde',
  'errors': 'Défauts',
  'page': 'Images de la page',
  'perSecond': '{n} par seconde',
  'latency': 'Du boîtier à l’écran',
  'ms': '{n} ms (demande, réponse, affichage)',
  'measuring': 'mesure en cours',
} as const;

type HealthKey = keyof typeof healthFr;

export const healthEn: { readonly [key in HealthKey]: string } = {
  'lights': 'In plain words',
  'part.disk': 'Disk',
  'part.devices': 'Devices',
  'part.clock': 'Time',
  'part.temperature': 'Temperature',
  'part.power': 'Power supply',
  'part.start': 'Last start',
  'part.journal': 'Journal of access',
  'part.certificates': 'Certificate',
  'part.settings': 'Settings',
  'state.ok': 'well',
  'state.attention': 'to be watched',
  'state.failed': 'failed',
  'state.not-measured': 'not measured',
  'download': 'Download the diagnostic',
  'downloadHint': 'Without any patient data: health, ports, versions, end of the log.',
  'ports': 'Ports',
  'port': 'Port',
  'reads': 'Reads a second',
  'bytes': 'Bytes a second',
  'errors': 'Faults',
  'page': 'Frames of the page',
  'perSecond': '{n} a second',
  'latency': 'From the box to the screen',
  'ms': '{n} ms (asked, answered, drawn)',
  'measuring': 'being measured',
};

export const hw = catalogue<HealthKey>(healthFr, healthEn);

export const hwOr = (key: string, otherwise: string): string => (key in healthFr ? hw(key as HealthKey) : otherwise);
