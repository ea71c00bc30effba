import { utcNs, type UtcNs } from '../base/time.ts';
import { bad, decodeJson, good, isObject, type Decoded, type JsonObject } from './decoded.ts';
import { decodeBlock, MOST_BLOCK_BYTES, type Block } from './block.ts';

// Reads the binary frames of viewer/PROTOCOL.md, section 2.

const MAGIC = 0x31534442;
const HEADER_BYTES = 28;
const FLAG_HISTORY = 1;
const MOST_FRAME_BYTES = 1 << 26;

export interface FrameHeader {
  /** True: never to be drawn as live. */
  readonly history: boolean;
  /** Run of the box's program. */
  readonly epoch: number;
  readonly seq: number;
  readonly serverTime: UtcNs;
  readonly uncertaintyUs: number;
}

export interface DataFrame extends FrameHeader {
  readonly type: 'data';
  readonly blocks: readonly Block[];
  /** What was wrong with blocks that were left out. */
  readonly faults: readonly string[];
}

export interface JsonFrame extends FrameHeader {
  readonly type: 'status' | 'gap' | 'snapshot';
  readonly json: JsonObject;
}

export type Frame = DataFrame | JsonFrame;

export function decodeFrame(buffer: ArrayBuffer): Decoded<Frame> {
  if (buffer.byteLength < HEADER_BYTES || buffer.byteLength > MOST_FRAME_BYTES) return bad(`frame of ${buffer.byteLength} bytes`);
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) return bad('not a frame');
  if (view.getUint8(4) !== 1) return bad(`frame version ${view.getUint8(4)}`);
  const header: FrameHeader = {
    history: (view.getUint16(6, true) & FLAG_HISTORY) !== 0,
    epoch: view.getUint32(8, true),
    seq: view.getUint32(12, true),
    serverTime: utcNs(view.getBigInt64(16, true)),
    uncertaintyUs: view.getUint32(24, true),
  };
  const body = new Uint8Array(buffer, HEADER_BYTES);
  switch (view.getUint8(5)) {
    case 1: return decodeData(header, body);
    case 2: return decodeObject(header, 'status', body);
    case 3: return decodeObject(header, 'gap', body);
    case 4: return decodeObject(header, 'snapshot', body);
    default: return bad(`frame type ${view.getUint8(5)}`);
  }
}

function decodeObject(header: FrameHeader, type: JsonFrame['type'], body: Uint8Array): Decoded<JsonFrame> {
  const json = decodeJson(body);
  if (!json.ok) return json;
  return isObject(json.value) ? good({ ...header, type, json: json.value }) : bad('frame body is no object');
}

function decodeData(header: FrameHeader, body: Uint8Array): Decoded<DataFrame> {
  const blocks: Block[] = [];
  const faults: string[] = [];
  for (const bytes of splitBlocks(body)) {
    if (bytes === null) {
      faults.push('block passes the end of the frame');
      break;
    }
    const block = decodeBlock(bytes);
    if (block.ok) blocks.push(block.value);
    else faults.push(block.fault);
  }
  return good({ ...header, type: 'data', blocks, faults });
}

/** Repeated u32 length, block; null in place of one that passes the end. */
export function* splitBlocks(body: Uint8Array): Generator<Uint8Array | null> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  while (at < body.length) {
    const length = at + 4 <= body.length ? view.getUint32(at, true) : MOST_BLOCK_BYTES + 1;
    if (length > MOST_BLOCK_BYTES || at + 4 + length > body.length) {
      yield null;
      return;
    }
    yield body.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}
