import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pagesSpeak, t } from '../i18n/i18n.ts';

const RETRY_MS = 3_000;
const PREFETCH_MS = 2_500;

/**
 * A screen that is fetched after the live one stands, so that waves come first. It is fetched ahead of need, a few seconds after the start, so that
 * it opens at once and also when the box is gone. With `part` it is a part of another screen, which stands alone until it came.
 */
export function lazy(load: () => Promise<ComponentType>, part = false): () => JSX.Element | null {
  let loaded: ComponentType | null = null;
  const fetchIt = async (): Promise<void> => {
    const [screen] = await Promise.all([loaded ?? load(), pagesSpeak()]);
    loaded = screen;
  };
  setTimeout(() => void fetchIt().catch(() => undefined), PREFETCH_MS);
  return function LazyScreen(): JSX.Element | null {
    const [, renew] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== null) return undefined;
      const attempt = (): void => {
        fetchIt().then(() => renew(1), () => setFailed(true));
      };
      attempt();
      const timer = setInterval(attempt, RETRY_MS);
      return () => clearInterval(timer);
    }, []);
    const Screen = loaded;
    if (Screen === null && part) return null;
    return Screen === null ? <main class="empty">{failed && <strong role="alert">{t('health.unreachable')}</strong>}</main> : <Screen />;
  };
}
