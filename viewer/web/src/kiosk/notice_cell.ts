import { Cell } from '../base/cell.ts';

/** What is about to happen by itself, and in how many seconds; a touch keeps it away. */
export interface Pending {
  readonly what: 'back' | 'build' | 'planned';
  readonly seconds: number;
}

export const pending = new Cell<Pending | null>(null);

export function announce(next: Pending | null): void {
  const was = pending.value;
  if (was?.what !== next?.what || was?.seconds !== next?.seconds) pending.set(next);
}
