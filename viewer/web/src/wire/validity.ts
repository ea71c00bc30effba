/** IEEE 11073-10201 MeasurementStatus and our own marks, by the bit positions of Bedside.Model/Measurement.cs. */
export const Validity = {
  Invalid: 0x8000,
  Questionable: 0x4000,
  NotAvailable: 0x2000,
  CalibrationOngoing: 0x1000,
  TestData: 0x0800,
  DemoData: 0x0400,
  Implausible: 0x0200,
  Replayed: 0x0100,
  ValidatedData: 0x0080,
  EarlyIndication: 0x0040,
  MeasurementOngoing: 0x0020,
  Saturated: 0x0010,
  PacerMark: 0x0008,
  DefibrillatorMark: 0x0004,
  InAlarm: 0x0002,
  AlarmInhibited: 0x0001,
} as const;

const UNUSABLE = Validity.Invalid | Validity.NotAvailable;

export const isUsable = (validity: number): boolean => (validity & UNUSABLE) === 0;
export const isDemo = (validity: number): boolean => (validity & (Validity.DemoData | Validity.TestData)) !== 0;
export const isReplayed = (validity: number): boolean => (validity & Validity.Replayed) !== 0;

const kebab = (pascal: string): string => pascal.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();

const byName = new Map<string, number>(Object.entries(Validity).map(([name, bit]) => [kebab(name), bit]));

/** Bits of a list of kebab-case names, as the JSON of the API has them; unknown names are ignored. */
export function validityOfNames(names: unknown): number {
  if (!Array.isArray(names)) return 0;
  return names.reduce<number>((bits, name) => bits | (byName.get(String(name)) ?? 0), 0);
}

export function namesOfValidity(validity: number): string[] {
  return [...byName].filter(([, bit]) => (validity & bit) !== 0).map(([name]) => name);
}
