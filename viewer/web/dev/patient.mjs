// A made-up patient for looking at the page: curves and numbers as functions of time, nothing kept. Every value carries the demo mark.

const bump = (x, at, width, height) => height * Math.exp(-(((x - at) / width) ** 2));
const noise = (seed) => {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x) - 0.5;
};

const beat = (t) => {
  const phase = t * 1.28 + 0.02 * Math.sin(t * 1.6);
  return phase - Math.floor(phase);
};
const breath = (t) => {
  const phase = t / 3.75;
  return phase - Math.floor(phase);
};

const ecg = (t, gain = 1) => {
  const p = beat(t);
  return gain * (bump(p, 0.18, 0.022, 0.12) + bump(p, 0.275, 0.008, -0.1) + bump(p, 0.295, 0.011, 1.15) + bump(p, 0.32, 0.01, -0.24) + bump(p, 0.52, 0.045, 0.28)) + 0.02 * Math.sin(t * 1.7) + 0.006 * noise(t);
};
const pulse = (t, delay) => {
  const p = beat(t - delay);
  return bump(p, 0.42, 0.075, 1) + bump(p, 0.56, 0.1, 0.52) + bump(p, 0.72, 0.14, 0.2);
};
const paw = (t) => {
  const b = breath(t);
  return b < 0.33 ? 6 + 17 * (1 - Math.exp(-b * 16)) : 6 + 17 * Math.exp(-(b - 0.33) * 18);
};
const flow = (t) => {
  const b = breath(t);
  return b < 0.33 ? 46 * Math.exp(-b * 5.5) : -52 * Math.exp(-(b - 0.33) * 8);
};
const volume = (t) => {
  const b = breath(t);
  return b < 0.33 ? 460 * (1 - Math.exp(-b * 9)) : 460 * Math.exp(-(b - 0.33) * 7.5);
};
const co2 = (t) => {
  const b = breath(t);
  return b < 0.4 ? 38 * Math.exp(-b * 60) : 38 * (1 - Math.exp(-(b - 0.4) * 22)) * (0.92 + 0.13 * (b - 0.4));
};

const M = 'intellivue-com1';
const V = 'medibus-com2';

/** id, number, names, short, unit, group, low, high, Hz, gain, offset, device, f(t s) */
const WAVES = [
  ['ecg-ii', 1, 'ECG dérivation II', 'ECG lead II', 'II', 'mV', 'ecg', -2, 2, 500, 0.005, 0, M, (t) => ecg(t)],
  ['ecg-v', 2, 'ECG dérivation V', 'ECG lead V', 'V', 'mV', 'ecg', -2, 2, 500, 0.005, 0, M, (t) => ecg(t, 0.7)],
  ['abp', 3, 'Pression artérielle invasive (ABP)', 'Arterial blood pressure (ABP)', 'ABP', 'mm[Hg]', 'art', 0, 200, 125, 0.1, -40, M, (t) => 66 + 56 * pulse(t, 0.1) + 2 * Math.sin(t * 1.67)],
  ['pap', 4, 'Pression artérielle pulmonaire', 'Pulmonary artery pressure', 'PAP', 'mm[Hg]', 'pap', 0, 60, 125, 0.1, -40, M, (t) => 14 + 17 * pulse(t, 0.08) + 1.5 * Math.sin(t * 1.67)],
  ['cvp', 5, 'Pression veineuse centrale', 'Central venous pressure', 'CVP', 'mm[Hg]', 'cvp', -5, 30, 125, 0.05, -20, M, (t) => 8 + 2.2 * Math.sin(t * 1.67) + bump(beat(t), 0.2, 0.05, 2.4) + bump(beat(t), 0.6, 0.08, 1.6)],
  ['pleth', 6, 'Pléthysmogramme SpO2', 'SpO2 plethysmogram', 'Pleth', '1', 'spo2', 0, 1, 125, 0.0005, 0, M, (t) => 0.12 + 0.8 * pulse(t, 0.19)],
  ['resp-impedance', 7, 'Respiration (impédance thoracique)', 'Respiration (thoracic impedance)', 'Resp', 'Ohm', 'resp', -2, 2, 62.5, 0.002, 0, M, (t) => 1.1 * Math.sin(breath(t) * 2 * Math.PI) + 0.03 * noise(t)],
  ['co2', 8, 'Capnogramme', 'Capnogram', 'CO2', 'mm[Hg]', 'co2', 0, 60, 62.5, 0.01, 0, M, co2],
  ['paw', 9, 'Pression des voies aériennes', 'Airway pressure', 'Paw', 'cm[H2O]', 'vent-pressure', -5, 40, 100, 0.1, 0, V, paw],
  ['airway-flow', 10, 'Débit des voies aériennes', 'Airway flow', 'Flow', 'L/min', 'vent-flow', -100, 100, 100, 0.1, 0, V, flow],
  ['airway-volume', 11, 'Volume courant instantané', 'Airway volume', 'Vol', 'mL', 'vent-volume', 0, 800, 100, 1, 0, V, volume],
];

