import { afterEach, describe, expect, it, vi } from 'vitest';
import { readWish, sayWish, wish } from '../src/people/research_wish.ts';
import { readAccesses, readErasable, readResearch, type Access } from '../src/people/rights_api.ts';
import { whoOf, whyOf } from '../src/people/sheets.tsx';

const line: Access = { first: 0 as Access['first'], last: 0 as Access['last'], who: 'A. Martin', role: 'clinician', act: 'data.read', french: 'données lues', english: 'data read', what: [], count: 1, refused: 0, reasons: [] };

describe('the page of who looked', () => {
  it('says why: the reason that a person gave, else what their role is there for', () => {
    expect(whyOf(line)).toBe('soins');
    expect(whyOf({ ...line, reasons: ['vital-emergency', 'something new'] })).toBe('urgence vitale, something new');
    expect(whyOf({ ...line, act: 'research.objection', role: 'screen' })).toBe('droits du patient');
    expect(whyOf({ ...line, role: 'console', who: 'console' })).toBe('entretien du boîtier');
    expect(whyOf({ ...line, role: 'box', who: 'box' })).toBe('travail du boîtier');
  });

  it('says who: a name and what they are, and of who has none where they were', () => {
    expect(whoOf(line)).toBe('A. Martin, soignant');
    expect(whoOf({ ...line, who: 'screen', role: 'screen' })).toBe('écran du lit, sans nom');
    expect(whoOf({ ...line, who: '' })).toBe('soignant');
  });
});

describe('what the box answers of rights', () => {
  it('is read field by field, and what is no answer is none', () => {
    expect(readResearch({ stay: 'a', refused: true, at: '2026-11-22T10:00:00Z' })).toMatchObject({ stay: 'a', refused: true });
    expect(readResearch({ refused: true })).toBeNull();
    expect(readResearch({ stay: '', refused: false })).toBeNull();
    expect(readResearch(undefined)).toBeNull();
    expect(readAccesses({ stay: 'a' })).toBeNull();
    const accesses = readAccesses({ stay: 'a', madeAt: '2026-11-22T10:00:00Z', detail: 'weeks', entries: 3, research: { stay: 'a', refused: false }, lines: [{ first: 'x' }, { first: '2026-11-22T10:00:00Z', last: '2026-11-22T10:00:01Z', who: 'b', what: ['live', 7], count: 3 }] });
    expect(accesses).toMatchObject({ detail: 'roles', entries: 3, from: null });
    expect(accesses?.lines).toHaveLength(1);
    expect(accesses?.lines[0]).toMatchObject({ who: 'b', what: ['live'], count: 3, refused: 0 });
    expect(readErasable([{ stay: 'a', from: '2026-11-22T10:00:00Z', othersSeconds: 2.5 }, { stay: 'b' }, 7])).toMatchObject([{ stay: 'a', othersSeconds: 2.5, askedAt: null }]);
  });
});

describe('the no of a patient', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is not overwritten by what was asked before it was said', async () => {
    const held: ((json: object) => void)[] = [];
    vi.stubGlobal('fetch', (_: string, { method = 'GET' }: RequestInit = {}) => new Promise((done) => {
      const answer = (json: object): void => done({ ok: true, status: 200, json: () => Promise.resolve(json) });
      if (method === 'POST') answer({ stay: 'a', refused: true, at: '2026-11-23T10:00:00Z' });
      else held.push(answer);
    }));
    const first = readWish();
    const before = readWish();
    held[0]?.({ stay: 'a', refused: false });
    await first;
    expect(wish.value).toBeNull();
    expect((await sayWish('POST', 'a')).status).toBe(200);
    expect(wish.value).toMatchObject({ stay: 'a', refused: true });
    held[1]?.({ stay: 'a', refused: false });
    await before;
    expect(wish.value).toMatchObject({ stay: 'a', refused: true });

    // Who lies there by now is asked once more.
    held[2]?.({ stay: 'b', refused: false });
    await vi.waitFor(() => expect(wish.value).toMatchObject({ stay: 'b', refused: false }));
  });
});
