import { describe, expect, it } from 'vitest';
import { encodeTile } from '../dev/encode.mjs';
import { TimeScale } from '../src/base/time_scale.ts';
import { buildColumns, extremeIn, Fill, type PixelColumns } from '../src/trend/columns.ts';
import { paintLane } from '../src/trend/paint.ts';
import { TrendView } from '../src/trend/view.ts';
import { levelFor } from '../src/trend/tile_cache.ts';
import { columnMs, decodeTile, tileMs, type Tile } from '../src/wire/tile.ts';

const WIDTH = 1000;
const HOUR = 3_600_000;
const NOW = 1_790_000_000_000;

/** Tiles of a level made from samples of one a second, as the box would make them. */
function tilesOf(level: number, from: number, to: number, value: (second: number) => number | null): { tiles: Tile[]; tilesFrom: number } {
  const width = tileMs(level);
  const tilesFrom = Math.floor(from / width) * width;
  const tiles: Tile[] = [];
  for (let start = tilesFrom; start < to; start += width) {
    const columns: ({ min: number; max: number; mean: number; count: number } | null)[] = new Array(512).fill(null);
    for (let second = Math.ceil(start / 1000); second * 1000 < start + width; second++) {
      const raw = second * 1000 > NOW ? null : value(second);
      if (raw === null) continue;
      const i = Math.floor((second * 1000 - start) / columnMs(level));
      const old = columns[i] ?? null;
      columns[i] = old === null
        ? { min: raw, max: raw, mean: raw, count: 1 }
        : { min: Math.min(old.min, raw), max: Math.max(old.max, raw), mean: (old.mean * old.count + raw) / (old.count + 1), count: old.count + 1 };
    }
    const tile = decodeTile(encodeTile({ level, index: Math.round(start / width), gain: 1, offset: 0, columns }).buffer as ArrayBuffer);
    if (!tile.ok) throw new Error(tile.fault);
    tiles.push(tile.value);
  }
  return { tiles, tilesFrom };
}

function columnsOver(from: number, to: number, value: (second: number) => number | null, periodMs = 1000): { columns: PixelColumns; scale: TimeScale } {
  const scale = TimeScale.over(from, to, WIDTH);
  const level = levelFor(scale.msPerPx);
  const { tiles, tilesFrom } = tilesOf(level, scale.start, scale.end, value);
  return { scale, columns: buildColumns({ scale, tiles, tilesFrom, tileMs: tileMs(level), periodMs, now: NOW }) };
}

/** Bright pixels of a painted lane by column. */
function paint(columns: PixelColumns): { lit: (x: number) => number; topOf: (x: number) => number } {
  const height = 80;
  const image = { width: columns.width, height, data: new Uint8ClampedArray(columns.width * height * 4), colorSpace: 'srgb' } as ImageData;
  paintLane(image, { columns, low: 0, high: 200, colour: '#00ff00', ratio: 1, aperiodic: false, grid: [], phase: 0 });
  const green = (x: number, y: number): boolean => (image.data[(y * columns.width + x) * 4 + 1] ?? 0) > 100 && (image.data[(y * columns.width + x) * 4] ?? 0) < 20;
  const rows = (x: number): number[] => Array.from({ length: height }, (_, y) => y).filter((y) => green(x, y));
  return { lit: (x) => rows(x).length, topOf: (x) => rows(x)[0] ?? height };
}

describe('the level of the tiles', () => {
  it('gives one to four columns a pixel, and never fewer than one', () => {
    for (const hours of [0.1, 1, 6, 24, 72, 168, 720]) {
      const msPerPx = (hours * HOUR) / WIDTH;
      const perPixel = msPerPx / columnMs(levelFor(msPerPx));
      expect(perPixel).toBeGreaterThanOrEqual(1);
      expect(perPixel).toBeLessThan(4);
    }
  });
});