const slow = (t, base, swing, period, seed) => base + swing * Math.sin((t / period) * 2 * Math.PI + seed) + 0.35 * swing * Math.sin((t / (period * 0.23)) * 2 * Math.PI + seed * 3) + 0.3 * swing * noise(Math.floor(t / 3) + seed);

/** id, number, fr, en, short, unit, group, low, high, decimals, expected s, device, base, swing */
const NUMBERS = [
  ['hr', 20, 'Fréquence cardiaque (ECG)', 'Heart rate (ECG)', 'HR', '/min', 'ecg', 50, 120, 0, 1, M, 77, 6],
  ['pvc-rate', 21, 'Extrasystoles ventriculaires', 'Premature ventricular contractions', 'PVC', '/min', 'ecg', 0, 5, 0, 1, M, 1, 0.4],
  ['st-ii', 22, 'Segment ST II', 'ST segment II', 'ST-II', 'mV', 'ecg', -0.1, 0.1, 2, 1, M, 0.04, 0.02],
  ['st-v', 23, 'Segment ST V', 'ST segment V', 'ST-V', 'mV', 'ecg', -0.1, 0.1, 2, 1, M, -0.02, 0.02],
  ['abp-sys', 24, 'Pression artérielle systolique', 'Arterial pressure systolic', 'ABP-S', 'mm[Hg]', 'art', 90, 160, 0, 1, M, 121, 8],
  ['abp-dia', 25, 'Pression artérielle diastolique', 'Arterial pressure diastolic', 'ABP-D', 'mm[Hg]', 'art', 50, 95, 0, 1, M, 66, 4],
  ['abp-mean', 26, 'Pression artérielle moyenne', 'Arterial pressure mean', 'ABP-M', 'mm[Hg]', 'art', 60, 110, 0, 1, M, 84, 6],
  ['pap-sys', 27, 'PAP systolique', 'PAP systolic', 'PAP-S', 'mm[Hg]', 'pap', 15, 35, 0, 1, M, 32, 2],
  ['pap-dia', 28, 'PAP diastolique', 'PAP diastolic', 'PAP-D', 'mm[Hg]', 'pap', 5, 18, 0, 1, M, 14, 1],
  ['pap-mean', 29, 'PAP moyenne', 'PAP mean', 'PAP-M', 'mm[Hg]', 'pap', 10, 25, 0, 1, M, 21, 1],
  ['cvp-mean', 30, 'PVC moyenne', 'CVP mean', 'CVP', 'mm[Hg]', 'cvp', 0, 15, 0, 1, M, 8, 1],
  ['spo2', 31, 'Saturation pulsée en oxygène', 'Oxygen saturation', 'SpO2', '%', 'spo2', 92, 100, 0, 1, M, 96.6, 1],
  ['pr-spo2', 32, 'Fréquence du pouls (SpO2)', 'Pulse rate (SpO2)', 'PR', '/min', 'spo2', 50, 120, 0, 1, M, 77, 6],
  ['perfusion-index', 33, 'Index de perfusion', 'Perfusion index', 'PI', '%', 'spo2', 0.5, 10, 1, 1, M, 2.4, 0.5],
  ['resp-rate', 34, 'Fréquence respiratoire', 'Respiratory rate', 'RR', '/min', 'resp', 8, 30, 0, 1, M, 16, 1.5],
  ['etco2', 35, 'CO2 de fin d’expiration', 'End-tidal CO2', 'etCO2', 'mm[Hg]', 'co2', 30, 50, 0, 1, M, 38, 2],
  ['inco2', 36, 'CO2 inspiré', 'Inspired CO2', 'inCO2', 'mm[Hg]', 'co2', 0, 3, 0, 1, M, 0.3, 0.3],
  ['resp-rate-co2', 37, 'Fréquence respiratoire (CO2)', 'Respiratory rate (CO2)', 'RRc', '/min', 'co2', 8, 30, 0, 1, M, 16, 1],
  ['temp-blood', 38, 'Température du sang', 'Blood temperature', 'Tblood', 'Cel', 'temp', 36, 38, 1, 1, M, 37.2, 0.3],
  ['ppv', 39, 'Variation de pression pulsée', 'Pulse pressure variation', 'PPV', '%', 'art', 3, 15, 0, 1, M, 9, 2],
  ['nibp-sys', 40, 'PNI systolique', 'NIBP systolic', 'NIBP-S', 'mm[Hg]', 'nibp', 90, 160, 0, null, M, 124, 6],
  ['nibp-dia', 41, 'PNI diastolique', 'NIBP diastolic', 'NIBP-D', 'mm[Hg]', 'nibp', 50, 95, 0, null, M, 70, 4],
  ['nibp-mean', 42, 'PNI moyenne', 'NIBP mean', 'NIBP-M', 'mm[Hg]', 'nibp', 60, 110, 0, null, M, 88, 4],
  ['cco', 43, 'Débit cardiaque continu', 'Continuous cardiac output', 'CCO', 'L/min', 'hemo', 4, 8, 1, 1, M, 5.2, 0.4],
  ['svo2', 44, 'SvO2', 'Mixed venous saturation', 'SvO2', '%', 'hemo', 60, 80, 0, 1, M, 71, 2],
  ['bis', 45, 'Index bispectral', 'Bispectral index', 'BIS', '1', 'neuro', 40, 100, 0, 1, M, 46, 5],
  ['pip', 50, 'Pression de pointe', 'Peak inspiratory pressure', 'PIP', 'cm[H2O]', 'vent-pressure', 12, 35, 0, 1, V, 23, 1.4],
  ['peep', 51, 'PEP', 'PEEP', 'PEEP', 'cm[H2O]', 'vent-pressure', 3, 15, 0, 1, V, 6, 0.2],
  ['pplat', 52, 'Pression de plateau', 'Plateau pressure', 'Pplat', 'cm[H2O]', 'vent-pressure', 10, 30, 0, 1, V, 20, 1],
  ['pmean', 53, 'Pression moyenne', 'Mean airway pressure', 'Pmean', 'cm[H2O]', 'vent-pressure', 5, 20, 0, 1, V, 11, 0.6],
  ['vt-exp', 54, 'Volume courant expiré', 'Expired tidal volume', 'VTe', 'mL', 'vent-volume', 300, 700, 0, 1, V, 452, 18],
  ['vt-insp', 55, 'Volume courant inspiré', 'Inspired tidal volume', 'VTi', 'mL', 'vent-volume', 300, 700, 0, 1, V, 460, 18],
  ['mv-exp', 56, 'Volume minute expiré', 'Expired minute volume', 'MVe', 'L/min', 'vent-volume', 4, 12, 1, 1, V, 7.2, 0.4],
  ['vent-rate-total', 57, 'Fréquence totale', 'Total rate', 'ftot', '/min', 'vent-other', 8, 35, 0, 1, V, 16, 1],
  ['fio2-vent', 58, 'FiO2', 'FiO2', 'FiO2', '%', 'gas-o2', 21, 100, 0, 1, V, 40, 0.2],
  ['compliance-dyn', 59, 'Compliance dynamique', 'Dynamic compliance', 'Cdyn', 'mL/cm[H2O]', 'vent-other', 20, 80, 0, 1, V, 27, 2],
  ['resistance', 60, 'Résistance', 'Resistance', 'Raw', 'cm[H2O].s/L', 'vent-other', 3, 15, 0, 1, V, 11, 1],
  ['set-peep', 61, 'PEP réglée', 'PEEP set', 'PEEP set', 'cm[H2O]', 'vent-pressure', 3, 15, 0, null, V, 6, 0],
  ['set-vt', 62, 'VT réglé', 'VT set', 'VT set', 'mL', 'vent-volume', 300, 600, 0, null, V, 460, 0],
  ['set-rate', 63, 'Fréquence réglée', 'Rate set', 'f set', '/min', 'vent-other', 8, 30, 0, null, V, 16, 0],
  ['set-fio2', 64, 'FiO2 réglée', 'FiO2 set', 'FiO2 set', '%', 'gas-o2', 21, 100, 0, null, V, 40, 0],
];

