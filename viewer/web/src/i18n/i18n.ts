import { Cell } from '../base/cell.ts';
import type { Language } from '../catalog/labels.ts';
import type { Key } from './fr.ts';

export type { Key } from './fr.ts';

/** The language shown; its words are here before it is set: `speak` sees to that. */
export const language = new Cell<Language>('fr');

type Values = { readonly [name: string]: string | number };
type Words<K extends string> = { readonly [key in K]: string };

const LOADERS: { readonly [spoken in Language]: () => Promise<Words<Key>> } = {
  fr: async () => (await import('./fr.ts')).fr,
  en: async () => (await import('./en.ts')).en,
};
const words: { [spoken in Language]?: Words<Key> } = {};

/** Where the words of the pages are that are fetched later, put there by the build; null where the modules have them themselves. */
declare const __WORDS__: { readonly [spoken in Language]: string } | null;
type Page = { [key: string]: string };
const pages: { readonly [spoken in Language]: { [page: string]: Page } } = { fr: {}, en: {} };
const fetched: { [spoken in Language]?: Promise<void> } = {};

/** The words of one page in one language, filled when they come: what the build puts in the place of a catalogue. */
export const pageWords = (spoken: Language, page: string): Page => (pages[spoken][page] ??= {});

async function fetchPages(spoken: Language): Promise<void> {
  if (__WORDS__ === null) return;
  const answer = await fetch(__WORDS__[spoken]);
  if (!answer.ok) throw new Error(`words: ${answer.status}`);
  for (const [page, said] of Object.entries((await answer.json()) as { readonly [page: string]: Page })) Object.assign(pageWords(spoken, page), said);
}

/** Rejects when the box does not answer; asked again it tries again. */
function pagesIn(spoken: Language): Promise<void> {
  fetched[spoken] ??= fetchPages(spoken).catch((reason: unknown) => {
    delete fetched[spoken];
    throw reason;
  });
  return fetched[spoken];
}

/** Resolves when every page can speak the language that is shown. */
export const pagesSpeak = (): Promise<void> => pagesIn(language.value);
let wanted: Language | null = null;

const filled = (text: string, values: Values): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** Fetches the words of the page as it starts in one language; they stay. Rejects when the box does not answer. */
export async function fetchWords(spoken: Language): Promise<void> {
  words[spoken] ??= await LOADERS[spoken]();
}

/** The same, and the words of all other pages. */
export async function fetchAllWords(spoken: Language): Promise<void> {
  await Promise.all([fetchWords(spoken), pagesIn(spoken)]);
  complete.add(spoken);
}

const complete = new Set<Language>();

/** Changes the language: at once when its words are here, else as soon as they came, unless another was asked for meanwhile. */
export function speak(spoken: Language): void {
  wanted = spoken;
  if (complete.has(spoken)) language.set(spoken);
  else {
    void fetchAllWords(spoken).then(() => {
      if (wanted === spoken) language.set(spoken);
    }, () => undefined);
  }
}

/** The words of one part of the screen in both languages; pages that are fetched later bring their own. */
export function catalogue<K extends string>(french: Words<K>, english: Words<K>): (key: K, values?: Values) => string {
  return (key, values = {}) => filled((language.value === 'fr' ? french : english)[key], values);
}

/** The same, and the words of every page. */
export function extended<K extends string>(french: Words<K>, english: Words<K>): (key: K | Key, values?: Values) => string {
  const own = catalogue<string>(french, english);
  return (key, values) => (key in french ? own(key, values) : t(key as Key, values));
}

/** Words of every page. */
export const t = (key: Key, values: Values = {}): string => filled(words[language.value]?.[key] ?? key, values);

export const locale = (): string => (language.value === 'fr' ? 'fr-FR' : 'en-GB');

/** A number as the device showed it: its own decimals, the decimal mark of the language. */
export function formatNumber(value: number, decimals: number | null): string {
  // What is rounded to nothing has no sign.
  const plain = (decimals === null ? String(Number(value.toPrecision(4))) : value.toFixed(Math.min(decimals, 6))).replace(/^-(?=[0.]+$)/, '');
  return language.value === 'fr' ? plain.replace('.', ',') : plain;
}

/** How long ago, in the largest whole unit. */
export function formatAge(ms: number): string {
  const s = Math.floor(ms / 1000);
  if (s < 120) return t('age.s', { n: s });
  if (s < 7200) return t('age.min', { n: Math.floor(s / 60) });
  return s < 172_800 ? t('age.h', { n: Math.floor(s / 3600) }) : t('age.d', { n: Math.floor(s / 86_400) });
}

/** 00:12, 1:02:03. */
export function formatDuration(ms: number): string {
  const s = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return s < 3600 ? `${two(Math.floor(s / 60))}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

const BYTE_STEPS = [[1e9, 'Go', 'GB'], [1e6, 'Mo', 'MB'], [1e3, 'ko', 'kB']] as const;

export function formatBytes(bytes: number): string {
  const [step, french, english] = BYTE_STEPS.find(([least]) => bytes >= least) ?? [1, 'o', 'B'];
  return `${formatNumber(bytes / step, step > 1 && bytes / step < 10 ? 1 : 0)} ${language.value === 'fr' ? french : english}`;
}

const counts: { [spoken in Language]?: Intl.NumberFormat } = {};

/** Thousands apart, as the language has it. */
export const formatCount = (count: number): string => (counts[language.value] ??= new Intl.NumberFormat(locale())).format(count);

/** A share in per cent, never rounded up: what lacks one sample is not 100 %. */
export function formatShare(part: number, whole: number): string {
  const percent = whole > 0 ? Math.floor((part / whole) * 10_000) / 100 : 0;
  return `${formatNumber(percent, percent === 100 || percent === 0 ? 0 : 2)} %`;
}
