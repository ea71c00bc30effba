// Colours of the convention groups on black. Day: the dictionary's own colour where it can be read, at 7:1 or better. Night: dimmer
// and without pure red, chosen colour by colour and not by a filter, so that each still reaches 7:1 (tested in palette.test.ts).

export const GROUND = '#000000';
export const INK = '#f2f5f7';
export const LATE_GREY = '#a9b0b6';

const DAY: { readonly [group: string]: string } = {
  ecg: '#00e676', art: '#ff6b6b', cvp: '#7fb2ff', pap: '#ffd740', spo2: '#40e0ff', resp: '#ffffff', co2: '#ffcc80', 'vent-pressure': '#ffb4a2',
  'vent-flow': '#cdbcff', 'vent-volume': '#cdbcff', icp: '#ff9cf0', nibp: '#ffffff', temp: '#b9f6ca', other: '#d0d0d0',
};

const NIGHT: { readonly [group: string]: string } = {
  ecg: '#43b078', art: '#d88a72', cvp: '#8a9fc4', pap: '#b79b4a', spo2: '#4fa9bd', resp: '#a3a3a0', co2: '#b89870', 'vent-pressure': '#bd9385',
  'vent-flow': '#a197bd', 'vent-volume': '#a197bd', icp: '#bd8fb4', nibp: '#a3a3a0', temp: '#8bab94', other: '#9c9c98',
};

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
const NUMERIC_CONTRAST = 7;

/** Relative luminance of WCAG 2; null for what is no #rrggbb. */
export function luminance(colour: string): number | null {
  const parts = HEX.exec(colour);
  if (parts === null) return null;
  const [r, g, b] = [parts[1], parts[2], parts[3]].map((hex) => {
    const value = Number.parseInt(hex ?? '0', 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

export function contrast(a: string, b: string): number {
  const [one, other] = [luminance(a) ?? 0, luminance(b) ?? 0];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

export function signalColour(colour: string, group: string, night: boolean): string {
  if (night) return (colour === DAY[group] || luminance(colour) === null ? NIGHT[group] : undefined) ?? dimmed(colour);
  if (luminance(colour) !== null && contrast(colour, GROUND) >= NUMERIC_CONTRAST) return colour;
  return DAY[group] ?? (DAY['other'] as string);
}

const NIGHT_LUMINANCE = 0.315;
const NIGHT_SATURATION = 0.6;

/** A colour for the night: greyer, and as bright as the others of the night. */
function dimmed(colour: string): string {
  const light = luminance(colour);
  const parts = HEX.exec(colour);
  if (light === null || parts === null) return NIGHT['other'] as string;
  const grey = parts.slice(1).map((hex) => Number.parseInt(hex, 16)).reduce((sum, value) => sum + value, 0) / 3;
  const soft = parts.slice(1).map((hex) => grey + (Number.parseInt(hex, 16) - grey) * NIGHT_SATURATION);
  const toHex = (factor: number): string => `#${soft.map((value) => Math.min(255, Math.round(value * factor)).toString(16).padStart(2, '0')).join('')}`;
  let [low, high] = [0, 2];
  for (let i = 0; i < 16; i++) {
    const middle = (low + high) / 2;
    if ((luminance(toHex(middle)) ?? 0) < NIGHT_LUMINANCE) low = middle;
    else high = middle;
  }
  return toHex(high);
}

export const groupsWithColour = (): readonly string[] => Object.keys(DAY);