describe('a trend', () => {
  it.each([1, 6, 24])('of %i h shows every spike of a single sample in its column', (hours) => {
    const from = NOW - hours * HOUR;
    for (let i = 0; i < 12; i++) {
      const at = Math.floor((from + ((i + 0.37) / 12) * hours * HOUR) / 1000);
      const { columns, scale } = columnsOver(from, NOW, (second) => (second === at ? 190 : 80));
      const x = scale.column(Math.floor((at * 1000) / columnMs(levelFor(scale.msPerPx))) * columnMs(levelFor(scale.msPerPx)));
      expect(columns.max[x]).toBe(190);
      expect(paint(columns).topOf(x)).toBeLessThan(10);
    }
  });

  it('draws nothing inside a gap', () => {
    const from = NOW - 6 * HOUR;
    const gap = [NOW - 4 * HOUR, NOW - 3 * HOUR] as const;
    const { columns, scale } = columnsOver(from, NOW, (second) => (second * 1000 >= gap[0] && second * 1000 < gap[1] ? null : 80));
    const picture = paint(columns);
    for (let x = scale.column(gap[0]) + 2; x < scale.column(gap[1]) - 1; x++) {
      expect(columns.fill[x]).toBe(Fill.None);
      expect(picture.lit(x)).toBe(0);
    }
    expect(columns.fill[scale.column(gap[1]) + 3]).toBe(Fill.Data);
  });

  it('keeps each sample in its column while panning', () => {
    const value = (second: number): number => 60 + (second * 7919) % 50;
    const first = columnsOver(NOW - 2 * HOUR, NOW - HOUR, value);
    const shifted = new TimeScale(first.scale.panned(137).start, first.scale.msPerPx, WIDTH);
    const level = levelFor(shifted.msPerPx);
    const { tiles, tilesFrom } = tilesOf(level, shifted.start, shifted.end, value);
    const second = buildColumns({ scale: shifted, tiles, tilesFrom, tileMs: tileMs(level), periodMs: 1000, now: NOW });
    for (let x = 0; x < WIDTH - 140; x++) {
      expect(second.max[x]).toBe(first.columns.max[x + 137]);
      expect(second.min[x]).toBe(first.columns.min[x + 137]);
    }
  });

  it('says exact only where no column hides a second sample', () => {
    expect(columnsOver(NOW - 10 * 60_000, NOW, () => 80).columns.exact).toBe(true);
    expect(columnsOver(NOW - 6 * HOUR, NOW, () => 80).columns.exact).toBe(false);
  });

  it('holds a reading no longer than it is due', () => {
    const { columns, scale } = columnsOver(NOW - 5 * 60_000, NOW, (second) => (second * 1000 < NOW - 120_000 ? 80 : null));
    const last = scale.column(NOW - 121_000);
    expect(columns.fill[last + 2]).toBe(Fill.Held);
    expect(columns.fill[last + Math.ceil(4000 / scale.msPerPx)]).toBe(Fill.None);
  });

  it('shows what is on its way neither as data nor as gap', () => {
    const scale = TimeScale.over(NOW - HOUR, NOW, WIDTH);
    const width = tileMs(levelFor(scale.msPerPx));
    const tilesFrom = Math.floor(scale.start / width) * width;
    const tiles = Array.from({ length: Math.ceil((scale.end - tilesFrom) / width) }, () => null);
    const columns = buildColumns({ scale, tiles, tilesFrom, tileMs: width, periodMs: 1000, now: NOW });
    expect(columns.fill[10]).toBe(Fill.Loading);
  });
});

describe('a damaged tile', () => {
  it('is refused', () => {
    const whole = encodeTile({ level: 3, index: 5, gain: 1, offset: 0, columns: new Array(512).fill(null) });
    expect(decodeTile(whole.buffer as ArrayBuffer).ok).toBe(true);
    expect(decodeTile(whole.slice(0, 100).buffer as ArrayBuffer).ok).toBe(false);
    whole[0] = 0;
    expect(decodeTile(whole.buffer as ArrayBuffer).ok).toBe(false);
  });
});

describe('a touch on a trend', () => {
  it('means the dip or spike that the touched column holds, to the finer tile', () => {
    for (let run = 0; run < 40; run++) {
      const spike = Math.floor(NOW / 1000) - 5000 - run * 97;
      const { tiles } = tilesOf(3, (spike - 200) * 1000, (spike + 200) * 1000, (second) => (second === spike ? (run % 2 === 0 ? 20 : 190) : 80 + (second % 3)));
      const found = extremeIn(tiles, (spike - 100) * 1000, (spike + 100) * 1000);
      expect(Math.abs((found ?? 0) - spike * 1000)).toBeLessThanOrEqual(columnMs(3));
    }
  });

  it('means the touched instant where tiles are on their way or nothing is stored', () => {
    expect(extremeIn([null], 0, 1)).toBeNull();
    const { tiles } = tilesOf(3, NOW - HOUR, NOW, () => null);
    expect(extremeIn(tiles, NOW - HOUR, NOW)).toBeNull();
  });
});

describe('cursors', () => {
  it('come A, then B, then the nearer of both, and the last one is seen closer', () => {
    const view = new TrendView(24, NOW, WIDTH);
    view.place(100);
    view.place(600);
    const { a, b, last } = view.cursors.value;
    expect([view.scale.value.column(a ?? 0), view.scale.value.column(b ?? 0), last]).toEqual([100, 600, 'b']);
    view.place(150);
    expect([view.scale.value.column(view.cursors.value.a ?? 0), view.cursors.value.b, view.cursors.value.last]).toEqual([150, b, 'a']);
    view.placing.set('b');
    view.place(160);
    expect([view.scale.value.column(view.cursors.value.a ?? 0), view.scale.value.column(view.cursors.value.b ?? 0)]).toEqual([150, 160]);
    view.clear();
    view.place(300);
    expect([view.cursors.value.a !== null, view.cursors.value.b]).toEqual([true, null]);
  });
});
