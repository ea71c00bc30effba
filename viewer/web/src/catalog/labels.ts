import type { SignalDescription } from '../wire/api.ts';
import { baseId } from './lanes.ts';

export type Language = 'fr' | 'en';

/** What French wards write where it differs from the nomenclature's short label. */
const FRENCH: { readonly [key: string]: string } = {
  hr: 'FC', 'hr-btb': 'FC b/b', pulse: 'Pouls', 'pr-spo2': 'Pouls', 'pr-art': 'Pouls', 'pr-nibp': 'Pouls', 'pvc-rate': 'ESV', abp: 'PA', art: 'PA', ibp: 'PI', pap: 'PAP',
  'abp-sys': 'PAS', 'abp-dia': 'PAD', 'abp-mean': 'PAM', 'art-sys': 'PAS', 'art-dia': 'PAD', 'art-mean': 'PAM', cvp: 'PVC', 'cvp-mean': 'PVC',
  nibp: 'PNI', 'nibp-sys': 'PNI S', 'nibp-dia': 'PNI D', 'nibp-mean': 'PNI M', 'pap-mean': 'PAPm', pawp: 'PAPO', icp: 'PIC', 'icp-mean': 'PIC', cpp: 'PPC', iap: 'PIA',
  'rap-mean': 'POD', ppv: 'VPP', svv: 'VVE', co: 'DC', cco: 'DCC', ci: 'IC', cci: 'ICC', sv: 'VES', svr: 'RVS', temp: 'T°', 'temp-core': 'T° cent.', 'temp-blood': 'T° sang',
  'temp-bladder': 'T° vés.', 'temp-skin': 'T° cut.', 'temp-rect': 'T° rect.', 'temp-esoph': 'T° œso', 'resp-rate': 'FR', 'resp-rate-impedance': 'FR', 'resp-rate-airway': 'FR',
  'resp-rate-co2': 'FR CO₂', 'vent-rate': 'f', 'vent-rate-total': 'f tot', 'vent-rate-spont': 'f spont', 'vent-rate-mand': 'f cont', 'vt-exp': 'VTe', 'vt-insp': 'VTi',
  'vt-spont': 'VT sp.', mv: 'VM', 'mv-exp': 'VMe', 'mv-insp': 'VMi', 'mv-spont': 'VM sp.', 'mv-leak': 'Fuites', 'leak-percent': 'Fuites', ppeak: 'Ppic', pip: 'Ppic',
  pmean: 'Pmoy', peep: 'PEP', 'peep-intrinsic': 'PEPi', 'peep-total': 'PEPtot', 'peep-extrinsic': 'PEPe', 'set-peep': 'PEP rég.', 'set-vt': 'VT rég.',
  'set-rate': 'f rég.', 'set-fio2': 'FiO₂ rég.', 'set-ps': 'AI', 'set-pc': 'PC', 'set-vent-mode': 'Mode', 'set-pinsp': 'Pi rég.', 'set-ti': 'Ti rég.', 'set-patient-weight': 'Poids', weight: 'Poids',
  'set-pmax': 'Pmax', 'set-insp-flow': 'Débit rég.', 'set-ie': 'I:E rég.', 'set-rise-time': 'Pente', 'set-trigger-flow': 'Trig. D', 'set-trigger-pressure': 'Trig. P', 'set-apnea-time': 'Apnée',
  compliance: 'C', 'compliance-dyn': 'Cdyn', 'compliance-static': 'Cstat', resistance: 'R', 'airway-flow': 'Débit', 'airway-volume': 'Volume', 'resp-impedance': 'Resp', pleth: 'Pléth',
};

const ENGLISH: { readonly [key: string]: string } = {
  abp: 'ABP', art: 'ART', ibp: 'IBP', nibp: 'NIBP', pap: 'PAP', cvp: 'CVP', icp: 'ICP', 'pvc-rate': 'PVC', 'vent-rate-total': 'f tot',
};

/** H2O, CO2, SpO2 with their small digit. */
const subscripted = (label: string): string => label.replace(/O2/g, 'O₂');

export function shortLabel(key: string, signal: SignalDescription, language: Language): string {
  const own = language === 'fr' ? FRENCH[key] : ENGLISH[key];
  const label = own ?? subscripted(signal.short);
  return /^ecg-/.test(key) && !/ECG/.test(label) ? `ECG ${label}` : label;
}

export const longName = (signal: SignalDescription, language: Language): string => (language === 'fr' ? signal.nameFr : signal.nameEn);

export const labelOf = (signal: SignalDescription, language: Language): string => shortLabel(baseId(signal.id), signal, language);
