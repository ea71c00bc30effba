// Runs in every page before its own scripts: hears what the worker tells the page, so that it knows the capture time of the last sample of everything,
// and notes by the page's own clock when each thing on the screen turned late and lost. Box and browser stand on one machine and share its clock.
(() => {
  const wallNow = () => performance.timeOrigin + performance.now();
  const at0 = Date.now() - wallNow();
  const now = () => wallNow() + at0;
  const known = { signals: {}, times: {}, lastFrame: 0 };
  const workers = [];
  const take = (message) => {
    if (message.type === 'snapshot') for (const one of message.signals) known.signals[one.number] = { id: one.id, device: one.device, expectedS: one.expectedS, kind: one.kind };
    if (message.type === 'numbers' && window.latencies !== undefined) requestAnimationFrame(() => requestAnimationFrame(() => window.latencies.push(now() - message.sentAt)));
    if (message.type === 'numbers') for (const one of message.items) known.times[one.number] = Math.max(known.times[one.number] ?? 0, one.time);
    if (message.type !== 'beat') return;
    known.lastFrame = message.lastFrame ?? known.lastFrame;
    for (const [number, time] of message.waves) known.times[number] = Math.max(known.times[number] ?? 0, time);
    window.beats?.push({ at: now(), longestMs: message.longestMs, ages: message.lanes.map((lane) => lane.ages), drawn: message.lanes.map((lane) => lane.drawn), delayMs: message.delayMs, serverNow: message.serverNow, gaps: message.gaps });
  };
  /** When the page's own thread was held up for more than 50 ms: seconds since it was armed, milliseconds, by which scripts. */
  let heldUp = [];
  let armedAt = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) heldUp.push([(one.startTime + performance.timeOrigin + at0 - armedAt) / 1000, one.duration, one.scripts.map((script) => `${script.invoker} ${Math.round(script.duration)}`).join(', ')]);
  }).observe({ type: 'long-animation-frame' });

  const Real = Worker;
  window.Worker = class extends Real {
    constructor(...args) {
      super(...args);
      workers.push(this);
      this.addEventListener('message', (event) => take(event.data));
    }
  };

  const order = ['live', 'late', 'lost'];
  const worst = (a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b);
  /** What is said of a device: whatever is not receiving or late no longer says that its data come. */
  const told = { receiving: 'live', late: 'late' };
  /** Everything on this screen that says how fresh something is: key, state, and how to ask what it shows, which may cost a layout. */
  function* things(bannerKnown = false) {
    for (const one of document.querySelectorAll('[data-signal]')) if (one.textContent !== '') yield [`signal ${one.dataset.signal}`, one.dataset.state, () => one.textContent];
    for (const one of document.querySelectorAll('[data-lane]')) yield [`lane ${one.dataset.lane}`, one.dataset.state, () => (getComputedStyle(one.querySelector('.lane-plot')).backgroundImage.includes('gradient') ? '---' : 'wave')];
    const link = document.querySelector('header .link');
    if (link !== null) {
      yield ['link', link.dataset.link, () => '---'];
      yield ['bed', worst(link.dataset.link, link.dataset.bed), () => '---'];
    }
    // Whether it is to be seen takes the page a layout.
    const isBanner = !bannerKnown && [...document.querySelectorAll('[data-banner=lost]')].some((one) => one.getClientRects().length > 0);
    if (!bannerKnown) yield ['banner', isBanner ? 'lost' : 'live', () => '---'];
    for (const one of document.querySelectorAll('tr[data-device]')) yield [`device ${one.dataset.device}`, told[one.dataset.deviceState] ?? 'lost', () => '---'];
    for (const one of document.querySelectorAll('[data-port]')) yield [`port ${one.dataset.port}`, told[one.dataset.portState] ?? 'lost', () => '---'];
  }

  const colourless = (element) => { const [r, g, b] = getComputedStyle(element).color.match(/\d+/g).map(Number); return Math.max(r, g, b) - Math.min(r, g, b) < 24; };
  let base = new Map();
  let turned = {};
  const scan = () => {
    const at = now();
    const seen = new Set();
    for (const [key, state, text] of things(turned.banner?.lost != null)) {
      if (seen.has(key)) continue;
      seen.add(key);
      if (base.get(key) !== 'live') continue;
      const one = (turned[key] ??= { late: null, lost: null, text: null });
      if (state !== 'live') one.late ??= at;
      else if (one.lost === null) one.late = null;
      if (state === 'lost' && one.lost === null) { one.lost = at; one.text = text(); }
    }
    // A port of a box that is not heard may leave the screen, a value never.
    for (const [key, state] of base) if (state === 'live' && key.startsWith('port') && !seen.has(key)) { const one = (turned[key] ??= { late: null, lost: null, text: '---' }); one.late ??= at; one.lost ??= at; one.text = '---'; }
  };
  document.addEventListener('DOMContentLoaded', () => new MutationObserver(scan).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-state', 'data-link', 'data-bed', 'data-device-state', 'data-port-state'] }));

  window.watch = {
    /** True when all was live at that moment: what is late just then could not be seen to turn late. Signals that came to be after the page's snapshot are described by the box. */
    async arm() {
      for (const one of await (await fetch('/api/v1/signals')).json()) known.signals[one.number] = { id: one.id, device: one.device, expectedS: one.expected_s, kind: one.kind };
      turned = {};
      heldUp = [];
      armedAt = now();
      base = new Map([...things()].map(([key, state]) => [key, state]));
      return [...base.values()].every((state) => state === 'live');
    },
    read() {
      scan();
      const grey = [...document.querySelectorAll('[data-signal][data-state=late], [data-signal][data-state=lost]')].every(colourless);
      return JSON.stringify({ turned, signals: known.signals, times: known.times, lastFrame: known.lastFrame, grey, heldUp });
    },
    /** Nothing that turned late is still waited for. */
    settled() { scan(); return Object.values(turned).every((one) => one.late === null || one.lost !== null); },
    states: () => JSON.stringify([...things()].map(([key, state]) => [key, state])),
    /** Begins to note what the worker does: beats, and how long numbers were on their way to the eye. */
    measure() {
      window.beats = [];
      window.latencies = [];
    },
    /** Ends that; `from` = only beats after that time. Ages are those at which samples were drawn in full colour. */
    measured(from) {
      const beats = window.beats.filter((one) => one.at >= from);
      const ages = beats.flatMap((one) => one.ages).filter((one) => one !== null);
      const sorted = window.latencies.toSorted((a, b) => a - b);
      const share = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? null;
      const first = beats.find((one) => one.ages.some((age) => age !== null));
      return JSON.stringify({
        beats: beats.length, freezes: beats.filter((one) => one.longestMs > 100).length, longestMs: Math.max(0, ...beats.map((one) => one.longestMs)),
        oldestMs: Math.max(0, ...ages.map((one) => one[1])), youngestMs: Math.min(...ages.map((one) => one[0])), youngestMostMs: Math.max(...ages.map((one) => one[0])),
        firstMs: first === undefined ? null : first.at - from, delayMs: beats.at(-1)?.delayMs ?? null, numbers: sorted.length, p95: share(0.95), p99: share(0.99),
      });
    },
    /** Holds up the page's own thread, so many times for so long, with pauses between. */
    async block(times, ms) {
      for (let i = 0; i < times; i++) {
        const until = performance.now() + ms;
        while (performance.now() < until);
        await new Promise((done) => setTimeout(done, 1500));
      }
    },
    now,
  };
})();
