import { said, type ContextKind, type Words } from './context.ts';

// What one touch says: a kind, or one value of a kind that must say which.

export interface Preset {
  readonly kind: string;
  readonly attributes: { readonly [attribute: string]: string };
  /** On the button. */
  readonly label: Words;
  /** All of it, for whoever cannot see what the button stands under. */
  readonly full: Words;
}

export interface PresetGroup {
  readonly kind: string;
  /** Null = the button says it all. */
  readonly title: Words | null;
  readonly presets: readonly Preset[];
}

const of = (kind: ContextKind): PresetGroup => {
  const which = kind.attributes.find((one) => one.required);
  if (which === undefined) return { kind: kind.kind, title: null, presets: [{ kind: kind.kind, attributes: {}, label: kind.name, full: kind.name }] };
  return {
    kind: kind.kind,
    title: kind.name,
    presets: which.values.map((one) => ({
      kind: kind.kind,
      attributes: { [which.attribute]: one.value },
      label: one.name,
      full: { fr: `${kind.name.fr} : ${one.name.fr}`, en: `${kind.name.en}: ${one.name.en}` },
    })),
  };
};

/** What can be said of a signal (0 = of the bed), in the order of the catalogue: plain ones first, then those that say which. */
export function presetsOf(kinds: readonly ContextKind[], signal: number): readonly PresetGroup[] {
  const fitting = kinds.filter((kind) => kind.offered && (signal === 0 ? kind.bed : kind.signals.has(signal))).map(of);
  return [...fitting.filter((group) => group.title === null), ...fitting.filter((group) => group.title !== null)];
}

export const presetText = (words: Words): string => said(words);
