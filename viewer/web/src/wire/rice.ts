import { bad, good, type Decoded } from './decoded.ts';

// FORMAT.md section 2.1: fixed predictor of order 0 to 3, residuals in partitions of 64, Rice-coded or verbatim in w bits.

const PARTITION = 64;
const ESCAPE = 31;
const MOST_QUOTIENT = 40;

/** Bits from the least significant of each byte up; `failed` once more was asked than there is. */
class BitReader {
  failed = false;
  private at = 0;
  private hold = 0;
  private held = 0;

  constructor(private readonly bytes: Uint8Array) {}

  bit(): number {
    if (this.held === 0) {
      if (this.at >= this.bytes.length) {
        this.failed = true;
        return 0;
      }
      this.hold = this.bytes[this.at++] ?? 0;
      this.held = 8;
    }
    const bit = this.hold & 1;
    this.hold >>= 1;
    this.held--;
    return bit;
  }

  /** 0 … 32 bits, unsigned. */
  bits(count: number): number {
    let value = 0;
    let got = 0;
    while (got < count) {
      if (this.held === 0) {
        if (this.at >= this.bytes.length) {
          this.failed = true;
          return 0;
        }
        this.hold = this.bytes[this.at++] ?? 0;
        this.held = 8;
      }
      const take = Math.min(this.held, count - got);
      value |= (this.hold & ((1 << take) - 1)) << got;
      this.hold >>= take;
      this.held -= take;
      got += take;
    }
    return value >>> 0;
  }

  /** Count of 1 bits before the next 0; more than `most` fails. */
  unary(most: number): number {
    let count = 0;
    while (this.bit() === 1) {
      if (++count > most) this.failed = true;
      if (this.failed) return 0;
    }
    return count;
  }

  /** True when nothing but the padding of the last byte is left, and that is zero. */
  atEnd(): boolean {
    return this.at === this.bytes.length && this.hold === 0;
  }
}

export function decodeRice(bytes: Uint8Array, count: number, order: number): Decoded<Int32Array> {
  if (order > 3) return bad(`predictor order ${order}`);
  const warm = Math.min(order, count);
  if (bytes.length < warm * 4) return bad('warm-up samples pass the end');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const x = new Int32Array(count);
  for (let i = 0; i < warm; i++) x[i] = view.getInt32(i * 4, true);
  const reader = new BitReader(bytes.subarray(warm * 4));
  for (let from = warm; from < count; from += PARTITION) {
    const to = Math.min(from + PARTITION, count);
    const k = reader.bits(5);
    const fault = k === ESCAPE ? readEscaped(reader, x, from, to) : readRice(reader, x, from, to, k);
    if (fault !== null) return bad(fault);
    if (reader.failed) return bad('samples pass the end');
  }
  if (!reader.atEnd()) return bad('bytes after the last sample');
  predict(x, warm, order);
  return good(x);
}

function readEscaped(reader: BitReader, x: Int32Array, from: number, to: number): string | null {
  const width = reader.bits(6);
  if (width > 32) return `residuals of ${width} bits`;
  const shift = 32 - width;
  for (let i = from; i < to; i++) {
    x[i] = width === 0 ? 0 : (reader.bits(width) << shift) >> shift;
  }
  return null;
}

function readRice(reader: BitReader, x: Int32Array, from: number, to: number, k: number): string | null {
  const unit = 2 ** k;
  for (let i = from; i < to; i++) {
    const zigzag = reader.unary(MOST_QUOTIENT) * unit + reader.bits(k);
    if (zigzag > 0xffffffff) return 'residual passes 32 bits';
    x[i] = (zigzag >>> 1) ^ -(zigzag & 1);
  }
  return null;
}

/** Turns residuals into samples in place; typed-array stores give the 32-bit wrap-around the format asks for. */
function predict(x: Int32Array, warm: number, order: number): void {
  let a = x[warm - 1] ?? 0;
  let b = x[warm - 2] ?? 0;
  let c = x[warm - 3] ?? 0;
  for (let i = warm; i < x.length; i++) {
    const e = x[i] ?? 0;
    const p = order === 0 ? 0 : order === 1 ? a : order === 2 ? 2 * a - b : 3 * a - 3 * b + c;
    const value = (e + p) | 0;
    x[i] = value;
    c = b;
    b = a;
    a = value;
  }
}
