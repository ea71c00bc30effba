// Runs in the page of the trends: brings it to a time, and holds the pixels of its lanes against what was stored (window.month).
() => {
  const INK = 80; // brighter than hatching and lines of time, darker than any band
  const lanes = () => [...document.querySelectorAll('[data-lane-trend]')];
  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  /** Shows so many hours that end at an instant, once every lane has all its tiles. */
  window.show = async (hours, to) => {
    const query = new URLSearchParams(location.hash.split('?')[1]);
    query.set('h', hours);
    query.set('to', new Date(Math.floor(to)).toISOString());
    location.hash = `#/trends?${query}`;
    for (let frames = 0; frames < 1200; frames++) {
      await nextFrame();
      const there = lanes();
      const plot = document.querySelector('[data-trend-plot]').clientWidth;
      const step = (hours * 3_600_000) / plot;
      if (there.length === 8 && there.every((one) => one.dataset.loading === 'false' && Math.abs(one.dataset.step / step - 1) < 1e-9 && Math.abs(Number(one.dataset.start) + plot * step - Math.floor(to)) <= step)) return;
    }
    throw new Error(`no picture of ${hours} h until ${new Date(to).toISOString()}: ${lanes().map((one) => JSON.stringify(one.dataset)).join(' ')}`);
  };

  const picture = (canvas) => ({
    id: canvas.dataset.laneTrend, start: Number(canvas.dataset.start), step: Number(canvas.dataset.step), low: Number(canvas.dataset.low), high: Number(canvas.dataset.high),
    width: canvas.width, height: canvas.height, data: new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer),
  });

  /** Looks for spikes, for ink in gaps and for data without ink in one lane. */
  function lookAt(one, signal, seen) {
    const { width, height, data, start, step, low, high } = one;
    const ink = (x, y) => {
      if (x < 0 || x >= width || y < 0 || y >= height) return false;
      const colour = data[y * width + x];
      return Math.max(colour & 255, (colour >> 8) & 255, (colour >> 16) & 255) > INK;
    };
    const yOf = (value) => Math.round(3 + (height - 7) * (1 - Math.min(1, Math.max(0, (value - low) / (high - low)))));
    const wave = signal.id.startsWith('w');
    const [base, noise] = wave ? [0, 0.03] : [80, 1];
    // Rows that the quiet line can reach: its line is 2 px thick.
    const [quietTop, quietBottom] = [yOf(base + noise) - 2, yOf(base - noise) + 3];
    const near = new Uint8Array(width);
    const stands = wave ? 0 : Math.ceil((1.5 * signal.period) / step) + 2;
    for (const [time, value] of signal.spikes) {
      const x = Math.floor((time - start) / step);
      for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 2 + stands); i++) near[i] = 1;
      if (x < 2 || x >= width - 2 || seen.spikes.has(`${signal.id} ${time}`)) continue;
      seen.spikes.add(`${signal.id} ${time}`);
      const y = yOf(value);
      const found = [x, x - 1, x + 1].some((i) => ink(i, y) || ink(i, y - 1) || ink(i, y + 1));
      if (seen.settled && (value < low || value > high)) { seen.beyond++; seen.first ??= `${signal.id}: ${value} lies beyond ${low} to ${high}`; }
      if (found) seen.found++;
      else seen.first ??= `${signal.id}: ${value} at ${new Date(time).toISOString()} is not at ${x}, ${y} of ${width} x ${height}, ${low} to ${high}`;
    }
    // 1: a column that lies wholly in a gap with a column to spare; 2: one that lies wholly in data.
    const kind = new Uint8Array(width).fill(1);
    for (const [first, last] of signal.data) {
      const [a, b] = [(first - start) / step, (last + (wave ? 0 : signal.period) - start) / step];
      for (let x = Math.max(0, Math.floor(a) - 1); x <= Math.min(width - 1, Math.floor(b) + 1); x++) kind[x] = x > a + 1 && x + 1 < b - 1 && (!wave || step > 2 * signal.period) ? 2 : 0;
    }
    for (let x = 0; x < width; x++) {
      let [any, stray] = [false, false];
      for (let y = 0; y < height; y++) {
        if (!ink(x, y)) continue;
        any = true;
        if (y < quietTop || y > quietBottom) stray = true;
      }
      const when = new Date(start + x * step).toISOString();
      if (stray && near[x] === 0) { seen.strays++; seen.first ??= `${signal.id}: ink at ${when} away from the line`; }
      if (kind[x] === 1) { seen.gaps++; if (any) { seen.inked++; seen.first ??= `${signal.id}: ink in a gap at ${when}, column ${x} of ${step} ms`; } }
      if (kind[x] === 2) { seen.full++; if (!any) { seen.empty++; seen.first ??= `${signal.id}: no ink at ${when}, column ${x} of ${step} ms`; } }
    }
  }

  /** Goes through the month in charts of so many hours; at most so many of those that have a spike, taken by a seed. */
  window.look = async (hours, most, seed, settledViews) => {
    const { month } = window;
    const span = hours * 3_600_000;
    const seen = { found: 0, strays: 0, gaps: 0, inked: 0, full: 0, empty: 0, views: 0, beyond: 0, first: undefined, spikes: new Set() };
    const spikes = month.signals.flatMap((signal) => signal.spikes.map(([time]) => time)).sort((a, b) => a - b);
    // A chart begins a little before the first spike that was not seen yet, by a share of its own.
    let random = seed * 2654435761 % 2 ** 32;
    const next = () => (random = (random * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
    let views = [];
    // The month is as long as the longest chart: two, so that each end is away from an edge once.
    if (span >= month.to - month.from) views = [month.from - 0.01 * span, month.from + 0.01 * span];
    else for (let i = 0; i < spikes.length;) {
      const from = spikes[i] - (0.005 + 0.1 * next()) * span;
      views.push(from);
      while (i < spikes.length && spikes[i] < from + span * 0.99) i++;
    }
    if (views.length > most) views = Array.from({ length: most }, (_, i) => views[Math.floor(((i + next()) * views.length) / most)]);
    for (const from of views) {
      await window.show(hours, from + span);
      // The range follows the data once no hand has moved the chart for a while; before that, what leaves it lies on its edge.
      seen.settled = seen.views < settledViews;
      if (seen.settled) await new Promise((done) => setTimeout(done, 1000));
      seen.views++;
      for (const canvas of lanes()) lookAt(picture(canvas), month.signals.find((one) => one.id === canvas.dataset.laneTrend), seen);
    }
    const { spikes: looked, ...counts } = seen;
    return JSON.stringify({ ...counts, looked: looked.size, first: seen.first ?? '' });
  };

  /** Keeps the pictures of all lanes, and compares the columns that both have. */
  let kept = [];
  window.remember = async () => {
    for (let frames = 0; frames < 600 && lanes().some((one) => one.dataset.loading !== 'false'); frames++) await nextFrame();
    kept = lanes().map(picture);
  };
  window.compare = async () => {
    await nextFrame();
    for (let frames = 0; frames < 600 && lanes().some((one) => one.dataset.loading !== 'false'); frames++) await nextFrame();
    const result = { compared: 0, changed: 0, rescaled: 0, moved: 0, where: '' };
    lanes().map(picture).forEach((now, i) => {
      const before = kept[i];
      if (now.low !== before.low || now.high !== before.high || now.step !== before.step) result.rescaled++;
      const shift = Math.round((now.start - before.start) / now.step);
      result.moved = shift;
      for (let x = Math.max(0, -shift); x < Math.min(now.width, before.width - shift); x++) {
        result.compared++;
        for (let y = 0; y < now.height; y++) {
          if (now.data[y * now.width + x] === before.data[y * before.width + x + shift]) continue;
          result.changed++;
          result.where ||= `${now.id} column ${x} was ${x + shift} of ${now.width}, row ${y}`;
          break;
        }
      }
    });
    return JSON.stringify(result);
  };
}
