// The catalogue of marks for the mock: some of the box's kinds, for work on the page only.
const w = (fr, en) => ({ fr, en });
const values = (...all) => all.map(([value, fr, en]) => ({ value, name: w(fr, en) }));
const kind = (code, form, fr, en, bed, family, attributes = [], offered = true) => ({ kind: code, form, series: code, offered, bed, name: w(fr, en), family, attributes });
const which = (attribute, fr, en, ...all) => ({ attribute, name: w(fr, en), required: true, values: values(...all) });

const KINDS = [
  kind('suction', 'range', 'Aspiration', 'Suction', true, null),
  kind('position', 'state', 'Position', 'Position', true, null, [which('position', 'Position', 'Position', ['supine', 'Dos', 'Supine'], ['prone', 'Ventral', 'Prone'], ['left', 'Côté gauche', 'Left side'], ['right', 'Côté droit', 'Right side'], ['head-up-30', 'Tête à 30°', 'Head up 30°'], ['head-up-45', 'Tête à 45°', 'Head up 45°'], ['sitting', 'Assis', 'Sitting'], ['head-down', 'Tête en bas', 'Head down'])]),
  kind('ventilation-change', 'event', 'Ventilation modifiée', 'Ventilation changed', true, null),
  kind('blood-sample', 'event', 'Prélèvement', 'Blood sample', true, null),
  kind('care', 'range', 'Soins', 'Care', true, null),
  kind('intubation', 'event', 'Intubation', 'Intubation', true, null),
  kind('extubation', 'event', 'Extubation', 'Extubation', true, null),
  kind('transport', 'range', 'Transport', 'Transport', true, null),
  kind('artefact', 'range', 'Artéfact', 'Artefact', true, 'any'),
  kind('note', 'event', 'Autre', 'Other', true, 'any'),
  kind('transducer-zeroed', 'event', 'Zéro fait', 'Transducer zeroed', false, 'art'),
  kind('transducer-levelled', 'event', 'Capteur mis à niveau', 'Transducer levelled', false, 'art'),
  kind('line-flushed', 'event', 'Ligne rincée', 'Line flushed', false, 'art'),
  kind('catheter-site', 'state', 'Site du cathéter', 'Catheter site', false, 'art', [which('site', 'Site', 'Site', ['radial-left', 'radial gauche', 'left radial'], ['radial-right', 'radial droit', 'right radial'], ['femoral-left', 'fémoral gauche', 'left femoral'], ['femoral-right', 'fémoral droit', 'right femoral'], ['brachial-left', 'huméral gauche', 'left brachial'], ['brachial-right', 'huméral droit', 'right brachial'])]),
  kind('probe-site', 'state', 'Site du capteur', 'Probe site', false, 'spo2', [which('site', 'Site', 'Site', ['finger-left', 'doigt gauche', 'left finger'], ['finger-right', 'doigt droit', 'right finger'], ['ear', 'oreille', 'ear'], ['forehead', 'front', 'forehead'], ['toe', 'orteil', 'toe'], ['nose', 'nez', 'nose'])]),
  kind('probe-size', 'state', 'Taille du capteur', 'Probe size', false, 'spo2', [which('size', 'Taille', 'Size', ['adult', 'adulte', 'adult'], ['child', 'enfant', 'child'])]),
  kind('leads-off', 'range', 'Électrodes décollées', 'Leads off', true, 'any', [], false),
];

export const contextOf = (signals) => ({ kinds: KINDS.map(({ family, ...one }) => ({ ...one, signals: signals.filter((signal) => family === 'any' || (family !== null && signal.group === family)).map((signal) => signal.number) })) });

const base = { version: 1, text: '', source: 'bed', signal: null, number: 0, concerns: [], attributes: {}, until: null, heldUntil: null, withdrawn: false };

/** What was marked before the mock began. */
export function pastMarks(now, signals) {
  const iso = (ms) => new Date(ms).toISOString();
  const of = (group) => signals.filter((signal) => signal.group === group).map((signal) => signal.number);
  const spo2 = of('spo2');
  const ecg = of('ecg');
  return [
    { ...base, key: 'key-prone-1', kind: 'position', attributes: { position: 'prone' }, time: iso(now - 5.2e7), heldUntil: iso(now - 1.6e7) },
    { ...base, key: 'key-supine-1', kind: 'position', attributes: { position: 'supine' }, time: iso(now - 1.6e7) },
    { ...base, key: 'key-suction-1', kind: 'suction', time: iso(now - 3.1e7), until: iso(now - 3.09e7), heldUntil: iso(now - 3.09e7) },
    { ...base, key: 'key-probe-1', kind: 'probe-site', attributes: { site: 'finger-left' }, number: spo2[0] ?? 0, concerns: spo2, time: iso(now - 4.4e7), heldUntil: iso(now - 2.0e7) },
    { ...base, key: 'key-probe-2', kind: 'probe-site', attributes: { site: 'ear' }, number: spo2[0] ?? 0, concerns: spo2, time: iso(now - 2.0e7) },
    { ...base, key: 'philips/leads-off/1/1', kind: 'leads-off', source: 'philips-intellivue', number: ecg[0] ?? 0, concerns: ecg, time: iso(now - 2.7e7), until: iso(now - 2.66e7), heldUntil: iso(now - 2.66e7) },
  ].sort((a, b) => a.time.localeCompare(b.time));
}

/** A mark as the box would answer it. */
export const madeOf = (body, now, signals) => {
  const signal = signals.find((one) => String(one.number) === body.signal || one.id === body.signal);
  const form = KINDS.find((one) => one.kind === body.kind)?.form;
  const time = body.time ?? new Date(now).toISOString();
  return { ...base, ...body, time, signal: signal?.id ?? null, number: signal?.number ?? 0, concerns: signal === undefined ? [] : signals.filter((one) => one.group === signal.group).map((one) => one.number), heldUntil: body.until ?? (form === 'event' ? time : null) };
};
