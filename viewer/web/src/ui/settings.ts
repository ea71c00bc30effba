import { Cell } from '../base/cell.ts';
import type { Language } from '../catalog/labels.ts';
import { language, speak } from '../i18n/i18n.ts';

// What a person chose on this screen; kept by the browser, never sent anywhere.

export type TextSize = 1 | 2 | 3;

export const night = new Cell(false);
export const textSize = new Cell<TextSize>(1);
const PX_PER_MM = 96 / 25.4;
/** Whether single keys act: WCAG 2.1.4 wants a way to switch them off. Tab, Enter, Space and the arrows in a slider always do what the browser does. */
export const hotkeys = new Cell(true);
/** CSS pixels of one millimetre; the CSS definition until the screen is calibrated. */
export const pxPerMm = new Cell(PX_PER_MM);

const KEY = 'bedside.screen';

interface Kept {
  readonly language?: unknown;
  readonly night?: unknown;
  readonly textSize?: unknown;
  readonly pxPerMm?: unknown;
  readonly hotkeys?: unknown;
}

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

function keep(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ language: language.value, night: night.value, textSize: textSize.value, pxPerMm: pxPerMm.value, hotkeys: hotkeys.value }));
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

function apply(): void {
  const root = document.documentElement;
  root.lang = language.value;
  root.dataset['night'] = String(night.value);
  root.dataset['size'] = String(textSize.value);
}

const isLanguage = (value: unknown): value is Language => value === 'fr' || value === 'en';
const isSize = (value: unknown): value is TextSize => value === 1 || value === 2 || value === 3;

/** Takes what was kept; true when the person had chosen a language here. */
export function restoreSettings(): boolean {
  const kept = read();
  if (isLanguage(kept.language)) language.set(kept.language);
  if (isSize(kept.textSize)) textSize.set(kept.textSize);
  if (typeof kept.pxPerMm === 'number' && kept.pxPerMm > 1 && kept.pxPerMm < 20) pxPerMm.set(kept.pxPerMm);
  night.set(kept.night === true);
  hotkeys.set(kept.hotkeys !== false);
  apply();
  for (const cell of [language, night, textSize, pxPerMm, hotkeys]) {
    (cell as Cell<unknown>).watch(() => {
      apply();
      keep();
    });
  }
  return isLanguage(kept.language);
}

export const toggleHotkeys = (): void => hotkeys.set(!hotkeys.value);
export const toggleNight = (): void => night.set(!night.value);
export const toggleLanguage = (): void => speak(language.value === 'fr' ? 'en' : 'fr');
export const nextTextSize = (): void => textSize.set(textSize.value === 1 ? 2 : textSize.value === 2 ? 3 : 1);
