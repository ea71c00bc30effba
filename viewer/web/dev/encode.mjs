// Writes blocks, frames and tiles as FORMAT.md and PROTOCOL.md say, for the mock server and the tests. Not part of the product.

const NO_TIME = -(2n ** 63n);

class BitWriter {
  bytes = [];
  hold = 0;
  held = 0;

  bit(value) {
    this.hold |= value << this.held;
    if (++this.held === 8) {
      this.bytes.push(this.hold);
      this.hold = 0;
      this.held = 0;
    }
  }

  bits(value, count) {
    for (let i = 0; i < count; i++) this.bit(Math.floor(value / 2 ** i) % 2);
  }

  finish() {
    while (this.held !== 0) this.bit(0);
    return this.bytes;
  }
}

/** @param {ArrayLike<number>} x @param {number} order @returns {Uint8Array} */
export function encodeRice(x, order) {
  const warm = Math.min(order, x.length);
  const head = new DataView(new ArrayBuffer(warm * 4));
  for (let i = 0; i < warm; i++) head.setInt32(i * 4, x[i], true);
  const residuals = [];
  for (let i = warm; i < x.length; i++) {
    const [a, b, c] = [x[i - 1], x[i - 2], x[i - 3]];
    const p = order === 0 ? 0 : order === 1 ? a : order === 2 ? 2 * a - b : 3 * a - 3 * b + c;
    residuals.push((x[i] - p) | 0);
  }
  const writer = new BitWriter();
  for (let from = 0; from < residuals.length; from += 64) writePartition(writer, residuals.slice(from, from + 64));
  return Uint8Array.from([...new Uint8Array(head.buffer), ...writer.finish()]);
}

function writePartition(writer, residuals) {
  const mapped = residuals.map((e) => ((e << 1) ^ (e >> 31)) >>> 0);
  let k = 0;
  const mean = mapped.reduce((sum, u) => sum + u, 0) / mapped.length;
  while (k < 30 && 2 ** k < mean) k++;
  if (mapped.some((u) => Math.floor(u / 2 ** k) > 40)) {
    const width = Math.max(...residuals.map((e) => (e === 0 ? 0 : 33 - Math.clz32(e < 0 ? ~e : e))));
    writer.bits(31, 5);
    writer.bits(width, 6);
    for (const e of residuals) writer.bits(e >>> 0, width);
    return;
  }
  writer.bits(k, 5);
  for (const u of mapped) {
    for (let q = Math.floor(u / 2 ** k); q > 0; q--) writer.bit(1);
    writer.bit(0);
    writer.bits(u, k);
  }
}

function header(kind, signal, start, end, epoch, payload) {
  const bytes = new Uint8Array(32 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, 1);
  view.setUint32(4, signal, true);
  view.setBigInt64(8, start, true);
  view.setBigInt64(16, end, true);
  view.setUint32(24, 500, true);
  view.setUint32(28, epoch, true);
  bytes.set(payload, 32);
  return bytes;
}

/**
 * @param {{signal:number,start:bigint,raw:Int32Array,numerator:number,denominator:number,firstIndex?:bigint,epoch?:number,
 *   gain?:number,offset?:number,codec?:number,parameter?:number,validity?:{start:number,length:number,validity:number}[]}} b
 */
