import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../i18n/i18n.ts';
import { sw } from '../i18n/settings_words.ts';
import { getJson, sendJson } from '../live/http.ts';
import { isObject } from '../wire/decoded.ts';
import { text } from '../wire/api.ts';
import { readSettings, type PortPin, type Settings, type SettingsForm } from '../wire/settings_api.ts';

const ASK_MS = 1_000;

export interface SettingsDesk {
  /** Undefined = not read yet, null = the box does not answer or keeps none. */
  readonly settings: Settings | null | undefined;
  /** What is prepared, or else what is in effect. */
  readonly form: SettingsForm | null;
  /** What became of the last request; empty = nothing to say. */
  readonly said: string;
  readonly prepare: (change: Partial<SettingsForm>) => Promise<void>;
  /** The name of the bed after one more touch of the keypad, however quickly it follows the last. */
  readonly type: (next: (bed: string) => string) => void;
  readonly act: (path: 'apply' | 'confirm' | 'take-back' | 'return', body?: object) => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** A port's pin in the place of the former one of that place; a pin that says nothing takes it away. */
export function withPin(ports: readonly PortPin[], pin: PortPin, place: string): readonly PortPin[] {
  const others = ports.filter((one) => (one.serial || one.udp || one.tcp) !== place);
  return pin.driver === '' && pin.line === '' && !pin.listenOnly ? others : [...others, pin];
}

/** The box's settings as they are now, asked again every second, and what can be done with them. */
export function useSettings(): SettingsDesk {
  const [settings, setSettings] = useState<Settings | null | undefined>(undefined);
  const [said, setSaid] = useState('');
  // What was touched and is not answered yet: the next touch builds on it, and requests go one after the other.
  const [ahead, setAhead] = useState<SettingsForm | null>(null);
  const newest = useRef<SettingsForm | null>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    let going = true;
    const ask = async (): Promise<void> => {
      const next = readSettings(await getJson('/api/v1/settings'));
      if (going) setSettings(next);
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => {
      going = false;
      clearInterval(timer);
    };
  }, []);
  const send = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body: object, done: string): Promise<void> => {
    const { status, json } = await sendJson(method, `/api/v1/settings/${path}`, body);
    const next = status === 200 ? readSettings(json) : null;
    if (next !== null) {
      // The ward's language is that of screens that nobody touched; whoever sets it here wants to see it here.
      if (settings != null && next.form.language !== settings.form.language) language.set(next.form.language === 'en' ? 'en' : 'fr');
      setSettings(next);
    }
    setSaid(status === 200 ? done : sw('failed', { why: (isObject(json) ? text(json['detail']) : '') || String(status) }));
  };
  const form = ahead ?? settings?.draft?.form ?? settings?.form ?? null;
  const prepare = (change: Partial<SettingsForm>): Promise<void> => {
    const base = newest.current ?? form;
    if (base === null) return Promise.resolve();
    const next = { ...base, ...change };
    newest.current = next;
    setAhead(next);
    turn.current = turn.current.then(() => send('PUT', 'draft', { rests: settings?.number ?? 0, settings: next }, '')).then(() => {
      if (newest.current !== next) return;
      newest.current = null;
      setAhead(null);
    });
    return turn.current;
  };
  return {
    settings, form, said, prepare,
    type: (next) => void prepare({ bed: next((newest.current ?? form)?.bed ?? '') }),
    act: (path, body = {}) => send('POST', path, body, path === 'apply' || path === 'confirm' ? sw('applied') : ''),
    discard: () => send('DELETE', 'draft', {}, ''),
  };
}
