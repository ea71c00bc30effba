import type { JSX } from 'preact';
import { language } from '../i18n/i18n.ts';
import { sw, swOr } from '../i18n/settings_words.ts';
import type { SettingsDesk } from './use_settings.ts';

/** What a field of the settings is called: <c>ports./dev/x</c> by its place, <c>colours.ecg</c> by its group. */
export function fieldWords(field: string): string {
  const dot = field.indexOf('.');
  if (dot < 0) return swOr(field === 'timeZone' ? 'zone' : field, field);
  const [head, rest] = [field.slice(0, dot), field.slice(dot + 1)];
  return head === 'units' ? swOr(rest, rest) : head === 'ports' ? rest : `${swOr(head, head)} ${rest}`;
}

/** The trial that runs, or what is prepared: what it changes, what is wrong with it, and the way forth and back. Inline, on every step. */
export function SettingsBar({ desk }: { readonly desk: SettingsDesk }): JSX.Element | null {
  const { settings, said } = desk;
  if (settings == null) return null;
  const { trial, draft } = settings;
  if (trial !== null) {
    return (
      <section class="settings-bar" data-trial={trial.number} data-lost={trial.lost.length}>
        <p><strong>{sw('trial', { n: trial.number, s: Math.ceil(trial.remainingS) })}</strong> {trial.lost.length === 0 ? sw('trialOk') : sw('trialLost', { who: trial.lost.join(', ') })} <small>{sw('rule')}</small></p>
        <button type="button" class="button button-sure" data-confirm-settings disabled={trial.lost.length > 0} onClick={() => void desk.act('confirm')}>{sw('confirm')}</button>
        <button type="button" class="button" data-take-back onClick={() => void desk.act('take-back')}>{sw('takeBack')}</button>
      </section>
    );
  }
  if (draft !== null && (draft.changes.length > 0 || draft.faults.length > 0)) {
    return (
      <section class="settings-bar" data-draft={draft.changes.length} data-faults={draft.faults.length}>
        <div>
          <p><strong>{sw('draft')}</strong> {draft.changes.map(fieldWords).join(' · ')}{draft.onTrial && <small> {sw('onTrial')}</small>}</p>
          {draft.faults.map((fault) => <p key={fault.field} class="settings-fault" role="alert" data-fault={fault.field}><b>{fieldWords(fault.field)}</b> {fault.sentence[language.value]}</p>)}
          {said !== '' && <p role="status">{said}</p>}
        </div>
        <button type="button" class="button button-sure" data-apply disabled={draft.faults.length > 0} onClick={() => void desk.act('apply')}>{sw('apply')}</button>
        <button type="button" class="button" data-discard onClick={() => void desk.discard()}>{sw('discard')}</button>
      </section>
    );
  }
  return said === '' && settings.fault === '' ? null : <p class="settings-said" role="status">{said || settings.fault}</p>;
}
