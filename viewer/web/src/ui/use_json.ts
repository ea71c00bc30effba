import { useEffect, useState } from 'preact/hooks';
import { getJson } from '../live/http.ts';

/** What a path of the box gives, asked again every so often: undefined = not yet, null = no good answer. One question at a time; 0 = ask once, and again only when it failed. */
export function useJson<T>(path: string, read: (value: unknown) => T | null, everyMs: number): T | null | undefined {
  const [answer, setAnswer] = useState<T | null | undefined>(undefined);
  useEffect(() => {
    let going = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const next = read(await getJson(path));
      if (!going) return;
      setAnswer(() => next);
      if (everyMs > 0 || next === null) timer = setTimeout(() => void ask(), everyMs > 0 ? everyMs : AGAIN_MS);
    };
    setAnswer(undefined);
    void ask();
    return () => {
      going = false;
      clearTimeout(timer);
    };
  }, [path, everyMs]);
  return answer;
}

const AGAIN_MS = 2_000;
