import { Cell } from '../base/cell.ts';
import type { StayTasks } from '../wire/stay_api.ts';
import { getJson } from './http.ts';

const ASK_MS = 5_000;
/** A box that keeps no stays is asked seldom. */
const SELDOM_MS = 60_000;

/** How the bed stands and what is to be settled; asked again every few seconds. Null = not known now. */
export class StayWatch {
  readonly tasks = new Cell<StayTasks | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = '';
  private asked = 0;

  start(): void {
    void this.ask();
  }

  /** Asks at once, and then in its turn. */
  async ask(): Promise<void> {
    clearTimeout(this.timer);
    const turn = ++this.asked;
    // Read after the first picture stands: waves come first.
    const [json, reader] = await Promise.all([getJson('/api/v1/stays/tasks'), import('../wire/stay_api.ts').catch(() => null)]);
    const answer = reader === null ? null : reader.readStayTasks(json);
    // An answer that was overtaken says less than the newer one.
    if (turn !== this.asked) return;
    const text = JSON.stringify(answer);
    if (text !== this.last) {
      this.last = text;
      this.tasks.set(answer);
    }
    this.timer = setTimeout(() => void this.ask(), answer !== null && !answer.kept ? SELDOM_MS : ASK_MS);
  }
}
