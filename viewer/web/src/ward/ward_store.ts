import { Cell } from '../base/cell.ts';
import { getJson } from '../live/http.ts';
import { ServerClock } from '../live/clock.ts';
import { stateOfLink, turnIn } from '../live/freshness.ts';
import { turnOfBed } from './judge.ts';
import type { FromWorker, LaneBeat } from '../live/messages.ts';
import type { State } from '../wire/api.ts';
import { readWard, type WardAnswer, type WardBed } from './ward_api.ts';

const POLL_AFTER_MS = 2_500;
const POLL_MS = 1_000;
const WALL_JUMP_MS = 1_500;

/** What the page knows of the ward. Ages are decided here, on the page's own timer. */
export class WardStore {
  /** Beds in their places; a new list only when a bed, its rows or its wave are other ones. */
  readonly beds = new Cell<readonly WardBed[]>([]);
  /** Null = not known yet. */
  readonly hub = new Cell<boolean | null>(null);
  readonly givenBy = new Cell<string | null>(null);
  /** Bumped four times a second and when values came. */
  readonly tick = new Cell(0);
  readonly link = new Cell<State>('lost');
  readonly polling = new Cell(false);
  readonly lanes = new Map<number, LaneBeat>();
  readonly clock = new ServerClock();
  fps = 0;
  private readonly byPlace = new Map<number, WardBed>();
  private heard: number | null = null;
  private toldAt = performance.now();
  private polledAt = 0;
  private wall = Date.now() - performance.now();

  take(message: FromWorker): void {
    if (message.type === 'ward') {
      this.toldAt = performance.now();
      this.polling.set(false);
      const answer = readWard(message.json);
      if (answer !== null) this.takeAnswer(answer);
    } else if (message.type === 'beat') {
      if (message.serverNow !== null) this.clock.follow(message.serverNow, performance.now());
      this.fps = message.fps;
      for (const lane of message.lanes) this.lanes.set(lane.number, lane);
    }
  }

  bed = (place: number): WardBed | undefined => this.byPlace.get(place);

  now(): number | null {
    return this.clock.now(performance.now());
  }

  /** Four times a second, and when something is to turn; answers in how many ms that is, if nothing comes. */
  decide(): number {
    const wall = Date.now() - performance.now();
    if (Math.abs(wall - this.wall) > WALL_JUMP_MS) this.clock.reset();
    this.wall = wall;
    const serverNow = this.now();
    this.link.set(stateOfLink(serverNow, this.heard));
    const now = performance.now();
    if (now - this.toldAt > POLL_AFTER_MS && now - this.polledAt > POLL_MS) void this.poll(now);
    this.tick.set(this.tick.value + 1);
    if (serverNow === null) return Infinity;
    return Math.min(this.heard === null ? Infinity : turnIn(serverNow - this.heard, 0), ...this.beds.value.map((bed) => turnOfBed(this.byPlace.get(bed.place) ?? bed, serverNow)));
  }

  takeAnswer(answer: WardAnswer): void {
    this.heard = answer.serverTime ?? this.heard;
    this.hub.set(answer.hub);
    this.givenBy.set(answer.givenBy);
    if (answer.whole) this.byPlace.clear();
    for (const bed of answer.beds) this.byPlace.set(bed.place, bed);
    const beds = [...this.byPlace.values()].sort((a, b) => a.place - b.place);
    if (shapeOf(beds) !== shapeOf(this.beds.value)) this.beds.set(beds);
    this.link.set(stateOfLink(this.now(), this.heard));
    this.tick.set(this.tick.value + 1);
  }

  private async poll(now: number): Promise<void> {
    this.polledAt = now;
    const answer = readWard(await getJson('/api/v1/ward'));
    if (answer?.serverTime == null || performance.now() - this.toldAt < POLL_AFTER_MS) return;
    const got = performance.now();
    this.clock.frame(answer.serverTime, got);
    this.clock.pong(answer.serverTime, now, got);
    this.polling.set(true);
    this.takeAnswer(answer);
  }
}

/** What the tree is drawn from; values are painted into it. */
const shapeOf = (beds: readonly WardBed[]): string =>
  JSON.stringify(beds.map((bed) => [bed.place, bed.bed, bed.own, bed.slots.map((slot) => [slot.key, slot.parts.map((part) => [part.signal.number, part.signal.unit])]), bed.wave?.id, bed.wave?.displayMax]));
