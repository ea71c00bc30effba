const TICKS = 4;

/** Of the store's tick: what tells ages in whole seconds, and nothing of what is fresh, need not be drawn anew more often. */
export const secondOf = (tick: number): number => Math.floor(tick / TICKS);
