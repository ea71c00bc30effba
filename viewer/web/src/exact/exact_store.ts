import { Cell } from '../base/cell.ts';
import { msToNs, toIso, utcMs } from '../base/time.ts';
import { base, getJson } from '../live/http.ts';
import { readGaps, type Gap } from '../wire/gaps_api.ts';
import { readPieces, type Piece } from './pieces.ts';

/** The box is asked for this much of a signal at a time, on a fixed grid. */
export const CHUNK_MS = 20_000;
const BLOCK_TYPE = 'application/vnd.bedside.block';
const MOST_CHUNKS = 160;
const AT_ONCE = 6;
const PATIENCE_MS = 10_000;
const RENEW_MS = 2_000;
const RETRY_MS = 4_000;
const GAPS_MS = 5_000;
/** What ended this long ago is not asked for again. */
const SETTLED_MS = 120_000;

interface Chunk {
  pieces: readonly Piece[];
  /** performance.now() of the answer; 0 = none yet. */
  at: number;
  settled: boolean;
  asked: boolean;
  failed: boolean;
}

/** Exact samples by signal and time, fetched as blocks and decoded here; the most recently used stay. */
export class ExactStore {
  /** Bumped when something arrived. */
  readonly arrived = new Cell(0);
  readonly gaps = new Cell<readonly Gap[]>([]);
  unreachable = false;
  /** Blocks that could not be read. */
  faults = 0;
  private readonly chunks = new Map<string, Chunk>();
  private readonly queue: { readonly key: string; readonly signal: number; readonly start: number }[] = [];
  private running = 0;
  private gapsFor = '';

  constructor(private readonly now: () => number) {}

  /** Everything that is here of a time, ascending; what is missing is asked for. */
  pieces(signal: number, from: number, to: number): readonly Piece[] {
    const found: Piece[] = [];
    for (let index = Math.floor(from / CHUNK_MS); index * CHUNK_MS < Math.min(to, this.now() + 1); index++) found.push(...this.chunk(signal, index).pieces);
    return found;
  }

  /** True when the box has answered for the instant. */
  isLoaded(signal: number, time: number): boolean {
    const chunk = this.chunks.get(`${signal}/${Math.floor(time / CHUNK_MS)}`);
    return chunk !== undefined && chunk.at > 0 && !(chunk.failed && chunk.pieces.length === 0);
  }

  isWhole(signal: number, from: number, to: number): boolean {
    for (let time = from; time < Math.min(to, this.now()); time += CHUNK_MS) if (!this.isLoaded(signal, time)) return false;
    return this.isLoaded(signal, Math.min(to, this.now()));
  }

  /** Why data are missing around an instant, of all signals; asked once for each time, and again while it is young. */
  askGaps(from: number, to: number): void {
    const young = to > this.now() - SETTLED_MS ? Math.floor(performance.now() / GAPS_MS) : 0;
    const key = `${Math.floor(from / CHUNK_MS)} ${Math.ceil(to / CHUNK_MS)} ${young}`;
    if (key === this.gapsFor) return;
    this.gapsFor = key;
    void getJson(`/api/v1/gaps?from=${toIso(utcMs(Math.floor(from)))}&to=${toIso(utcMs(Math.ceil(to)))}`).then((json) => this.gaps.set(readGaps(json) ?? []));
  }

  private chunk(signal: number, index: number): Chunk {
    const key = `${signal}/${index}`;
    let chunk = this.chunks.get(key);
    if (chunk === undefined) chunk = { pieces: [], at: 0, settled: false, asked: false, failed: false };
    else this.chunks.delete(key);
    this.chunks.set(key, chunk);
    const age = performance.now() - chunk.at;
    if (!chunk.asked && (chunk.at === 0 || (!chunk.settled && age > (chunk.failed ? RETRY_MS : RENEW_MS)))) {
      chunk.asked = true;
      this.queue.push({ key, signal, start: index * CHUNK_MS });
      this.pump();
    }
    return chunk;
  }

  private pump(): void {
    while (this.running < AT_ONCE) {
      const next = this.queue.shift();
      if (next === undefined) return;
      const chunk = this.chunks.get(next.key);
      if (chunk === undefined) continue;
      this.running++;
      void this.fetch(chunk, next.signal, next.start).finally(() => {
        this.running--;
        this.pump();
        this.arrived.set(this.arrived.value + 1);
      });
    }
  }

  private async fetch(chunk: Chunk, signal: number, start: number): Promise<void> {
    const [from, to] = [utcMs(start), utcMs(start + CHUNK_MS)];
    try {
      const answer = await fetch(`${base}/api/v1/signals/${signal}/samples?from=${toIso(from)}&to=${toIso(to)}`, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: BLOCK_TYPE } });
      chunk.failed = !answer.ok;
      if (answer.ok) {
        const read = readPieces(new Uint8Array(await answer.arrayBuffer()), signal, msToNs(from), msToNs(to));
        chunk.pieces = read.pieces;
        this.faults += read.faults;
      }
      chunk.settled = answer.ok && to < this.now() - SETTLED_MS;
      this.unreachable = false;
    } catch {
      chunk.failed = true;
      this.unreachable = true;
    }
    chunk.at = performance.now();
    chunk.asked = false;
    for (const [key, one] of this.chunks) {
      if (this.chunks.size <= MOST_CHUNKS) return;
      if (!one.asked) this.chunks.delete(key);
    }
  }
}
