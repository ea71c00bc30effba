import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeBlock, type Block } from '../src/wire/block.ts';

// The bytes that C# and TypeScript must both decode: tests/vectors of the repository, each .bin with its .json.
const folder = process.env['BEDSIDE_VECTORS'] ?? fileURLToPath(new URL('../../../tests/vectors', import.meta.url));
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bin')).map((name) => name.slice(0, -4)) : [];

interface Described {
  readonly kind: string;
  readonly period?: { readonly numerator: number; readonly denominator: number };
  readonly [field: string]: unknown;
}

const big = (value: bigint | null): string | null => (value === null ? null : value.toString());

/** The block in the shape of the vectors' own description. */
function describeBlock(block: Block, expected: Described): object {
  const head = {
    kind: block.kind, signal: block.signal, start: block.start.toString(), end: block.end.toString(),
    uncertaintyMicroseconds: block.uncertaintyUs ?? 0xffffffff, clockEpoch: block.clockEpoch,
  };
  if (block.kind === 'samples') {
    return {
      ...head, deviceTime: big(block.deviceNs), firstIndex: block.firstIndex.toString(), period: { numerator: block.numerator, denominator: block.denominator },
      scale: block.scale, codec: block.codec, parameter: expected['parameter'], validity: block.validity, samples: [...block.raw],
    };
  }
  if (block.kind === 'readings') {
    return {
      ...head,
      readings: block.readings.map((reading) => ({
        time: reading.time.toString(), deviceTime: big(reading.deviceNs), validity: reading.validity,
        value: reading.value === null ? null : { mantissa: reading.value.mantissa.toString(), exponent: reading.value.exponent },
      })),
    };
  }
  return { ...head, payload: block.json };
}

describe.skipIf(names.length === 0)('a golden vector', () => {
  it.each(names)('%s decodes to what its description says', (name) => {
    const expected = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Described;
    const block = decodeBlock(new Uint8Array(readFileSync(`${folder}/${name}.bin`)));
    expect(block.ok ? describeBlock(block.value, expected) : block.fault).toEqual(expected);
  });
});
