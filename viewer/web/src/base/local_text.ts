import type { WardClock } from './local_time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** 2026-10-25 02:00:00 on the ward's wall clock. */
export const localText = (ward: WardClock, time: number): string => new Date(time + ward.offset(time)).toISOString().slice(0, 19).replace('T', ' ');

/** +02:00: what makes a local time an instant. */
export function offsetText(ward: WardClock, time: number): string {
  const minutes = Math.round(ward.offset(time) / 60_000);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** 2026-10-25 on the ward's wall clock. */
export const localDate = (ward: WardClock, time: number): string => localText(ward, time).slice(0, 10);

/** The calendar day that is so many days away. */
export function dayAway(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 25/10/2026 */
export const dayText = (day: string): string => day.split('-').reverse().join('/');
