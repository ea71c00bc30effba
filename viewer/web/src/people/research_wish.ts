import { Cell } from '../base/cell.ts';
import { getJson, sendJson } from '../live/http.ts';
import { readResearch, type Research } from './rights_api.ts';

/** What the patient in the bed said of research; null = nobody lies there, or it is not known yet. One for every card that shows it: a card that is made anew while an answer is on the way shows that answer. */
export const wish = new Cell<Research | null>(null);
let turn = 0;

/** Asks the box; what was asked before something newer was said or asked tells nothing any more. */
export async function readWish(): Promise<void> {
  const mine = ++turn;
  const json = await getJson('/api/v1/stays/present/research');
  if (mine === turn) wish.set(readResearch(json));
}

/** Says no (POST), or takes it back (DELETE). Status 0 = no answer. */
export async function sayWish(method: 'POST' | 'DELETE', stay: string): Promise<{ readonly status: number; readonly json: unknown }> {
  const answer = await sendJson(method, `/api/v1/stays/${stay}/research/refusal`, {});
  turn++;
  if (answer.status === 200) wish.set(readResearch(answer.json));
  void readWish();
  return answer;
}
