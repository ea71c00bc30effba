import { nsToMs, utcNs, type UtcMs } from '../base/time.ts';
import { bad, good, type Decoded } from './decoded.ts';

// Reads the tiles of viewer/PROTOCOL.md, section 3.

const MAGIC = 0x31544442;
const HEADER_BYTES = 40;
const COLUMN_BYTES = 16;
export const TILE_COLUMNS = 512;
export const MOST_LEVEL = 12;
const BASE_COLUMN_MS = 15.625;

/** Width of a column of a level, in milliseconds; exact in a double. */
export const columnMs = (level: number): number => BASE_COLUMN_MS * 4 ** level;

export const tileMs = (level: number): number => TILE_COLUMNS * columnMs(level);

export interface Tile {
  readonly level: number;
  readonly start: UtcMs;
  readonly columnMs: number;
  /** Physical units; meaningless where count is 0. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Uint32Array;
}

export function decodeTile(buffer: ArrayBuffer): Decoded<Tile> {
  if (buffer.byteLength < HEADER_BYTES) return bad('tile shorter than its header');
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) return bad('not a tile');
  if (view.getUint8(4) !== 1) return bad(`tile version ${view.getUint8(4)}`);
  const columns = view.getUint16(6, true);
  if (columns === 0 || buffer.byteLength !== HEADER_BYTES + columns * COLUMN_BYTES) return bad('tile of the wrong length');
  const gain = view.getFloat64(24, true);
  const offset = view.getFloat64(32, true);
  const tile = {
    level: view.getUint8(5),
    start: nsToMs(utcNs(view.getBigInt64(8, true))),
    columnMs: Number(view.getBigInt64(16, true)) / 1e6,
    min: new Float64Array(columns),
    max: new Float64Array(columns),
    mean: new Float64Array(columns),
    count: new Uint32Array(columns),
  };
  for (let i = 0, at = HEADER_BYTES; i < columns; i++, at += COLUMN_BYTES) {
    const one = view.getInt32(at, true) * gain + offset;
    const other = view.getInt32(at + 4, true) * gain + offset;
    tile.min[i] = Math.min(one, other);
    tile.max[i] = Math.max(one, other);
    tile.mean[i] = view.getFloat32(at + 8, true) * gain + offset;
    tile.count[i] = view.getUint32(at + 12, true);
  }
  return good(tile);
}
