// Asked of the page itself by the tests and by dev/*.mjs: what can be touched and how near it is, how every text stands out, in which language it is. Put into the page with evaluate;
// afterwards window.audit answers in plain JSON. It changes nothing.
window.audit = (() => {
  const LEAST_PX = 48;
  const APART_PX = 8;
  const ROUNDING_PX = 0.5;
  const TOUCHED = 'a[href], button, input, select, textarea, summary, [role=button], [role=switch], [role=slider], [role=tab]';

  const name = (one) => `${location.hash} ${one.tagName.toLowerCase()}${one.className && typeof one.className === 'string' ? `.${one.className.split(' ').join('.')}` : ''} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}"`;

  /** The part of an element that is not cut off by scrolling or by the edge of the screen; null = none. */
  function visible(one) {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return null;
    let { left, top, right, bottom } = one.getBoundingClientRect();
    for (let up = one.parentElement; up !== null; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const box = up.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    [left, top, right, bottom] = [Math.max(left, 0), Math.max(top, 0), Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
    return right - left < 1 || bottom - top < 1 ? null : { left, top, right, bottom };
  }

  /** What can be touched: the smallest side, the smallest distance, and what is below the limits. */
  function targets() {
    const all = [...document.querySelectorAll(TOUCHED)].flatMap((one) => {
      const seen = visible(one);
      const box = one.getBoundingClientRect();
      // Only the keyboard moves a cursor of the trends: a hand touches the plot itself.
      return seen === null || getComputedStyle(one).pointerEvents === 'none' ? [] : [{ one, seen, width: box.width, height: box.height }];
    });
    const found = { count: all.length, smallest: Infinity, nearest: Infinity, faults: [] };
    for (const { one, width, height } of all) {
      found.smallest = Math.min(found.smallest, width, height);
      if (Math.min(width, height) < LEAST_PX - ROUNDING_PX) found.faults.push(`${name(one)} is ${width.toFixed(1)} x ${height.toFixed(1)} px`);
    }
    for (let i = 0; i < all.length; i++) {
      for (let k = i + 1; k < all.length; k++) {
        const [a, b] = [all[i], all[k]];
        if (a.one.contains(b.one) || b.one.contains(a.one)) continue;
        const gap = Math.max(a.seen.left - b.seen.right, b.seen.left - a.seen.right, a.seen.top - b.seen.bottom, b.seen.top - a.seen.bottom);
        found.nearest = Math.min(found.nearest, gap);
        if (gap < APART_PX - ROUNDING_PX) found.faults.push(`${name(a.one)} and ${name(b.one)} are ${gap.toFixed(1)} px apart`);
      }
    }
    return found;
  }

  const parse = (colour) => {
    const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return { r, g, b, a };
  };
  const over = (front, back) => ({ r: front.r * front.a + back.r * (1 - front.a), g: front.g * front.a + back.g * (1 - front.a), b: front.b * front.a + back.b * (1 - front.a), a: 1 });
  const light = ({ r, g, b }) => [r, g, b].map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)).reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);

  /** The colours of the text of an element and of what is behind it, with every transparency counted in. */
  function coloursOf(one) {
    const chain = [];
    for (let up = one; up !== null; up = up.parentElement) chain.unshift(up);
    let back = { r: 0, g: 0, b: 0, a: 1 };
    let opacity = 1;
    for (const up of chain) {
      const style = getComputedStyle(up);
      opacity *= Number(style.opacity);
      const ground = parse(style.backgroundColor);
      back = over({ ...ground, a: ground.a * opacity }, back);
    }
    const ink = parse(getComputedStyle(one)[one instanceof SVGElement ? 'fill' : 'color']);
    // A letter in a drawing stands on the shape that was drawn before it, if that one is filled.
    const shape = one instanceof SVGElement ? one.previousElementSibling : null;
    if (shape instanceof SVGGeometryElement && getComputedStyle(shape).fill !== 'none') back = over(parse(getComputedStyle(shape).fill), back);
    return { ink: over({ ...ink, a: ink.a * opacity }, back), back };
  }

  /** Contrast of every text that is seen: the least of texts (4.5) and of measured values (7), and what is below. */
  function contrast() {
    const found = { texts: 0, least: Infinity, leastOf: '', leastNumber: Infinity, leastNumberOf: '', faults: [] };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const one = node.parentElement;
      if (node.textContent.trim() === '' || one === null || seen.has(one) || one.closest('.sr, .lane-demo, noscript, script') !== null || visible(one) === null) continue;
      seen.add(one);
      const { ink, back } = coloursOf(one);
      const value = ratio(ink, back);
      const isNumber = one.closest('.num-value, .trend-now') !== null && one.closest('.num-unit') === null;
      found.texts++;
      if (value < found.least) [found.least, found.leastOf] = [value, name(one)];
      if (isNumber && value < found.leastNumber) [found.leastNumber, found.leastNumberOf] = [value, name(one)];
      if (value < (isNumber ? 7 : 4.5)) found.faults.push(`${name(one)} has ${value.toFixed(2)}`);
    }
    return found;
  }

  /** The same of one element, by its selector. */
  function contrastOf(selector) {
    const one = document.querySelector(selector);
    // The large DÉMO over a lane is an ornament: the bar says the same in full contrast.
    if (one === null || one.closest('.lane-demo') !== null) return 99;
    const { ink, back } = coloursOf(one);
    return ratio(ink, back);
  }

  /** Texts and names of the page, each once, that are seen or read out. */
  function words() {
    const all = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent.trim();
      const one = node.parentElement;
      if (text !== '' && one !== null && one.closest('noscript, script, [lang]:not(html)') === null && one.checkVisibility()) all.add(text);
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]')) {
      for (const attribute of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) {
        const text = one.getAttribute(attribute)?.trim();
        if (text) all.add(text);
      }
    }
    return [...all];
  }

  /** What the keyboard can reach on this page, in the words of a person. */
  const reachable = () => [...document.querySelectorAll(`${TOUCHED}, [tabindex='0']`)].filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })).map(name);

  let visited = new WeakSet();

  /** A walk begins: nothing had the focus yet. */
  function walk() {
    document.activeElement?.blur();
    getSelection()?.removeAllRanges();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    visited = new WeakSet();
  }

  /** The element that has the focus, how it shows it, and whether this walk was there before: two rows of one second have one name. */
  function focused() {
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    const style = getComputedStyle(one);
    const again = visited.has(one);
    visited.add(one);
    return { name: name(one), again, outlinePx: style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth), seen: visible(one) !== null };
  }

  /** Whether everything that must be seen is within the screen: nothing scrolls sideways, clock, statement and bar whole. */
  function cut() {
    const faults = [];
    if (document.scrollingElement.scrollWidth > innerWidth + 1) faults.push(`the page is ${document.scrollingElement.scrollWidth} px wide on ${innerWidth}`);
    for (const part of ['.clock', '.badge', '.link', '.bed', ...[...document.querySelectorAll('.nav-item')].map((_, i) => `.nav-item:nth-child(${i + 1})`), '.actions']) {
      const one = document.querySelector(part);
      const box = one?.getBoundingClientRect();
      if (box === undefined) faults.push(`${part} is missing`);
      else if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1) faults.push(`${part} reaches out of the screen`);
      else if (part.startsWith('.nav') && one.scrollWidth > one.clientWidth + 1) faults.push(`${part} cuts its word off`);
    }
    const header = document.querySelector('.header');
    const parts = [...header.children].map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0);
    for (const [i, a] of parts.entries()) {
      for (const b of parts.slice(i + 1)) if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) faults.push(`parts of the header overlap at ${b.left.toFixed(0)} px`);
    }
    return faults;
  }

  /** Anything that moves or blinks by style; waves are drawn, not animated. */
  const moving = () => document.getAnimations().map((one) => name(one.effect.target));

  return { targets, contrast, contrastOf, words, reachable, walk, focused, cut, moving };
})();
