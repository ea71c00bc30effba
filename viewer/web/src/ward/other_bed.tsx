import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../base/cell.ts';
import { language } from '../i18n/i18n.ts';
import { base } from '../live/http.ts';
import { Icon } from '../ui/icon.tsx';
import { nameOf } from './tile.tsx';
import { readWard } from './ward_api.ts';
import { wardWords as w } from '../i18n/ward_words.ts';

/** A screen at a bed goes back to its own bed when nobody touched it for so long. */
const IDLE_MS = 60_000;
const LOOK_MS = 1_000;

/** Over another bed's screen, always: which bed it is, that it is another one, and the way back. */
export function OtherBed(): JSX.Element {
  useCell(language);
  const bed = decodeURIComponent(base.slice('/ward/'.length));
  const [own, setOwn] = useState<string | null>(null);

  useEffect(() => {
    void fetch('/api/v1/ward').then(async (answer) => setOwn(readWard(await answer.json())?.beds.find((one) => one.own)?.bed ?? null), () => undefined);
  }, []);

  useEffect(() => {
    if (own === null) return undefined;
    let touchedAt = performance.now();
    const touched = (): void => { touchedAt = performance.now(); };
    const timer = setInterval(() => {
      if (performance.now() - touchedAt > IDLE_MS) location.assign('/');
    }, LOOK_MS);
    for (const name of ['pointerdown', 'keydown']) addEventListener(name, touched);
    return () => {
      clearInterval(timer);
      for (const name of ['pointerdown', 'keydown']) removeEventListener(name, touched);
    };
  }, [own]);

  return (
    <section class="other-bed" aria-label={w('otherBed', { bed })} data-other-bed={bed}>
      <a class="button" href="/#/ward" data-ward-back><Icon name="left" /><span>{w('back')}</span></a>
      <strong>{nameOf(bed).toUpperCase()}</strong>
      <span>{w('through')}</span>
      {own !== null && <a class="button other-home" href="/" data-ward-home>{w('home')} ({nameOf(own)})</a>}
    </section>
  );
}
