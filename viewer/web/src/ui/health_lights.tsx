import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatBytes, formatCount, formatNumber, language } from '../i18n/i18n.ts';
import { hw, hwOr } from '../i18n/health_words.ts';
import { readPorts, type Port } from '../wire/setup_api.ts';
import type { Light } from '../wire/settings_api.ts';
import { useJson } from './use_json.ts';

const PORTS_MS = 2_000;
const FRAMES_MS = 2_000;

/** Each part of the box: told by shape and words, because colours belong to the monitor's alarms. */
export function Lights({ lights }: { readonly lights: readonly Light[] }): JSX.Element {
  return (
    <section class="card card-wide">
      <div class="page-head">
        <h2>{hw('lights')}</h2>
        <small>{hw('downloadHint')}</small>
        <a class="button" href="/api/v1/diagnostic" download data-diagnostic>{hw('download')}</a>
      </div>
      <ul class="lights">
        {lights.map((one) => (
          <li key={one.part} data-light={one.part} data-light-state={one.state}>
            <i class="light-mark" aria-hidden="true" />
            <b>{hwOr(`part.${one.part}`, hwOr(one.part, one.part))}</b>
            <span>{one.sentence[language.value]}</span>
            <em>{hwOr(`state.${one.state}`, one.state)}</em>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Seen {
  readonly at: number;
  readonly ports: readonly Port[];
}

/** What a port gives a second, from two looks at what it gave in all; null = only one look, or it was begun anew in between. */
export function perSecond(port: Port, before: Seen | null, at: number): { readonly reads: number; readonly bytes: number } | null {
  const former = before?.ports.find((one) => one.port === port.port);
  if (before === null || former === undefined || at <= before.at || port.read < former.read || port.bytesIn < former.bytesIn) return null;
  const seconds = (at - before.at) / 1000;
  return { reads: (port.read - former.read) / seconds, bytes: (port.bytesIn - former.bytesIn) / seconds };
}

export function PortRates(): JSX.Element | null {
  const ports = useJson('/api/v1/ports', readPorts, PORTS_MS);
  const last = useRef<{ readonly now: Seen | null; readonly before: Seen | null }>({ now: null, before: null });
  if (ports != null && last.current.now?.ports !== ports) last.current = { now: { at: performance.now(), ports }, before: last.current.now };
  const { now, before } = last.current;
  if (now === null || now.ports.length === 0) return null;
  return (
    <section class="card card-wide">
      <h2>{hw('ports')}</h2>
      <table>
        <thead><tr><th scope="col">{hw('port')}</th><th scope="col" class="count">{hw('reads')}</th><th scope="col" class="count">{hw('bytes')}</th><th scope="col" class="count">{hw('errors')}</th></tr></thead>
        <tbody>
          {now.ports.map((port) => {
            const rate = perSecond(port, before, now.at);
            return (
              <tr key={port.port} data-port-rate={port.port}>
                <th scope="row">{port.name}<small>{[port.manufacturer, port.model].filter(Boolean).join(' ')}</small></th>
                <td class="count" data-reads={rate?.reads ?? ''}>{rate === null ? '—' : formatNumber(rate.reads, 1)}</td>
                <td class="count">{rate === null ? '—' : formatBytes(rate.bytes)}</td>
                <td class="count">{formatCount(port.faults + (port.lineErrors ?? 0))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Frames of this page a second, and how long a question to the box takes until its answer is drawn; both measured here and now. */
export function usePagePace(): readonly (readonly [string, string])[] {
  const [pace, setPace] = useState<{ readonly frames: number | null; readonly latency: number | null }>({ frames: null, latency: null });
  useEffect(() => {
    let going = true;
    let frames = 0;
    let since = performance.now();
    const drawn = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    const ask = async (): Promise<void> => {
      const began = performance.now();
      try {
        await (await fetch('/api/v1/session', { cache: 'no-store', signal: AbortSignal.timeout(8_000) })).json();
        await drawn();
        const latency = performance.now() - began;
        if (going) setPace((old) => ({ ...old, latency }));
      } catch {
        if (going) setPace((old) => ({ ...old, latency: null }));
      }
    };
    const count = (now: number): void => {
      if (!going) return;
      frames++;
      if (now - since >= FRAMES_MS) {
        const shown = (frames * 1000) / (now - since);
        [frames, since] = [0, now];
        setPace((old) => ({ ...old, frames: shown }));
        void ask();
      }
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    return () => { going = false; };
  }, []);
  return [
    [hw('page'), pace.frames === null ? hw('measuring') : hw('perSecond', { n: formatNumber(pace.frames, 0) })],
    [hw('latency'), pace.latency === null ? hw('measuring') : hw('ms', { n: formatNumber(pace.latency, 0) })],
  ];
}