export function encodeSamples(b) {
  const runs = b.validity ?? [];
  const codec = b.codec ?? 2;
  const parameter = b.parameter ?? (codec === 1 ? 4 : 2);
  let coded;
  if (codec === 2) coded = encodeRice(b.raw, parameter);
  else if (codec === 1) {
    const view = new DataView(new ArrayBuffer(b.raw.length * parameter));
    b.raw.forEach((v, i) => (parameter === 1 ? view.setInt8(i, v) : parameter === 2 ? view.setInt16(i * 2, v, true) : view.setInt32(i * 4, v, true)));
    coded = new Uint8Array(view.buffer);
  } else {
    const view = new DataView(new ArrayBuffer(4));
    view.setInt32(0, b.raw[0], true);
    coded = new Uint8Array(view.buffer);
  }
  const payload = new Uint8Array(48 + runs.length * 10 + coded.length);
  const view = new DataView(payload.buffer);
  view.setBigInt64(0, NO_TIME, true);
  view.setBigInt64(8, b.firstIndex ?? 0n, true);
  view.setUint32(16, b.numerator, true);
  view.setUint32(20, b.denominator, true);
  view.setFloat64(24, b.gain ?? NaN, true);
  view.setFloat64(32, b.offset ?? NaN, true);
  view.setUint32(40, b.raw.length, true);
  view.setUint8(44, codec);
  view.setUint8(45, codec === 0 ? 0 : parameter);
  view.setUint16(46, runs.length, true);
  runs.forEach((run, i) => {
    view.setUint32(48 + i * 10, run.start, true);
    view.setUint32(52 + i * 10, run.length, true);
    view.setUint16(56 + i * 10, run.validity, true);
  });
  payload.set(coded, 48 + runs.length * 10);
  const end = b.start + (BigInt(b.raw.length) * BigInt(b.numerator) * 1_000_000_000n) / BigInt(b.denominator);
  return header(1, b.signal, b.start, end, b.epoch ?? 1, payload);
}

/** @param {number} signal @param {{time:bigint,mantissa?:bigint,exponent?:number,validity?:number}[]} readings */
export function encodeReadings(signal, readings) {
  const payload = new Uint8Array(4 + readings.length * 28);
  const view = new DataView(payload.buffer);
  view.setUint16(2, readings.length, true);
  readings.forEach((r, i) => {
    const at = 4 + i * 28;
    view.setBigInt64(at, r.time, true);
    view.setBigInt64(at + 8, NO_TIME, true);
    view.setBigInt64(at + 16, r.mantissa ?? 0n, true);
    view.setInt8(at + 24, r.exponent ?? 0);
    view.setUint8(at + 25, r.mantissa === undefined ? 0 : 1);
    view.setUint16(at + 26, r.validity ?? 0, true);
  });
  return header(2, signal, readings[0].time, readings.at(-1).time, 1, payload);
}

/** @param {number} kind @param {number} signal @param {bigint} start @param {unknown} json @param {bigint} [end] */
export function encodeJsonBlock(kind, signal, start, json, end = start) {
  return header(kind, signal, start, end, 1, new TextEncoder().encode(JSON.stringify(json)));
}

/** @param {{type:number,epoch:number,seq:number,serverTime:bigint,history?:boolean}} f @param {Uint8Array} body @returns {Uint8Array} */
export function encodeFrame(f, body) {
  const bytes = new Uint8Array(28 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x31534442, true);
  view.setUint8(4, 1);
  view.setUint8(5, f.type);
  view.setUint16(6, f.history ? 1 : 0, true);
  view.setUint32(8, f.epoch, true);
  view.setUint32(12, f.seq, true);
  view.setBigInt64(16, f.serverTime, true);
  view.setUint32(24, 500, true);
  bytes.set(body, 28);
  return bytes;
}

/** @param {Uint8Array[]} blocks @returns {Uint8Array} */
export function joinBlocks(blocks) {
  const body = new Uint8Array(blocks.reduce((sum, b) => sum + 4 + b.length, 0));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const block of blocks) {
    view.setUint32(at, block.length, true);
    body.set(block, at + 4);
    at += 4 + block.length;
  }
  return body;
}

/** @param {{level:number,index:number,gain:number,offset:number,columns:({min:number,max:number,mean:number,count:number}|null)[]}} t @returns {Uint8Array} */
export function encodeTile(t) {
  const width = 15_625_000n * 4n ** BigInt(t.level);
  const bytes = new Uint8Array(40 + t.columns.length * 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x31544442, true);
  view.setUint8(4, 1);
  view.setUint8(5, t.level);
  view.setUint16(6, t.columns.length, true);
  view.setBigInt64(8, BigInt(t.index) * 512n * width, true);
  view.setBigInt64(16, width, true);
  view.setFloat64(24, t.gain, true);
  view.setFloat64(32, t.offset, true);
  t.columns.forEach((c, i) => {
    if (c === null) return;
    const at = 40 + i * 16;
    view.setInt32(at, c.min, true);
    view.setInt32(at + 4, c.max, true);
    view.setFloat32(at + 8, c.mean, true);
    view.setUint32(at + 12, c.count, true);
  });
  return bytes;
}
