import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pagesSpeak, t } from '../i18n/i18n.ts';
import { route, type Screen } from './route.ts';

const RETRY_MS = 3_000;
const PREFETCH_MS = 2_500;

/** When a part is fetched: with the page, or afterwards, because nobody sees it before it is touched. */
type Part = 'now' | 'afterwards';

interface Fetched {
  /** The screen that this is. */
  readonly screen?: Screen;
  /** A part of another screen, which stands alone until it came. */
  readonly part?: Part;
}

/**
 * A screen that is fetched after the live one stands, so that waves come first. It is fetched ahead of need, a few seconds after the start, so that
 * it opens at once and also when the box is gone; the one that the address asks for is fetched while the page begins.
 */
export function lazy(load: () => Promise<ComponentType>, { screen, part }: Fetched): () => JSX.Element | null {
  let loaded: ComponentType | null = null;
  const fetchIt = async (): Promise<void> => {
    const [came] = await Promise.all([loaded ?? load(), pagesSpeak()]);
    loaded = came;
  };
  const startedAt = performance.now();
  setTimeout(() => void fetchIt().catch(() => undefined), PREFETCH_MS);
  // The address and the language are known once the page's own script has run.
  queueMicrotask(() => {
    if (route.value.screen === screen) void fetchIt().catch(() => undefined);
  });
  return function LazyScreen(): JSX.Element | null {
    const [, renew] = useState(0);
    const [failed, setFailed] = useState(false);
    const Shown = loaded;
    useEffect(() => {
      if (Shown !== null) return undefined;
      // It may have come between being drawn without it and now: nobody else would say so.
      if (loaded !== null) {
        renew(1);
        return undefined;
      }
      const attempt = (): void => {
        fetchIt().then(() => {
          clearInterval(timer);
          renew(1);
        }, () => setFailed(true));
      };
      const first = setTimeout(attempt, part === 'afterwards' ? Math.max(0, PREFETCH_MS - (performance.now() - startedAt)) : 0);
      const timer = setInterval(attempt, RETRY_MS);
      return () => {
        clearTimeout(first);
        clearInterval(timer);
      };
    }, []);
    if (Shown === null && part !== undefined) return null;
    return Shown === null ? <main class="empty">{failed && <strong role="alert">{t('health.unreachable')}</strong>}</main> : <Shown />;
  };
}
