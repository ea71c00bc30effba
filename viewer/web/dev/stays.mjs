// Stays of the made-up bed, for looking at the page of the patient: a desk in memory. Two wristbands are known: 111 (the first of each question) and 222 (the second).
const HOUR = 3_600_000;
const iso = (ms) => new Date(ms).toISOString();
const CHOICES = {
  'two-patients': ['admissions', 'monitor', 'nobody'], 'possible-move': ['stayed', 'moved'], 'two-visits': ['newer', 'older'], 'signals-after-discharge': ['left', 'still-here'],
  'nobody-admitted': ['unknown-patient', 'empty-bed'], 'admitted-without-signals': ['here', 'not-here'], 'not-understood': ['seen'],
};

export function makeDesk(now, environment) {
  let version = 1;
  let said = 100;
  const task = (kind, hours, settled = 0, choice = '') => ({
    key: `${kind}/1`, kind, from: iso(now - hours * HOUR), to: null, choices: CHOICES[kind], hasFirst: kind !== 'not-understood', hasSecond: kind === 'two-patients' || kind === 'two-visits',
    settled, settledAt: settled > 0 ? iso(now - hours * HOUR + 300_000) : null, choice,
  });
  const kinds = (environment['MOCK_TASKS'] ?? 'two-patients').split(',').filter(Boolean);
  const tasks = [...kinds.map((kind, i) => task(kind, 1.4 + i)), task('possible-move', 31, 7, 'moved')];
  const because = (...sources) => sources.map((source, i) => ({ number: i + 1, kind: source === 'monitor' ? 'monitor-patient' : source === 'signals' ? 'signals-began' : source === 'person' ? 'confirmed' : 'admit', source, at: iso(now - 5 * HOUR) }));
  const span = (stay, since, from, to, certainty, ...sources) => ({ stay, since: iso(now - since * HOUR), from: iso(now - from * HOUR), to: to === null ? null : iso(now - to * HOUR), certainty, because: because(...sources) });
  const spans = () => [
    span('a1', 150, 150, 149.5, 'uncertain', 'admissions'), span('a1', 150, 149.5, 61, 'sure', 'admissions', 'person'),
    span('a2', 58, 58, 55, 'no-patient-yet', 'signals'), span('a3', 55, 55, 54, 'provisional', 'monitor'), span('a3', 55, 54, 31, 'sure', 'admissions', 'monitor'),
    span('a4', 5.2, 5.2, 1.4, 'sure', 'admissions'),
    span('a4', 5.2, 1.4, null, tasks[0].settled === 0 ? (environment['MOCK_STAY'] ?? 'conflict') : 'sure', 'admissions', 'monitor'),
  ];
  const admissions = () => ({ heard: iso(Date.now() - (environment['MOCK_STALE'] === undefined ? 1.1 : 14) * HOUR), stale: environment['MOCK_STALE'] !== undefined });
  const belongs = (number) => (number === '111' ? 'first' : number === '222' ? 'second' : 'neither');
  return {
    get(path) {
      const head = { kept: environment['MOCK_NO_DESK'] === undefined, version, serverTime: iso(Date.now()), admissions: admissions() };
      if (path === '/stays') return { ...head, spans: spans() };
      if (path === '/stays/tasks') return { ...head, now: spans().at(-1), open: tasks.filter((one) => one.settled === 0).length, tasks: [...tasks].sort((a, b) => Number(a.settled > 0) - Number(b.settled > 0)) };
      return undefined;
    },
    post(path, body) {
      if (path === '/stays/compare') return [200, { belongs: belongs(body.number) }];
      if (path === '/stays/confirm') return body.empty === true || belongs(body.number) !== 'neither' ? [200, { number: ++said, version: ++version }] : [404, { status: 404, detail: 'nobody' }];
      if (path === '/stays/undo') {
        for (const one of tasks) if (one.settled === body.number) Object.assign(one, { settled: 0, settledAt: null, choice: '' });
        return [200, { number: ++said, version: ++version }];
      }
      const one = tasks.find((each) => `/stays/tasks/${encodeURIComponent(each.key)}` === path);
      if (one === undefined) return [404, { status: 404, detail: 'no such question' }];
      if (one.settled > 0) return [409, { status: 409, detail: 'settled' }];
      Object.assign(one, { settled: ++said, settledAt: iso(Date.now()), choice: body.choice });
      return [200, { number: said, version: ++version }];
    },
  };
}
