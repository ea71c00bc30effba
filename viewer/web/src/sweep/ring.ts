import { nsToMs } from '../base/time.ts';
import { isUsable } from '../wire/validity.ts';
import type { SampleBlock } from '../wire/block.ts';

const KEEP_MS = 100_000;
const MOST_PIECES = 8_192;
/** Blocks of one run whose times disagree by more than this are not joined smoothly but set where their time says. */
const TRUSTED_MS = 40;
const SLEW = 0.02;

/** Samples of one block, placed in time. */
export interface Piece {
  /** Capture time of the first sample, ms. */
  readonly time: number;
  readonly periodMs: number;
  readonly raw: Int32Array;
  readonly gain: number;
  readonly offset: number;
  readonly scaled: boolean;
  /** Follows the piece before without a hole, by the device's own counter. */
  readonly joined: boolean;
  readonly history: boolean;
  /** Bits of all its validity runs together. */
  readonly validity: number;
  /** 1 where a sample must not be drawn; null = all can be. */
  readonly holes: Uint8Array | null;
}

/** The last seconds of one wave; bounded in time and number. Pieces are named by a serial that is never used again. */
export class SampleRing {
  private pieces: Piece[] = [];
  private firstSerial = 0;
  private nextIndex: bigint | null = null;
  private clockEpoch = -1;
  private nextTime = 0;

  get from(): number {
    return this.firstSerial;
  }

  get to(): number {
    return this.firstSerial + this.pieces.length;
  }

  get lastTime(): number | null {
    return this.pieces.length === 0 ? null : this.nextTime;
  }

  get validity(): number {
    return this.pieces.at(-1)?.validity ?? 0;
  }

  at(serial: number): Piece | undefined {
    return this.pieces[serial - this.firstSerial];
  }

  /** False while the device has told no scale: what is drawn are raw counts. */
  get scaled(): boolean {
    return this.pieces.at(-1)?.scaled ?? true;
  }

  /** Becomes the other ring, which is not to be used any more. */
  takeOver(other: SampleRing): void {
    this.pieces = other.pieces;
    this.firstSerial = other.firstSerial;
    this.nextIndex = other.nextIndex;
    this.clockEpoch = other.clockEpoch;
    this.nextTime = other.nextTime;
  }

  clear(): void {
    this.firstSerial += this.pieces.length;
    this.pieces = [];
    this.nextIndex = null;
  }

  /** A copy that later samples do not change: the frozen picture. */
  copy(): SampleRing {
    const other = new SampleRing();
    other.pieces = [...this.pieces];
    other.firstSerial = this.firstSerial;
    other.nextTime = this.nextTime;
    return other;
  }

  push(block: SampleBlock, history: boolean): void {
    const periodMs = (block.numerator * 1000) / block.denominator;
    const start = nsToMs(block.start);
    const follows = block.clockEpoch === this.clockEpoch && block.firstIndex === this.nextIndex && this.pieces.length > 0;
    const slip = start - this.nextTime;
    const joined = follows && Math.abs(slip) <= TRUSTED_MS;
    // Something older than what is there (sent again, back-filled) belongs to the trends, not to the sweep.
    if (!joined && this.pieces.length > 0 && start + block.raw.length * periodMs <= this.nextTime) return;
    const time = joined ? this.nextTime + slip * SLEW : start;
    this.pieces.push({
      time,
      periodMs,
      raw: block.raw,
      gain: block.scale?.gain ?? 1,
      offset: block.scale?.offset ?? 0,
      scaled: block.scale !== null,
      joined,
      history,
      validity: block.validity.reduce((bits, run) => bits | run.validity, 0),
      holes: holesOf(block),
    });
    this.nextTime = time + block.raw.length * periodMs;
    this.nextIndex = block.firstIndex + BigInt(block.raw.length);
    this.clockEpoch = block.clockEpoch;
    this.forget();
  }

  private forget(): void {
    let drop = Math.max(0, this.pieces.length - MOST_PIECES);
    while (drop < this.pieces.length - 1) {
      const piece = this.pieces[drop];
      if (piece === undefined || piece.time + piece.raw.length * piece.periodMs > this.nextTime - KEEP_MS) break;
      drop++;
    }
    if (drop > 64 || this.pieces.length > MOST_PIECES) {
      this.pieces.splice(0, drop);
      this.firstSerial += drop;
    }
  }
}

function holesOf(block: SampleBlock): Uint8Array | null {
  const unusable = block.validity.filter((run) => !isUsable(run.validity));
  if (unusable.length === 0) return null;
  const holes = new Uint8Array(block.raw.length);
  for (const run of unusable) holes.fill(1, run.start, run.start + run.length);
  return holes;
}
