import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendJson } from '../src/live/http.ts';
import { standing, token } from '../src/live/person.ts';
import { say, take, type Me } from '../src/people/me.ts';
import { faultWord } from '../src/i18n/people_words.ts';

const nobody: Me = {
  accounts: true, damaged: false, atBed: true, resting: false, badge: '', name: '', roles: [], token: '', proven: false, sure: false, lacksSecond: false, codeApp: false, hasPin: false, takesPins: true, passkeys: 0, idleSeconds: 180, seconds: 0, emergency: '', blank: false,
};
const nurse: Me = { ...nobody, badge: '4711', name: 'C. Durand', roles: ['clinician'], token: 'abc', seconds: 43_200 };

const answer = (status: number, json: unknown): void => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify(json), { status })));
};

afterEach(() => {
  vi.unstubAllGlobals();
  take({ ...nobody, accounts: false });
});

describe('who stands before the screen', () => {
  it('is what the box says, and nothing else changes it', () => {
    for (const [said, stands] of [
      [{ ...nobody, accounts: false }, 'open'], [nobody, 'nobody'], [{ ...nobody, resting: true }, 'resting'], [nurse, 'person'],
      [{ ...nobody, emergency: 'vital-emergency', token: 'x' }, 'emergency'], [{ ...nobody, blank: true }, 'blank'], [{ ...nurse, blank: true }, 'person'],
    ] as const) {
      take(said);
      expect(standing.value).toBe(stands);
    }
    for (const wrong of [undefined, null, 7, {}, { token: 'x' }, { code: 'AAAA' }]) take(wrong);
    expect([standing.value, token.value]).toEqual(['person', 'abc']);
  });

  it('has a token that goes with what changes something, and is gone with the session', async () => {
    take(nurse);
    answer(200, {});
    await sendJson('POST', '/api/v1/annotations', {});
    const headers = (): unknown => vi.mocked(fetch).mock.lastCall?.[1]?.headers;
    expect(headers()).toMatchObject({ 'X-Bedside-Token': 'abc' });
    answer(200, nobody);
    await say('POST', '/sign-out');
    await sendJson('POST', '/api/v1/annotations', {});
    expect(headers()).not.toHaveProperty('X-Bedside-Token');
  });

  it('is told in words what went wrong, whatever the box or the line says', async () => {
    answer(401, { title: 'Not done', fault: 'wrong' });
    expect(await say('POST', '/sign-in')).toMatchObject({ fault: 'wrong' });
    answer(403, { title: 'Not from here' });
    expect(await say('POST', '/sign-in')).toMatchObject({ fault: 'refused' });
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('no line'))));
    expect(await say('POST', '/sign-in')).toMatchObject({ fault: 'silent' });
    expect(faultWord('no-such-fault')).toBe(faultWord('refused'));
    expect(faultWord('wrong')).not.toBe(faultWord('refused'));
  });
});
