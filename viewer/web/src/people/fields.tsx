import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { faultWord, pw, type PeopleKey } from '../i18n/people_words.ts';

export interface Field {
  readonly name: string;
  readonly word: PeopleKey;
  readonly hint?: PeopleKey;
  /** Not shown while it is typed; what a browser may fill in. */
  readonly secret?: string;
  readonly digits?: boolean;
}

interface FieldsProps {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly button: PeopleKey;
  readonly send: (values: { readonly [name: string]: string }) => Promise<{ readonly fault: string }>;
}

/** Some fields and the button that sends them; what was typed is forgotten once it was sent. */
export function Fields({ name, fields, button, send }: FieldsProps): JSX.Element {
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const id = `people-${name}`;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    const said = await send(Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, key === 'password' ? String(value) : String(value).trim()])));
    setBusy(false);
    setFault(said.fault);
    if (said.fault === '') form.reset();
    else for (const secret of form.querySelectorAll<HTMLInputElement>('input[type=password]')) secret.value = '';
  };
  return (
    <form class="people-form" data-form={name} onSubmit={(event) => void submit(event)}>
      {fields.map(({ name: field, word, hint, secret, digits }) => {
        const same = { class: 'field', name: field, required: true, autocomplete: secret ?? 'off', autocapitalize: 'none', spellcheck: false, 'aria-describedby': hint === undefined ? undefined : `${id}-${field}` } as const;
        return (
          <label key={field}>
            {pw(word)}
            {secret === undefined ? <input type="text" {...same} /> : <input type="password" inputMode={digits === true ? 'numeric' : 'text'} {...same} />}
            {hint !== undefined && <small id={`${id}-${field}`}>{pw(hint)}</small>}
          </label>
        );
      })}
      <button type="submit" class="button button-sure" disabled={busy}>{pw(button)}</button>
      {fault !== '' && <p role="alert" data-fault={fault}>{faultWord(fault)}</p>}
    </form>
  );
}