const COLOURS = { ecg: '#00e676', art: '#ff6b6b', cvp: '#7fb2ff', pap: '#ffd740', spo2: '#40e0ff', resp: '#ffffff', co2: '#ffcc80', 'vent-pressure': '#ffb4a2', 'vent-flow': '#cdbcff', 'vent-volume': '#cdbcff', nibp: '#ffffff', temp: '#b9f6ca', 'gas-o2': '#e8ffe8', hemo: '#ff9e80', neuro: '#d8b4ff' };

export const NIBP_EVERY_S = 900;

export const waves = WAVES.map(([id, number, fr, en, short, unit, group, low, high, hz, gain, offset, device, at]) => ({ id, number, fr, en, short, unit, group, low, high, hz, gain, offset, device, at }));

export const numbers = NUMBERS.map(([id, number, fr, en, short, unit, group, low, high, decimals, expected, device, base, swing]) => ({
  id, number, fr, en, short, unit, group, low, high, decimals, expected, device,
  kind: id.startsWith('set-') ? 'setting' : 'numeric',
  /** Value at a second of UTC. */
  at: (t) => {
    const dip = id === 'spo2' ? -9 * Math.max(0, Math.sin(t / 7000) - 0.985) / 0.015 : id === 'hr' && Math.floor(t) % 5231 === 0 ? 48 : 0;
    return slow(t, base, swing, 5400 + number * 37, number) + dip;
  },
}));

export const describe = (s, last) => ({
  number: s.number, id: s.id, kind: s.hz ? 'waveform' : s.kind, name: { fr: s.fr, en: s.en }, short: s.short, unit: s.unit, code: 0, codeName: '', device: s.device, channel: '', label: s.short,
  period_us: s.hz ? 1e6 / s.hz : null, period: s.hz ? { numerator: 2, denominator: s.hz * 2 } : null, colour: COLOURS[s.group] ?? '#d0d0d0', group: s.group, display_min: s.low, display_max: s.high,
  expected_s: s.hz ? null : s.expected, last, state: 'live',
});

export const DEVICES = [
  { device: M, manufacturer: 'Philips', model: 'IntelliVue MX700', serialNumber: 'DE61234567', firmware: 'M.04.00', protocol: 'Data Export 2', clock: { offsetMs: 2310, driftPpm: 3.1, uncertaintyUs: 900, epoch: 1 } },
  { device: V, manufacturer: 'Dräger', model: 'Evita V500', serialNumber: 'ASBK-0042', firmware: '2.51', protocol: 'MEDIBUS.X', clock: { offsetMs: null, driftPpm: 0.4, uncertaintyUs: 4000, epoch: 1 } },
];
