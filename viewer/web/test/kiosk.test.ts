import { describe, expect, it } from 'vitest';
import { nextBack, nextReload, passed, type Presence } from '../src/kiosk/idle.ts';
import { PalmJudge } from '../src/kiosk/touch_guard.ts';
import { isNight, minuteOf, readWatched } from '../src/kiosk/watched.ts';

const at: Presence = { idleMs: 0, watched: true, screen: 'trends', draft: false, held: false };

/** Reproducible numbers in [0, n). */
function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
}

describe('a screen that nobody touches', () => {
  it('goes back to the waves after a minute at the bed, and says so ten seconds before', () => {
    expect(nextBack({ ...at, idleMs: 49_000 })).toEqual({ do: 'nothing' });
    expect(nextBack({ ...at, idleMs: 50_500 })).toEqual({ do: 'say', seconds: 10 });
    expect(nextBack({ ...at, idleMs: 59_900 })).toEqual({ do: 'say', seconds: 1 });
    expect(nextBack({ ...at, idleMs: 60_000 })).toEqual({ do: 'it' });
    expect(nextBack({ ...at, idleMs: 600_000, screen: 'live' })).toEqual({ do: 'nothing' });
  });

  it('keeps what was begun to be written for five minutes, and a print as long as it lasts', () => {
    expect(nextBack({ ...at, idleMs: 120_000, draft: true })).toEqual({ do: 'nothing' });
    expect(nextBack({ ...at, idleMs: 300_000, draft: true })).toEqual({ do: 'it' });
    expect(nextBack({ ...at, idleMs: 900_000, held: true })).toEqual({ do: 'nothing' });
    expect(nextReload({ ...at, idleMs: 900_000, draft: true })).toEqual({ do: 'nothing' });
  });

  it('elsewhere leaves only pages of settings, after ten minutes', () => {
    expect(nextBack({ ...at, watched: false, idleMs: 3_600_000 })).toEqual({ do: 'nothing' });
    expect(nextBack({ ...at, watched: false, screen: 'setup', idleMs: 599_000 })).toEqual({ do: 'say', seconds: 1 });
    expect(nextBack({ ...at, watched: false, screen: 'setup', idleMs: 600_000 })).toEqual({ do: 'it' });
  });

  it('never acts without having said so, whenever it is looked at four times a second', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const presence = { ...at, watched: next(2) === 0, screen: (['trends', 'setup', 'events'] as const)[next(3)] ?? 'trends', draft: next(2) === 0 };
      let said = 0;
      for (let idleMs = next(250); idleMs < 700_000; idleMs += 250) {
        const then = nextBack({ ...presence, idleMs });
        if (then.do === 'say') said++;
        if (then.do === 'it') {
          expect(said).toBeGreaterThanOrEqual(39);
          break;
        }
      }
    }
  });

  it('reloads after a minute of calm and fifteen seconds of notice', () => {
    expect(nextReload({ ...at, idleMs: 59_000 })).toEqual({ do: 'nothing' });
    expect(nextReload({ ...at, idleMs: 61_000 })).toEqual({ do: 'say', seconds: 14 });
    expect(nextReload({ ...at, idleMs: 75_000 })).toEqual({ do: 'it' });
  });
});

describe('the planned time', () => {
  it('is passed once a day, whatever minute is looked at, over midnight too', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed);
      const planned = next(1440);
      let was = next(1440);
      let times = 0;
      let walked = 0;
      while (walked < 1440) {
        const step = Math.min(1 + next(20), 1440 - walked);
        const now = (was + step) % 1440;
        if (passed(planned, was, now)) times++;
        was = now;
        walked += step;
      }
      expect(times, `seed ${seed}`).toBe(1);
    }
  });

  it('of the night may lie over midnight', () => {
    const night = { from: 22 * 60, until: 7 * 60 };
    expect([21, 22, 0, 6, 7].map((hour) => isNight(night, hour * 60))).toEqual([false, true, true, true, false]);
    expect(isNight({ from: 60, until: 120 }, 90)).toBe(true);
  });
});

describe('the address of a watched screen', () => {
  it('says who watches, and nothing else is believed', () => {
    expect(readWatched('?kiosk=kiosk-7-2&restarts=3&reason=frozen&reload=04:00&night=22:00-07:00')).toEqual({ screen: 'kiosk-7-2', restarts: 3, reason: 'frozen', reloadAt: 240, night: { from: 1320, until: 420 } });
    expect(readWatched('?kiosk=a&restarts=-1&reason=bored&reload=25:00&night=1-2')).toEqual({ screen: 'a', restarts: 0, reason: 'none', reloadAt: null, night: null });
    expect(readWatched('')).toBeNull();
    expect(readWatched('?kiosk=<b>')).toBeNull();
    expect([minuteOf('00:00'), minuteOf('23:59'), minuteOf('24:00'), minuteOf('7:00'), minuteOf(null)]).toEqual([0, 1439, null, null, null]);
  });
});

describe('a palm', () => {
  it('is more than two contacts, until all have left and a moment longer', () => {
    const judge = new PalmJudge();
    expect([judge.down(1), judge.down(2), judge.ignores(0)]).toEqual([false, false, false]);
    expect([judge.down(3), judge.ignores(0)]).toEqual([true, true]);
    judge.up(1, 10);
    judge.up(2, 20);
    expect([judge.down(4), judge.ignores(25)]).toEqual([true, true]);
    judge.up(3, 30);
    judge.up(4, 40);
    expect([judge.ignores(41), judge.ignores(389), judge.ignores(391)]).toEqual([true, true, false]);
    expect(judge.down(5)).toBe(false);
  });

  it('is never seen in two contacts, however they come and go', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = random(seed);
      const judge = new PalmJudge();
      const down = new Set<number>();
      for (let i = 0; i < 200; i++) {
        const known = [...down][next(2)];
        if (down.size === 2 || (known !== undefined && next(2) === 0)) {
          const gone = known ?? [...down][0] ?? 0;
          down.delete(gone);
          judge.up(gone, i);
        } else {
          down.add(i);
          expect(judge.down(i)).toBe(false);
        }
        expect(judge.ignores(i)).toBe(false);
      }
    }
  });
});
