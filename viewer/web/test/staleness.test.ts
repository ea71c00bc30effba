import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalDescription } from '../src/wire/api.ts';
import { SIGNALS, SimulatedBox } from './simulation/box.ts';
import { seeded } from './simulation/random.ts';
import { Network, SimulatedScreen } from './simulation/screen.ts';
import { Timeline } from './simulation/timeline.ts';

// The real worker code and the real store of the page in simulated time, before a box, a line, two devices and clocks to which anything happens. What is
// shown as live is compared with the truth of the simulation, not with what the screen believes.

const WAVES = SIGNALS.filter((one) => one.kind === 'waveform').map((one) => one.number);
/** Latency of the line, and how far a delayed line may be believed. */
const SLACK_MS = 450;
const LIVE_MS = 2_000;
const LIVE_WAVE_MS = 2_200;
/** Without faults everything is live again within this: the longest back-off, and the slow numbers' own period. */
const RECOVERY_MS = 15_000;
const SEEDS = Number(process.env['BEDSIDE_LINK_SEEDS'] ?? '30');
/** A story takes a quarter of a second; a busy machine gets time. */
const PATIENCE_MS = 60_000;

interface World {
  readonly timeline: Timeline;
  readonly box: SimulatedBox;
  readonly network: Network;
  readonly screen: SimulatedScreen;
  /** What was shown as live though it was not. */
  readonly lies: string[];
}

const described = (world: World): readonly SignalDescription[] => world.screen.store.signals.value;

/** The true age of what the screen shows of a signal; null = it shows nothing. */
function trueAge(world: World, signal: SignalDescription): number | null {
  const captured = world.box.truth.get(signal.number) ?? [];
  const { now } = world.timeline;
  if (signal.kind === 'numeric') {
    const shown = world.screen.store.numbers.get(signal.number);
    const one = shown === undefined || shown.value === null ? undefined : captured[shown.value];
    return one === undefined ? null : now - one.truth;
  }
  const last = world.screen.beat?.waves.find(([number]) => number === signal.number)?.[1];
  if (last === undefined) return null;
  const near = captured.filter((one) => Math.abs(one.boxTime - last) < 60).at(-1);
  return near === undefined ? null : now - near.truth;
}

function look(world: World): void {
  const { store } = world.screen;
  for (const signal of described(world)) {
    const wave = signal.kind === 'waveform';
    if ((wave ? store.stateOfLane(signal) : store.stateOf(signal)) !== 'live') continue;
    const age = trueAge(world, signal);
    // An aperiodic value is as live as the newest thing of its device.
    const ages = signal.expectedS === null ? described(world).filter((one) => one.device === signal.device).map((one) => trueAge(world, one) ?? Infinity) : [age ?? Infinity];
    const allowed = (wave || signal.expectedS === null ? LIVE_WAVE_MS : Math.max(LIVE_MS, 2_000 * signal.expectedS)) + SLACK_MS;
    const youngest = Math.min(...ages);
    if (youngest > allowed) world.lies.push(`at ${Math.round(world.timeline.now)} ms ${signal.id} is shown live, ${Math.round(youngest)} ms old`);
  }
  for (const lane of world.screen.beat?.lanes ?? []) {
    if (lane.ages !== null && lane.ages[1] > LIVE_WAVE_MS + 1) world.lies.push(`at ${Math.round(world.timeline.now)} ms a sample of lane ${lane.number} was drawn in full colour, ${Math.round(lane.ages[1])} ms old`);
  }
}

function begin(): World {
  const timeline = new Timeline();
  timeline.install();
  const box = new SimulatedBox(timeline);
  const network = new Network(timeline);
  const lies: string[] = [];
  const world = { timeline, box, network, lies } as { -readonly [key in keyof World]: World[key] };
  world.screen = new SimulatedScreen(timeline, box, network, WAVES, () => {
    if (world.screen !== undefined) look(world);
  });
  return world;
}

const states = (world: World): string[] => described(world).map((one) => `${one.id} ${one.kind === 'waveform' ? world.screen.store.stateOfLane(one) : world.screen.store.stateOf(one)}`);
const allLive = SIGNALS.map((one) => `${one.id} live`);

