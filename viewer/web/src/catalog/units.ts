/** UCUM as people at the bed write it; an unknown unit is shown as it is. */
const LOCAL: { readonly [ucum: string]: string } = {
  '1': '', '{score}': '', '[pH]': '', 'mm[Hg]': 'mmHg', 'cm[H2O]': 'cmH₂O', Cel: '°C', uV: 'µV', Ohm: 'Ω', '[ppm]': 'ppm',
  'dyn.s/cm5': 'dyn·s/cm⁵', 'dyn.s.m2/cm5': 'dyn·s·m²/cm⁵', 'L/min/m2': 'L/min/m²', 'mL/m2': 'mL/m²', 'mL/cm[H2O]': 'mL/cmH₂O',
  'cm[H2O].s/L': 'cmH₂O·s/L', 'cm[H2O]/L': 'cmH₂O/L', 'mm[Hg]/s': 'mmHg/s', 'mbar.s/L': 'mbar·s/L', 'ug/kg/min': 'µg/kg/min', 'kg/m2': 'kg/m²', m2: 'm²', 'g.m/m2': 'g·m/m²',
};

export const unitLabel = (ucum: string): string => LOCAL[ucum] ?? ucum;

/** In the place of a value that is lost, missing or not known. */
export const MISSING = '---';
