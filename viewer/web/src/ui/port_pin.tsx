import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { sw } from '../i18n/settings_words.ts';
import type { HelpEntry } from '../wire/setup_api.ts';
import { placeOf, type PortPin } from '../wire/settings_api.ts';
import { withPin, type SettingsDesk } from './use_settings.ts';

const EMPTY: PortPin = { serial: '', udp: '', tcp: '', driver: '', line: '', listenOnly: false };

/** A path is a serial port; address and port are the network, over what the driver speaks. */
export function pinOfPlace(place: string, entry: HelpEntry | undefined): PortPin {
  const where = place.trim();
  if (where.startsWith('/')) return { ...EMPTY, serial: where };
  return entry?.tried.some((one) => one.startsWith('TCP')) === true ? { ...EMPTY, tcp: where } : { ...EMPTY, udp: where };
}

const LINES = ['9600 8N1', '9600 8E1', '19200 8N1', '19200 8E1', '38400 8N1', '57600 8N1', '115200 8N1', '115200 8E1'];

interface Props {
  /** Empty = a port that is not listed yet. */
  readonly place: string;
  readonly desk: SettingsDesk;
  readonly help: readonly HelpEntry[];
  /** Driver of a device that announces itself there: one touch prepares that it is read. */
  readonly offered?: string;
}

/** Driver and line of one port by hand; it is only prepared, and the bar above puts it into effect. */
export function PortPinForm({ place, desk, help, offered = '' }: Props): JSX.Element | null {
  const known = desk.form?.ports.find((one) => placeOf(one) === place);
  const [open, setOpen] = useState(false);
  const [where, setWhere] = useState(place);
  const [edited, setEdited] = useState<PortPin | null>(null);
  if (desk.settings == null) return null;
  const pin = edited ?? known ?? EMPTY;
  const pinned = desk.settings.pinned.includes(`ports.${place}`);
  const prepare = ({ driver, line, listenOnly }: PortPin): void => {
    const at = place || where.trim();
    const base = known ?? pinOfPlace(at, help.find((one) => one.driver === driver));
    void desk.prepare({ ports: withPin(desk.form?.ports ?? [], { ...base, driver, line, listenOnly }, at) });
    setEdited(null);
  };
  return (
    <div class="pin" data-pin={place || 'new'}>
      {offered !== '' && known === undefined && <button type="button" class="button button-sure" data-read-it onClick={() => prepare({ ...EMPTY, driver: offered })}>{sw('readIt')}</button>}
      <button type="button" class="button button-compact" aria-expanded={open} data-advanced onClick={() => setOpen(!open)}>{place === '' ? sw('add') : sw('advanced')}</button>
      {known !== undefined && <p class="pin-now">{[known.driver, known.line, known.listenOnly && sw('listen')].filter(Boolean).join(' · ')}</p>}
      {open && pinned && <p class="pin-now">{sw('pinned')}</p>}
      {open && !pinned && (
        <form onSubmit={(event) => { event.preventDefault(); prepare(pin); }}>
          {place === '' && <label>{sw('place')}<input class="field" value={where} data-place onInput={(event) => setWhere(event.currentTarget.value)} /></label>}
          <label>{sw('driver')}
            <select class="field" value={pin.driver} data-driver onChange={(event) => setEdited({ ...pin, driver: event.currentTarget.value })}>
              <option value="">{sw('auto')}</option>
              {help.map((one) => <option key={one.driver} value={one.driver}>{one.manufacturer} – {one.driver}</option>)}
            </select>
          </label>
          <label>{sw('line')}
            <select class="field" value={pin.line} data-line onChange={(event) => setEdited({ ...pin, line: event.currentTarget.value })}>
              <option value="">{sw('anyLine')}</option>
              {[...new Set([...LINES, ...(pin.line === '' ? [] : [pin.line])])].map((line) => <option key={line} value={line}>{line}</option>)}
            </select>
          </label>
          <button type="button" class="button" aria-pressed={pin.listenOnly} onClick={() => setEdited({ ...pin, listenOnly: !pin.listenOnly })}>{sw('listen')}</button>
          <button type="submit" class="button" data-prepare disabled={place === '' && where.trim() === ''}>{sw('prepare')}</button>
          {known !== undefined && <button type="button" class="button" data-forget onClick={() => { setEdited(null); void desk.prepare({ ports: withPin(desk.form?.ports ?? [], EMPTY, place) }); }}>{sw('forget')}</button>}
        </form>
      )}
    </div>
  );
}
