import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { wardClockOf } from '../base/local_time.ts';
import { longName } from '../catalog/labels.ts';
import { signalColour } from '../catalog/palette.ts';
import { unitLabel } from '../catalog/units.ts';
import { language } from '../i18n/i18n.ts';
import { sw, swOr, type SettingsKey } from '../i18n/settings_words.ts';
import type { SettingsForm } from '../wire/settings_api.ts';
import { useBedside } from './context.ts';
import { Icon } from './icon.tsx';
import { fieldWords } from './settings_bar.tsx';
import { night, pxPerMm } from './settings.ts';
import type { SettingsDesk } from './use_settings.ts';

const PAD = [...'1234567890ABC-'];
const UNITS = {
  bodyPressure: ['', 'mm[Hg]', 'kPa'], airwayPressure: ['', 'cm[H2O]', 'mbar', 'hPa'], gasPressure: ['', 'mm[Hg]', 'kPa'], temperature: ['', 'Cel', '[degF]'],
} as const;
const USUAL_ZONES = ['Europe/Paris', 'Europe/Brussels', 'Europe/Zurich', 'Europe/London', 'America/Martinique', 'America/Guadeloupe', 'America/Cayenne', 'Indian/Reunion', 'Indian/Mayotte', 'Pacific/Noumea', 'Pacific/Tahiti', 'UTC'];
/** What monitors usually have, none of it an alarm's; the box has the last word. */
const PALETTE = ['#00e676', '#b9f6ca', '#ff6b6b', '#ff9e80', '#ffab66', '#ffcc80', '#ffd740', '#ffe082', '#40e0ff', '#7fb2ff', '#cdbcff', '#ff9cf0', '#ffffff', '#d0d0d0'];
const CARD_MM = 85.6;
const CSS_PX_PER_MM = 96 / 25.4;
const DAY_MINUTES = 1_440;

/** Half an hour on or back, around midnight. */
export function shiftTime(time: string, minutes: number): string {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  const next = (hours * 60 + rest + minutes + DAY_MINUTES) % DAY_MINUTES;
  return `${String(Math.floor(next / 60)).padStart(2, '0')}:${String(next % 60).padStart(2, '0')}`;
}

