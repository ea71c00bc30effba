import type { LiveStore } from '../live/live_store.ts';
import { MISSING } from '../catalog/units.ts';
import { worst } from '../live/freshness.ts';
import type { NumberUpdate } from '../live/messages.ts';
import type { Shown } from '../catalog/units.ts';
import type { SignalDescription, State } from '../wire/api.ts';
import { isUsable, Validity } from '../wire/validity.ts';
import { formatAge, formatNumber, t } from '../i18n/i18n.ts';
import { language } from '../i18n/i18n.ts';

export interface BoundPart {
  readonly signal: SignalDescription;
  readonly element: HTMLElement;
  readonly shown: Shown;
}

export interface BoundSlot {
  readonly root: HTMLElement;
  readonly age: HTMLElement;
  /** Little room: the age alone, without its words. */
  readonly brief: boolean;
  readonly parts: readonly BoundPart[];
}

export const INVALID = '-?-';

/** What is shown for a value in a state, in the unit of `shown`; nothing lost, missing or invalid ever keeps its digits. */
export function valueText(known: NumberUpdate | undefined, state: State, shown: Shown): string {
  if (state === 'lost' || known === undefined) return MISSING;
  if ((known.validity & Validity.Invalid) !== 0) return INVALID;
  if (!isUsable(known.validity)) return MISSING;
  if (known.text !== null && known.text !== '') return known.text;
  return known.value === null ? MISSING : formatNumber(shown.of(known.value), shown.decimals(known.decimals));
}

/** Writes numbers and ages straight into the page: no tree is rendered for a value. */
export class NumericPainter {
  private readonly slots = new Set<BoundSlot>();

  constructor(private readonly store: LiveStore) {
    store.tick.watch(() => this.paint());
    store.changed.watch(() => this.paint());
    language.watch(() => this.paint());
  }

  /** Returns how to let go of it. */
  bind(slot: BoundSlot): () => void {
    this.slots.add(slot);
    this.paintSlot(slot);
    return () => this.slots.delete(slot);
  }

  private paint(): void {
    for (const slot of this.slots) this.paintSlot(slot);
  }

  private paintSlot(slot: BoundSlot): void {
    let state: State = 'live';
    let oldest: number | null = null;
    let aperiodic = false;
    // A setting or a text stands until it is changed: when it was set says nothing of how fresh it is.
    let ageless = true;
    for (const { signal, element, shown } of slot.parts) {
      const known = this.store.numbers.get(signal.number);
      const own = this.store.stateOf(signal);
      state = worst(state, own);
      aperiodic ||= signal.expectedS === null && signal.kind === 'numeric';
      ageless &&= signal.expectedS === null && signal.kind !== 'numeric';
      if (known !== undefined && (oldest === null || known.time < oldest)) oldest = known.time;
      setText(element, valueText(known, own, shown));
      setData(element, 'state', own);
      setData(element, 'questionable', String(own !== 'lost' && known !== undefined && (known.validity & Validity.Questionable) !== 0));
    }
    setData(slot.root, 'state', state);
    const age = this.store.ageOf(oldest);
    const told = age !== null && !ageless && (state !== 'live' || aperiodic);
    setText(slot.age, !told ? '' : slot.brief ? formatAge(age) : t('age.ago', { age: formatAge(age) }));
  }
}

/** Reads what is there, for it is the page that must be right; a text that stands alone is read and written without building another. */
export function setText(element: HTMLElement, text: string): void {
  const only = element.firstChild;
  const place = only?.nodeType === Node.TEXT_NODE && only === element.lastChild ? only : element;
  if ((place === element ? place.textContent : place.nodeValue) !== text) place.textContent = text;
}

export function setData(element: HTMLElement, name: string, value: string): void {
  const attribute = `data-${name}`;
  if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}
