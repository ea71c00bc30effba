import { parseIso, type UtcMs } from '../base/time.ts';
import { isObject, type JsonObject } from './decoded.ts';
import { listOf, number, orNull, text, type WardUnits } from './api.ts';
import { readWords, texts, type Words } from './setup_api.ts';

// Settings, checks of signals and health in words, read field by field like the rest of the API.

export interface PortPin {
  readonly serial: string;
  readonly udp: string;
  readonly tcp: string;
  readonly driver: string;
  readonly line: string;
  readonly listenOnly: boolean;
}

/** Everything that can be set. */
export interface SettingsForm {
  readonly bed: string;
  readonly timeZone: string;
  readonly language: string;
  readonly dayStart: string;
  readonly units: WardUnits;
  readonly colours: { readonly [group: string]: string };
  readonly ports: readonly PortPin[];
}

export interface Fault {
  readonly field: string;
  readonly sentence: Words;
}

export interface Draft {
  readonly form: SettingsForm;
  readonly rests: number;
  readonly changes: readonly string[];
  readonly onTrial: boolean;
  readonly faults: readonly Fault[];
}

export interface Trial {
  readonly number: number;
  readonly remainingS: number;
  readonly lost: readonly string[];
}

export interface Version {
  readonly number: number;
  readonly at: UtcMs | null;
  readonly origin: string;
  readonly outcome: string;
  readonly changes: readonly string[];
}

export interface Settings {
  readonly number: number;
  readonly form: SettingsForm;
  readonly pinned: readonly string[];
  readonly draft: Draft | null;
  readonly trial: Trial | null;
  readonly versions: readonly Version[];
  readonly fault: string;
  readonly groups: readonly { readonly group: string; readonly colour: string }[];
}

export const placeOf = (pin: PortPin): string => pin.serial || pin.udp || pin.tcp;

const readPin = (item: JsonObject): PortPin => ({
  serial: text(item['serial']), udp: text(item['udp']), tcp: text(item['tcp']), driver: text(item['driver']), line: text(item['line']), listenOnly: item['listenOnly'] === true,
});

function readForm(value: unknown): SettingsForm {
  const form = isObject(value) ? value : {};
  const units = isObject(form['units']) ? form['units'] : {};
  const colours = isObject(form['colours']) ? form['colours'] : {};
  return {
    bed: text(form['bed']),
    timeZone: text(form['timeZone']),
    language: text(form['language']),
    dayStart: text(form['dayStart']),
    units: { bodyPressure: text(units['bodyPressure']), airwayPressure: text(units['airwayPressure']), gasPressure: text(units['gasPressure']), temperature: text(units['temperature']) },
    colours: Object.fromEntries(Object.entries(colours).map(([group, colour]) => [group, text(colour)])),
    ports: listOf(form['ports'], readPin),
  };
}

function readDraft(value: unknown): Draft | null {
  if (!isObject(value)) return null;
  return {
    form: readForm(value['settings']),
    rests: number(value['rests'], 0),
    changes: texts(value['changes']),
    onTrial: value['onTrial'] === true,
    faults: listOf(value['faults'], (fault) => ({ field: text(fault['field']), sentence: readWords(fault['sentence']) })),
  };
}

export function readSettings(value: unknown): Settings | null {
  if (!isObject(value) || !isObject(value['settings'])) return null;
  const trial = value['trial'];
  return {
    number: number(value['number'], 0),
    form: readForm(value['settings']),
    pinned: texts(value['pinned']),
    draft: readDraft(value['draft']),
    trial: isObject(trial) ? { number: number(trial['number'], 0), remainingS: number(trial['remainingSeconds'], 0), lost: texts(trial['lost']) } : null,
    versions: listOf(value['versions'], (one) => ({ number: number(one['number'], 0), at: parseIso(one['at']), origin: text(one['origin']), outcome: text(one['outcome']), changes: texts(one['changes']) })),
    fault: text(value['fault']),
    groups: listOf(value['groups'], (one) => ({ group: text(one['group']), colour: text(one['colour']) })),
  };
}

export interface Rate {
  readonly id: string;
  readonly nominal: number | null;
  readonly measured: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export const readRates = (value: unknown): readonly Rate[] | null => (isObject(value)
  ? listOf(value['signals'], (one) => ({ id: text(one['id']), nominal: orNull(one['nominal']), measured: orNull(one['measured']), min: orNull(one['plausibleMin']), max: orNull(one['plausibleMax']) }))
  : null);

export interface CheckedSignal {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly shown: string;
  readonly hertz: number | null;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

export interface Check {
  readonly key: string;
  readonly at: UtcMs;
  readonly build: string;
  readonly device: string;
  readonly maker: string;
  readonly serialNumber: string;
  readonly firmware: string;
  readonly protocol: string;
  readonly offsetMs: number | null;
  readonly signals: readonly CheckedSignal[];
}

export function readCheck(item: JsonObject): Check | null {
  const at = parseIso(item['at']);
  if (at === null) return null;
  return {
    key: text(item['key']), at, build: text(item['build']), device: text(item['device']), maker: [text(item['manufacturer']), text(item['model'])].filter(Boolean).join(' '),
    serialNumber: text(item['serialNumber']), firmware: text(item['firmware']), protocol: text(item['protocol']), offsetMs: orNull(item['clockOffsetMs']),
    signals: listOf(item['signals'], (one) => ({ id: text(one['id']), label: text(one['label']), unit: text(one['unit']), shown: text(one['shown']), hertz: orNull(one['hertz']), right: texts(one['right']), wrong: texts(one['wrong']) })),
  };
}

export const readChecks = (value: unknown): readonly Check[] | null => (Array.isArray(value) ? listOf(value, readCheck) : null);

export interface Light {
  readonly part: string;
  readonly state: string;
  readonly sentence: Words;
}

export const readLights = (value: unknown): readonly Light[] =>
  (isObject(value) ? listOf(value['lights'], (one) => ({ part: text(one['part']), state: text(one['state']), sentence: readWords(one['sentence']) })) : []);