/** One thing that happens, and how it ends. */
function happen(world: World, random: () => number): string {
  const { timeline, box, network, screen } = world;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const long = 300 + random() ** 2 * 80_000;
  const kind = pick(['held', 'refused', 'slow', 'worker', 'page', 'both', 'device', 'signal', 'restart', 'box clock', 'wall clock', 'hidden'] as const);
  switch (kind) {
    case 'held':
    case 'refused':
      network.set(kind);
      timeline.in(long, () => network.set('whole'));
      break;
    case 'slow':
      network.delayMs = 10 + random() * 300;
      timeline.in(long, () => (network.delayMs = 10));
      break;
    case 'worker':
    case 'page':
    case 'both':
      for (const thread of kind === 'both' ? [screen.worker, screen.page] : [screen[kind]]) {
        thread.isHeld = true;
        timeline.in(long, () => thread.release());
      }
      break;
    case 'device':
    case 'signal': {
      const what = kind === 'device' ? pick(['monitor', 'ventilator']) : pick(SIGNALS).id;
      box.silent.add(what);
      timeline.in(long, () => box.silent.delete(what));
      break;
    }
    case 'restart': box.restart(500 + random() * 8_000); break;
    case 'box clock': box.offset += (random() - 0.5) * 10 ** (1 + random() * 6); break;
    case 'wall clock': timeline.wallOffset += (random() - 0.5) * 10 ** (1 + random() * 6); break;
    case 'hidden':
      screen.setVisible(false);
      timeline.in(long, () => screen.setVisible(true));
      break;
  }
  return `${Math.round(timeline.now)} ms ${kind} for ${Math.round(long)} ms`;
}

beforeEach(() => vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('what a screen shows as live', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('is never older than it may be, whatever happens, and all of it comes back (seed %i)', async (seed) => {
    const random = seeded(seed);
    const world = begin();
    await world.timeline.run(8_000);
    expect(states(world).sort()).toEqual([...allLive].sort());
    const story: string[] = [];
    for (let i = 0; i < 6; i++) {
      story.push(happen(world, random));
      await world.timeline.run(random() * 20_000);
    }
    // Whatever still lasts ends, and nothing new happens.
    await world.timeline.run(82_000);
    expect(world.lies.slice(0, 5), story.join('\n')).toEqual([]);
    await world.timeline.run(RECOVERY_MS);
    expect(states(world).sort(), story.join('\n')).toEqual([...allLive].sort());
    expect(world.lies.slice(0, 5), story.join('\n')).toEqual([]);
  }, PATIENCE_MS);

  it.each([30_000, 70_000, 400_000])('has nothing of before in it when it goes on after a stall of %i ms, and is fresh within half a second', async (ms) => {
    for (const held of ['worker', 'page', 'both'] as const) {
      const world = begin();
      await world.timeline.run(12_000);
      const threads = held === 'both' ? [world.screen.worker, world.screen.page] : [world.screen[held]];
      for (const thread of threads) thread.isHeld = true;
      await world.timeline.run(ms);
      for (const thread of threads) thread.release();
      await world.timeline.run(500);
      const hr = described(world).find((one) => one.id === 'hr');
      expect(hr === undefined ? null : trueAge(world, hr), held).toBeLessThan(1_200);
      expect(states(world), held).toContain('hr live');
      expect(states(world), held).toContain('ecg-ii live');
      await world.timeline.run(5_000);
      expect(world.lies, held).toEqual([]);
      vi.unstubAllGlobals();
    }
  }, PATIENCE_MS);

  it('is nothing when the line was held, and fresh within half a second when it goes on', async () => {
    const world = begin();
    await world.timeline.run(12_000);
    world.network.set('held');
    await world.timeline.run(30_000);
    expect(states(world).filter((one) => !one.endsWith(' lost'))).toEqual([]);
    world.network.set('whole');
    await world.timeline.run(500);
    expect(states(world)).toContain('hr live');
    await world.timeline.run(3_000);
    expect(states(world).sort()).toEqual([...allLive].sort());
    expect(world.lies).toEqual([]);
  }, PATIENCE_MS);

  it.each([0, 600, 1_500, 4_000])('is not called late for the rest of the day because a box that had just been started took %i ms for its first answer', async (ms) => {
    const world = begin();
    const { timeline, box, network } = world;
    await timeline.run(12_000);
    box.restart(2_000);
    network.deafMs = ms;
    await timeline.run(4_500);
    network.deafMs = 0;
    await timeline.run(RECOVERY_MS);
    // As old as the line makes them, and no older: the page has no other time than its worker.
    for (let i = 0; i < 40; i++) {
      await timeline.run(250);
      expect(Math.abs((world.screen.store.now() ?? 0) - box.clock())).toBeLessThan(SLACK_MS);
      expect(states(world).sort()).toEqual([...allLive].sort());
    }
    expect(world.lies).toEqual([]);
  }, PATIENCE_MS);
});
