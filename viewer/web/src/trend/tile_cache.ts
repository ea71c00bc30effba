import { base } from '../live/http.ts';
import { columnMs, decodeTile, MOST_LEVEL, tileMs, type Tile } from '../wire/tile.ts';

const MOST_TILES = 600;
/** The browser has six connections to a box; what waits in it needs no thread of the page to be sent. */
const AT_ONCE = 32;
/** While tiles come, the picture is made anew this often, and once when the last has come. */
const SHOW_MS = 150;
const LEAST_RENEW_MS = 2_000;
const RETRY_MS = 4_000;
const PATIENCE_MS = 10_000;

interface Entry {
  tile: Tile | null;
  /** performance.now() of the answer; 0 = none yet. */
  at: number;
  /** Box time up to which the answer is final. */
  complete: boolean;
  asked: boolean;
  failed: boolean;
}

/** The coarsest level with at least one column a pixel, so that every pixel has its own minimum and maximum. */
export function levelFor(msPerPx: number): number {
  let level = 0;
  while (level < MOST_LEVEL && columnMs(level + 1) <= msPerPx) level++;
  return level;
}

/** Tiles of the box: the most recently used stay, those that still grow are asked for again. */
export class TileCache {
  unreachable = false;
  private readonly entries = new Map<string, Entry>();
  private readonly queue: { readonly key: string; readonly path: string; readonly end: number }[] = [];
  private running = 0;
  private shownAt = 0;

  /** `changed` is called when an answer came; `now` reads the box's clock. */
  constructor(private readonly changed: () => void, private readonly now: () => number | null) {}

  /** Tiles of a signal over a time: those that are here, and null for one that is on its way. Those that still grow are asked for again if `renews`. */
  over(signal: number, level: number, from: number, to: number, renews = true): (Tile | null)[] {
    const width = tileMs(level);
    const tiles: (Tile | null)[] = [];
    for (let index = Math.floor(from / width); index * width < to; index++) tiles.push(this.one(signal, level, index, renews));
    return tiles;
  }

  private one(signal: number, level: number, index: number, renews: boolean): Tile | null {
    const key = `${signal}/${level}/${index}`;
    const end = (index + 1) * tileMs(level);
    let entry = this.entries.get(key);
    if (entry === undefined) entry = { tile: null, at: 0, complete: false, asked: false, failed: false };
    else this.entries.delete(key);
    this.entries.set(key, entry);
    const age = performance.now() - entry.at;
    const stale = !entry.complete && age > (entry.failed ? RETRY_MS : Math.max(LEAST_RENEW_MS, columnMs(level)));
    if (!entry.asked && (entry.at === 0 || (stale && renews))) {
      entry.asked = true;
      this.queue.push({ key, path: `${base}/api/v1/tiles/${key}`, end });
      this.pump();
    }
    return entry.tile;
  }

  private pump(): void {
    while (this.running < AT_ONCE) {
      const next = this.queue.shift();
      if (next === undefined) return;
      const entry = this.entries.get(next.key);
      if (entry === undefined) continue;
      this.running++;
      void this.fetch(entry, next.path, next.end).finally(() => {
        this.running--;
        this.pump();
        const now = performance.now();
        if (this.running > 0 && now - this.shownAt < SHOW_MS) return;
        this.shownAt = now;
        this.changed();
      });
    }
  }

  private async fetch(entry: Entry, path: string, end: number): Promise<void> {
    try {
      const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
      const tile = answer.ok ? decodeTile(await answer.arrayBuffer()) : null;
      entry.failed = tile === null || !tile.ok;
      if (tile?.ok === true) entry.tile = tile.value;
      const now = this.now();
      entry.complete = !entry.failed && (/immutable/.test(answer.headers.get('Cache-Control') ?? '') || (now !== null && end < now - 600_000));
      this.unreachable = false;
    } catch {
      entry.failed = true;
      this.unreachable = true;
    }
    entry.at = performance.now();
    entry.asked = false;
    this.forget();
  }

  private forget(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= MOST_TILES) return;
      if (!entry.asked) this.entries.delete(key);
    }
  }
}