interface CardProps {
  readonly title: string;
  readonly pinned?: boolean;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

const Card = ({ title, pinned, children, wide }: CardProps): JSX.Element => (
  <section class={wide === true ? 'card card-wide' : 'card'}>
    <h2>{title}{pinned === true && <span class="tag">{sw('pinned')}</span>}</h2>
    {children}
  </section>
);

interface Choice {
  readonly name: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly words: (value: string) => string;
  readonly disabled: boolean;
  readonly choose: (value: string) => void;
}

const Choices = ({ name, values, value, words, disabled, choose }: Choice): JSX.Element => (
  <div class="segmented" role="group" aria-label={name}>
    {values.map((one) => <button key={one} type="button" aria-pressed={one === value} disabled={disabled} data-choose={one} onClick={() => choose(one)}>{words(one)}</button>)}
  </div>
);

function BedName({ form, desk, pinned }: StepProps): JSX.Element {
  const put = (bed: string): void => void desk.prepare({ bed });
  const fixed = pinned('bed');
  return (
    <Card title={sw('bed')} pinned={fixed}>
      <input class="field bed-field" value={form.bed} maxLength={64} aria-label={sw('bed')} disabled={fixed} data-bed-name onChange={(event) => put(event.currentTarget.value)} />
      <div class="pad">
        {PAD.map((key) => <button key={key} type="button" class="button" disabled={fixed} data-key={key} onClick={() => desk.type((bed) => `${bed}${key}`)}>{key}</button>)}
        <button type="button" class="button" disabled={fixed} data-erase aria-label={sw('erase')} onClick={() => desk.type((bed) => bed.slice(0, -1))}>⌫</button>
      </div>
    </Card>
  );
}

interface StepProps {
  readonly form: SettingsForm;
  readonly desk: SettingsDesk;
  readonly pinned: (field: string) => boolean;
}

function Colours({ form, desk, pinned }: StepProps): JSX.Element {
  const { store } = useBedside();
  const signals = useCell(store.signals);
  const dark = useCell(night);
  const spoken = useCell(language);
  const [group, setGroup] = useState('ecg');
  const [own, setOwn] = useState('');
  const groups = desk.settings?.groups ?? [];
  const named = (one: string): string => {
    const first = signals.find((signal) => signal.group === one && signal.kind === 'waveform') ?? signals.find((signal) => signal.group === one);
    return first === undefined ? one : longName(first, spoken);
  };
  const there = groups.filter((one) => signals.some((signal) => signal.group === one.group));
  const listed = there.length > 0 ? there : groups;
  const chosen = listed.some((one) => one.group === group) ? group : (listed[0]?.group ?? group);
  const usual = groups.find((one) => one.group === chosen)?.colour ?? '#d0d0d0';
  const now = form.colours[chosen] ?? usual;
  const fixed = pinned(`colours.${chosen}`);
  const put = (colour: string | null): void => {
    const { [chosen]: _, ...others } = form.colours;
    void desk.prepare({ colours: colour === null || colour === usual ? others : { ...others, [chosen]: colour } });
  };
  return (
    <Card title={sw('colours')} pinned={fixed} wide>
      <p class="settings-hint">{sw('coloursHint')}</p>
      <div class="swatches" role="group" aria-label={sw('colours')}>
        {listed.map((one) => <button key={one.group} type="button" class="chip" aria-pressed={one.group === chosen} data-group={one.group} onClick={() => setGroup(one.group)}><i style={{ background: form.colours[one.group] ?? one.colour }} aria-hidden="true" />{one.group}</button>)}
      </div>
      <div class="colour-preview" style={{ '--c': signalColour(now, chosen, dark) }} data-preview={now}>
        <svg viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true"><path d="M0 30H30l4-4 4 4h8l3 6 5-34 5 32 3-4h10l6-8 8 8H110l4-4 4 4h8l3 6 5-34 5 32 3-4h10l6-8 8 8h26" /></svg>
        <b>118</b><span>{named(chosen)}</span>
      </div>
      <div class="swatches" role="group" aria-label={named(chosen)}>
        {PALETTE.map((colour) => <button key={colour} type="button" class="swatch" aria-label={colour} aria-pressed={colour === now} disabled={fixed} data-swatch={colour} style={{ background: colour }} onClick={() => put(colour)} />)}
        <button type="button" class="button button-compact" disabled={fixed} onClick={() => put(null)}>{sw('coloursDefault')}</button>
        <label class="own-colour">{sw('own')}<input class="field" value={own} maxLength={7} disabled={fixed} data-own-colour onInput={(event) => setOwn(event.currentTarget.value)} onChange={(event) => put(event.currentTarget.value.toLowerCase())} /></label>
      </div>
    </Card>
  );
}

function Ruler(): JSX.Element {
  const scale = useCell(pxPerMm);
  const by = (pixels: number): void => pxPerMm.set(Math.min(19, Math.max(1.5, (Math.round(scale * CARD_MM) + pixels) / CARD_MM)));
  return (
    <Card title={sw('ruler')} wide>
      <p class="settings-hint">{sw('rulerHint')}</p>
      <div class="ruler-room"><svg class="ruler" width={scale * CARD_MM} height="48" data-ruler={scale.toFixed(4)} role="img" aria-label="85,6 mm"><rect width="100%" height="48" />{Array.from({ length: 9 }, (_, i) => <path key={i} d={`M${(i * 10 * scale).toFixed(2)} 48v-14`} />)}</svg></div>
      <div class="ruler-keys">
        {([[-10, 'shorter', '−−'], [-1, 'shorter', '−'], [1, 'longer', '+'], [10, 'longer', '++']] as const).map(([pixels, key, sign]) => <button key={sign} type="button" class="button" data-ruler-by={pixels} aria-label={`${sw(key)} ${Math.abs(pixels)} px`} onClick={() => by(pixels)}>{sign}</button>)}
        <button type="button" class="button" onClick={() => pxPerMm.set(CSS_PX_PER_MM)}>{sw('reset')}</button>
        <span>{scale.toFixed(2)} px/mm</span>
      </div>
    </Card>
  );
}

function Versions({ desk }: { readonly desk: SettingsDesk }): JSX.Element {
  const { store } = useBedside();
  const session = useCell(store.session);
  const ward = wardClockOf(session);
  const now = store.now() ?? Date.now();
  const { settings } = desk;
  return (
    <Card title={sw('versions')} wide>
      <ol class="versions">
        {(settings?.versions ?? []).map((one) => (
          <li key={one.number} data-version={one.number} data-outcome={one.outcome}>
            <b>{sw('version', { n: one.number })}</b>
            <span>{one.at === null ? '' : ward.stamp(one.at, now)} · {swOr(`origin.${one.origin}`, one.origin)} · {swOr(`outcome.${one.outcome}`, one.outcome)}</span>
            <small>{one.changes.map(fieldWords).join(' · ')}</small>
            {one.number !== settings?.number && settings?.trial === null && <button type="button" class="button button-compact" data-return={one.number} aria-label={`${sw('return')} ${one.number}`} onClick={() => void desk.act('return', { number: one.number })}>{sw('return')}</button>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** The last step: which bed this is and how its ward reads. Each touch is prepared and checked at the box at once; the bar above puts it into effect. */
export function BedStep({ desk }: { readonly desk: SettingsDesk }): JSX.Element | null {
  const { settings, form } = desk;
  if (settings == null || form === null) return null;
  const pinned = (field: string): boolean => settings.pinned.includes(field);
  const step = { form, desk, pinned };
  const zones = [...new Set([form.timeZone, ...USUAL_ZONES, ...Intl.supportedValuesOf('timeZone')])];
  return (
    <>
      <BedName {...step} />
      <Card title={sw('dayStart')} pinned={pinned('dayStart')}>
        <div class="day-start">
          <button type="button" class="button" disabled={pinned('dayStart')} aria-label={sw('earlier')} onClick={() => void desk.prepare({ dayStart: shiftTime(form.dayStart, -30) })}><Icon name="left" /></button>
          <output data-day-start>{form.dayStart}</output>
          <button type="button" class="button" disabled={pinned('dayStart')} aria-label={sw('later')} onClick={() => void desk.prepare({ dayStart: shiftTime(form.dayStart, 30) })}><Icon name="right" /></button>
        </div>
        <h2>{sw('language')}{pinned('language') && <span class="tag">{sw('pinned')}</span>}</h2>
        <Choices name={sw('language')} values={['fr', 'en']} value={form.language} disabled={pinned('language')} words={(one) => (one === 'fr' ? 'Français' : 'English')} choose={(value) => void desk.prepare({ language: value })} />
        <h2>{sw('zone')}{pinned('timeZone') && <span class="tag">{sw('pinned')}</span>}</h2>
        <select class="field" aria-label={sw('zone')} value={form.timeZone} disabled={pinned('timeZone')} data-zone onChange={(event) => void desk.prepare({ timeZone: event.currentTarget.value })}>{zones.map((zone) => <option key={zone} value={zone}>{zone}</option>)}</select>
      </Card>
      <Card title={sw('units')}>
        {(Object.keys(UNITS) as (keyof typeof UNITS)[]).map((kind) => (
          <div key={kind} class="unit-row" data-units={kind}>
            <span>{sw(kind as SettingsKey)}{pinned(`units.${kind}`) && <small> {sw('pinned')}</small>}</span>
            <Choices name={sw(kind as SettingsKey)} values={UNITS[kind]} value={form.units[kind]} disabled={pinned(`units.${kind}`)} words={(one) => (one === '' ? sw('asDevice') : unitLabel(one))} choose={(value) => void desk.prepare({ units: { ...form.units, [kind]: value } })} />
          </div>
        ))}
      </Card>
      <Colours {...step} />
      <Ruler />
      <Versions desk={desk} />
    </>
  );
}
