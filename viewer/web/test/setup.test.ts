import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatShare, language } from '../src/i18n/i18n.ts';
import { setupEn, setupFr } from '../src/i18n/setup_words.ts';
import { lostOf, sumOf, worstFirst } from '../src/ui/completeness_card.tsx';
import { helpLink, parseRoute } from '../src/ui/route.ts';
import { readGaps } from '../src/wire/gaps_api.ts';
import { readCompleteness, readHelpPage, readPorts, type Complete, type Counted } from '../src/wire/setup_api.ts';

const counted = (expected: number, received: number, more: Partial<Counted> = {}): Counted => ({ expected, received, missing: new Map(), late: 0, duplicated: 0, ...more });
const signal = (id: string, hour: Counted): Complete => ({ number: id.charCodeAt(0), id, name: { fr: id, en: id }, device: 'd', newest: null, hour, day: hour });

describe('what the box says of its ports', () => {
  it('is read field by field, and what is missing is neutral', () => {
    expect(readPorts(undefined)).toBeNull();
    expect(readPorts({ ports: [{ port: '' }, 7, { port: '/dev/ttyS0' }] })).toMatchObject([{ port: '/dev/ttyS0', name: '/dev/ttyS0', state: 'searching', finding: '', remedies: [], trying: null, lineErrors: null, help: '' }]);
    const [port] = readPorts({ ports: [{ port: 'a', state: 'receiving', since: '2026-11-21T19:30:00Z', remedies: [{ fr: 'x', en: 'y' }, 3], traffic: { bytesIn: 5, lineErrors: 0 }, trying: { line: '9600 8N1', asked: ['a', 4], stop: 2, stops: 9 } }] }) ?? [];
    expect(port).toMatchObject({ state: 'receiving', since: Date.UTC(2026, 10, 21, 19, 30), remedies: [{ fr: 'x', en: 'y' }], bytesIn: 5, lineErrors: 0, trying: { asked: ['a'], stop: 2, stops: 9 } });
  });

  it('has words in both languages for everything that can be found, missing, or said of a device', () => {
    const findings = ['recognised', 'silent', 'crossed-suspected', 'looped', 'unknown-speed', 'unknown-protocol', 'no-driver', 'in-use', 'no-port', 'not-allowed', 'lost', 'announced'].map((one) => `finding.${one}`);
    const causes = ['unexplained', 'unplugged', 'device-silent', 'signal-off', 'checksum', 'lost-message', 'overload', 'restart', 'clock', 'uncalibrated', 'storage', 'retention'].map((one) => `cause.${one}`);
    const verdicts = ['none', 'yes', 'no', 'depends', 'not-known', 'not-applicable', 'everything', 'part', 'nothing'].map((one) => `verdict.${one}`);
    const others = ['experimental', 'bronze', 'silver', 'gold'].map((one) => `quality.${one}`).concat(['db9-male', 'db9-female', 'db25-female', 'rj45'].map((one) => `connector.${one}`));
    for (const key of [...findings, ...causes, ...verdicts, ...others]) {
      expect(setupFr, key).toHaveProperty([key]);
      expect(setupEn, key).toHaveProperty([key]);
    }
  });
});

describe('pages of help', () => {
  it('are spans of text: what looks like markup stays text', () => {
    const page = readHelpPage({ driver: 'x', tried: ['9600 8N1', 5], french: { title: '<b>t</b>', sections: [{ topic: 'cable', heading: 'h', verdict: 'none', blocks: [{ kind: 'paragraph', lines: [[{ text: '<img onerror=alert(1)>', style: 'plain' }, 'no span']] }] }] } });
    expect(page?.tried).toEqual(['9600 8N1']);
    expect(page?.fr.title).toBe('<b>t</b>');
    expect(page?.fr.sections[0]?.blocks[0]?.lines).toEqual([[{ text: '<img onerror=alert(1)>', style: 'plain' }]]);
    expect(page?.en.sections).toEqual([]);
  });

  it('have an address of their own', () => {
    expect(parseRoute(helpLink('ge-datex-dri'))).toMatchObject({ screen: 'help' });
    expect(parseRoute(helpLink('a&b=c')).query.get('device')).toBe('a&b=c');
    expect(parseRoute(helpLink('')).query.get('device')).toBeNull();
  });
});

describe('completeness', () => {
  it('puts the worst first: the least complete, then who lost most', () => {
    const all = [signal('a', counted(100, 100)), signal('b', counted(1000, 900)), signal('c', counted(100, 90)), signal('d', counted(10, 1))];
    expect([...all].sort(worstFirst('hour')).map((one) => one.id)).toEqual(['d', 'b', 'c', 'a']);
  });

  it('sums causes, and what is unexplained is one of them', () => {
    const report = readCompleteness({ hour: { whole: true }, day: {}, signals: [{ number: 1, id: 'ecg', device: 'm', hour: { expected: 10, received: 7, missing: { unplugged: 2 }, unexplained: 1 } }, { number: 0 }] });
    expect(report?.signals).toHaveLength(1);
    const sum = sumOf([report?.signals[0]?.hour ?? counted(0, 0), counted(5, 4, { missing: new Map([['unplugged', 1]]), late: 2 })]);
    expect([sum.expected, sum.received, lostOf(sum), sum.late, [...sum.missing]]).toEqual([15, 11, 4, 2, [['unplugged', 3], ['unexplained', 1]]]);
  });

  it('never rounds a loss away', () => {
    language.set('en');
    expect(formatShare(999_999_999, 1_000_000_000)).toBe('99.99 %');
    expect(formatShare(10, 10)).toBe('100 %');
    expect(formatShare(0, 10)).toBe('0 %');
    expect([formatBytes(0), formatBytes(999), formatBytes(1_500), formatBytes(2_500_000)]).toEqual(['0 B', '999 B', '1.5 kB', '2.5 MB']);
    expect(formatCount(1_234_567)).toBe('1,234,567');
    language.set('fr');
    expect(formatBytes(1_500)).toBe('1,5 ko');
  });

  it('reads gaps that have a beginning and an end', () => {
    expect(readGaps([{ number: 3, device: '', from: '2026-11-21T19:30:00Z', until: 'x' }, { number: 3, from: '2026-11-21T19:30:00Z', until: '2026-11-21T19:31:00Z', cause: 'restart', missing: 4 }])).toMatchObject([{ number: 3, cause: 'restart', missing: 4 }]);
  });
});
