import { utcNs, type UtcNs } from '../base/time.ts';
import { bad, decodeJson, good, type Decoded } from './decoded.ts';
import { decodeRice } from './rice.ts';

// Reads the blocks of storage/Bedside.Storage/FORMAT.md, sections 1 to 4. Every length is checked before it is used.

export const HEADER_BYTES = 32;
export const MOST_BLOCK_BYTES = 1 << 20;
const MOST_SAMPLES = 1 << 20;
const NO_TIME = -(2n ** 63n);
const UNKNOWN_UNCERTAINTY = 0xffffffff;

export const EVENT_KINDS = ['alert', 'signal', 'device', 'clock', 'gap', 'annotation', 'text'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface BlockHeader {
  /** Number of the signal; 0 = the whole bed or a device. */
  readonly signal: number;
  readonly start: UtcNs;
  readonly end: UtcNs;
  /** Half-width of the interval that holds the true time; null = unknown. */
  readonly uncertaintyUs: number | null;
  readonly clockEpoch: number;
}

export interface ValidityRun {
  readonly start: number;
  readonly length: number;
  readonly validity: number;
}

export interface SampleBlock extends BlockHeader {
  readonly kind: 'samples';
  /** The device's own time of the first sample in nanoseconds; null = it has none. */
  readonly deviceNs: bigint | null;
  readonly firstIndex: bigint;
  /** Exact period in seconds: numerator / denominator. */
  readonly numerator: number;
  readonly denominator: number;
  /** Physical = raw × gain + offset; null = the device has not told it. */
  readonly scale: { readonly gain: number; readonly offset: number } | null;
  readonly raw: Int32Array;
  readonly validity: readonly ValidityRun[];
  readonly codec: number;
}

export interface Reading {
  readonly time: UtcNs;
  readonly deviceNs: bigint | null;
  /** Null where the device had no value. */
  readonly value: { readonly mantissa: bigint; readonly exponent: number } | null;
  readonly validity: number;
}

export interface ReadingBlock extends BlockHeader {
  readonly kind: 'readings';
  readonly readings: readonly Reading[];
}

export interface EventBlock extends BlockHeader {
  readonly kind: EventKind;
  readonly json: unknown;
}

export type Block = SampleBlock | ReadingBlock | EventBlock;

export function decodeBlock(bytes: Uint8Array): Decoded<Block> {
  if (bytes.length < HEADER_BYTES) return bad('block shorter than its header');
  if (bytes.length > MOST_BLOCK_BYTES) return bad('block longer than 1 MiB');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (view.getUint8(1) !== 1) return bad(`block version ${view.getUint8(1)}`);
  if (view.getUint16(2, true) !== 0) return bad('unknown block flags');
  const uncertainty = view.getUint32(24, true);
  const header: BlockHeader = {
    signal: view.getUint32(4, true),
    start: utcNs(view.getBigInt64(8, true)),
    end: utcNs(view.getBigInt64(16, true)),
    uncertaintyUs: uncertainty === UNKNOWN_UNCERTAINTY ? null : uncertainty,
    clockEpoch: view.getUint32(28, true),
  };
  const payload = bytes.subarray(HEADER_BYTES);
  if (kind === 1) return decodeSamples(header, payload);
  if (kind === 2) return decodeReadings(header, payload);
  const event = EVENT_KINDS[kind - 3];
  if (event === undefined) return bad(`block kind ${kind}`);
  const json = decodeJson(payload);
  return json.ok ? good({ ...header, kind: event, json: json.value }) : json;
}

const SAMPLES_HEAD = 48;
const RUN_BYTES = 10;

function decodeSamples(header: BlockHeader, bytes: Uint8Array): Decoded<SampleBlock> {
  if (bytes.length < SAMPLES_HEAD) return bad('samples shorter than their header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numerator = view.getUint32(16, true);
  const denominator = view.getUint32(20, true);
  if (numerator === 0 || denominator === 0) return bad('period of zero');
  const count = view.getUint32(40, true);
  if (count === 0 || count > MOST_SAMPLES) return bad(`${count} samples`);
  const runs = view.getUint16(46, true);
  const coded = SAMPLES_HEAD + runs * RUN_BYTES;
  if (coded > bytes.length) return bad('validity runs pass the end');
  const validity = decodeRuns(view, runs, count);
  if (validity === null) return bad('validity runs out of order');
  const codec = view.getUint8(44);
  const raw = decodeRaw(codec, view.getUint8(45), bytes.subarray(coded), count);
  if (!raw.ok) return raw;
  const device = view.getBigInt64(0, true);
  const gain = view.getFloat64(24, true);
  const offset = view.getFloat64(32, true);
  return good({
    ...header,
    kind: 'samples',
    deviceNs: device === NO_TIME ? null : device,
    firstIndex: view.getBigInt64(8, true),
    numerator,
    denominator,
    scale: Number.isNaN(gain) || Number.isNaN(offset) ? null : { gain, offset },
    raw: raw.value,
    validity,
    codec,
  });
}

function decodeRuns(view: DataView, runs: number, count: number): ValidityRun[] | null {
  const validity: ValidityRun[] = [];
  let free = 0;
  for (let i = 0; i < runs; i++) {
    const at = SAMPLES_HEAD + i * RUN_BYTES;
    const run = { start: view.getUint32(at, true), length: view.getUint32(at + 4, true), validity: view.getUint16(at + 8, true) };
    if (run.start < free || run.length === 0 || run.start + run.length > count) return null;
    free = run.start + run.length;
    validity.push(run);
  }
  return validity;
}

function decodeRaw(codec: number, parameter: number, bytes: Uint8Array, count: number): Decoded<Int32Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (codec === 0) {
    return bytes.length === 4 ? good(new Int32Array(count).fill(view.getInt32(0, true))) : bad('constant of the wrong length');
  }
  if (codec === 1) return decodeVerbatim(parameter, view, count);
  if (codec === 2) return decodeRice(bytes, count, parameter);
  return bad(`codec ${codec}`);
}

function decodeVerbatim(width: number, view: DataView, count: number): Decoded<Int32Array> {
  if (width !== 1 && width !== 2 && width !== 4) return bad(`${width} bytes a sample`);
  if (view.byteLength !== width * count) return bad('verbatim samples of the wrong length');
  const raw = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    raw[i] = width === 1 ? view.getInt8(i) : width === 2 ? view.getInt16(i * 2, true) : view.getInt32(i * 4, true);
  }
  return good(raw);
}

const READING_BYTES = 28;

function decodeReadings(header: BlockHeader, bytes: Uint8Array): Decoded<ReadingBlock> {
  if (bytes.length < 4) return bad('readings shorter than their header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== 0) return bad(`readings codec ${view.getUint8(0)}`);
  const count = view.getUint16(2, true);
  if (count === 0 || bytes.length !== 4 + count * READING_BYTES) return bad('readings of the wrong length');
  const readings: Reading[] = [];
  for (let i = 0, at = 4; i < count; i++, at += READING_BYTES) {
    const device = view.getBigInt64(at + 8, true);
    const present = (view.getUint8(at + 25) & 1) !== 0;
    readings.push({
      time: utcNs(view.getBigInt64(at, true)),
      deviceNs: device === NO_TIME ? null : device,
      value: present ? { mantissa: view.getBigInt64(at + 16, true), exponent: view.getInt8(at + 24) } : null,
      validity: view.getUint16(at + 26, true),
    });
  }
  return good({ ...header, kind: 'readings', readings });
}
