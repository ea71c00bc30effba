import { Cell } from '../base/cell.ts';

/** Who stands before the screen: `open` = the box has no accounts; `resting` = somebody signed in and did not touch it for a while. */
export type Standing = 'open' | 'nobody' | 'resting' | 'person' | 'emergency' | 'blank';

export const standing = new Cell<Standing>('open');

/** What requests of a person that change something carry beside the cookie; empty = nobody signed in. */
export const token = new Cell('');
