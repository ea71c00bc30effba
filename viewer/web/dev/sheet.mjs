// A day of the mock's patient by hours, and envelopes, straight from the functions of time: what /sheet and /envelope would answer. Not part of the product.
import { numbers, NIBP_EVERY_S } from './patient.mjs';

const HOUR = 3_600_000;
const ZONE = 'Europe/Paris';
const iso = (ms) => new Date(ms).toISOString();
const offset = (ms) => {
  const at = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: ZONE, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(ms).map((part) => [part.type, Number(part.value)]));
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute) - Math.floor(ms / 60_000) * 60_000;
};
const startOf = (day) => {
  const local = Date.parse(`${day}T07:00:00Z`);
  return local - offset(local - HOUR);
};
const away = (day, days) => iso(Date.parse(`${day}T12:00:00Z`) + days * 24 * HOUR).slice(0, 10);
const isGap = (t) => t % 43_200 > 30_100 && t % 43_200 < 33_100;

function valuesOf(s, from, to) {
  const period = s.expected === null ? NIBP_EVERY_S * 1000 : Math.max(60_000, (to - from) / 120);
  const values = [];
  for (let t = Math.ceil(from / period) * period; t < to; t += period) if (!isGap(t / 1000)) values.push(Number(s.at(t / 1000).toFixed(s.decimals)));
  return values.sort((a, b) => a - b);
}

function cellOf(s, from, to, now) {
  const end = Math.min(to, now);
  const values = valuesOf(s, from, end);
  if (from >= now || values.length === 0) return null;
  const whole = (end - from) / 60_000;
  return { median: values[(values.length - 1) >> 1], min: values[0], max: values.at(-1), count: s.expected === null ? values.length : values.length * 60, questionable: 0, inAlarm: 0, coverage: s.expected === null ? null : Math.min(1, values.length / Math.max(1, Math.floor(whole))) };
}

export function sheet(query, now) {
  const today = iso(now + offset(now) - 7 * HOUR).slice(0, 10);
  const day = query.get('day') ?? today;
  const asked = (query.get('signals') ?? '').split(',').map(Number);
  const [from, to] = [startOf(day), startOf(away(day, 1))];
  const hours = Array.from({ length: Math.round((to - from) / HOUR) }, (_, i) => ({ from: iso(from + i * HOUR), to: iso(from + (i + 1) * HOUR), offsetMinutes: offset(from + i * HOUR) / 60_000 }));
  const rows = asked.flatMap((number) => numbers.find((s) => s.number === number) ?? []).map((s) => ({ number: s.number, id: s.id, unit: s.unit, decimals: s.decimals, demo: true, cells: hours.map((hour) => cellOf(s, Date.parse(hour.from), Date.parse(hour.to), now)) }));
  return { box: 'BX-0012', day, timeZone: ZONE, dayStart: '07:00', from: iso(from), to: iso(to), at: iso(now), digest: '9f3c'.padEnd(64, '0'), hours, rows: rows.filter((row) => row.cells.some(Boolean)) };
}

export function envelope(number, from, to, points, now) {
  const s = numbers.find((one) => one.number === number);
  const step = (to - from) / points;
  return s === undefined ? [] : Array.from({ length: points }, (_, i) => from + i * step).flatMap((t) => {
    const values = valuesOf(s, t, Math.min(t + step, now));
    return values.length === 0 ? [] : [{ t: iso(t), until: iso(t + step), min: values[0], max: values.at(-1), mean: values.reduce((a, b) => a + b, 0) / values.length, first: values[0], last: values[0], count: values.length }];
  });
}
