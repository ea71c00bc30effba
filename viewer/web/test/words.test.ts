import { readdirSync, readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { language, speak, t } from '../src/i18n/i18n.ts';

const SOURCE = new URL('../src/', import.meta.url);
const I18N = 'i18n/';

type Catalogue = { readonly [key: string]: string };
type Node = { readonly type: string; readonly [field: string]: unknown };

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name)).sort();
const source = new Map(files.map((name) => [name, readFileSync(new URL(name, SOURCE), 'utf8')]));

/** Every catalogue of the page as [file, French, English]: the words of all pages, and what a page brings. */
const catalogues = await Promise.all(files.filter((name) => name.startsWith(I18N) && /(_words|\/fr)\.ts$/.test(name)).map(async (name) => {
  const all = { ...((await import(/* @vite-ignore */ new URL(name, SOURCE).pathname)) as object), ...(name === 'i18n/fr.ts' ? await import('../src/i18n/en.ts') : {}) };
  const of = (ending: RegExp): Catalogue => {
    const found = Object.entries(all).find(([key, value]) => ending.test(key) && typeof value === 'object');
    if (found === undefined) throw new Error(`${name} has no ${ending.source}`);
    return found[1] as Catalogue;
  };
  return [name, of(/(^f|F)r$/), of(/(^e|E)n$/)] as const;
}));

function walk(value: unknown, visit: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit, parents);
  else if (typeof value === 'object' && value !== null) {
    const node = value as Node;
    const typed = typeof node.type === 'string';
    if (typed) visit(node, parents);
    for (const one of Object.values(node)) walk(one, visit, typed ? [...parents, node] : parents);
  }
}

const parsed = new Map([...source].map(([name, text]) => [name, parseAst(text, { lang: name.endsWith('x') ? 'tsx' : 'ts' })]));

/** Every text constant of the code, and the beginnings of those that are put together (`setup.${…}`). */
function constants(names: readonly string[]): { readonly whole: ReadonlySet<string>; readonly begun: ReadonlySet<string> } {
  const whole = new Set<string>();
  const begun = new Set<string>();
  for (const name of names) {
    walk(parsed.get(name), (node) => {
      if (node.type === 'Literal' && typeof node['value'] === 'string') whole.add(node['value']);
      if (node.type === 'TemplateLiteral') {
        const [first] = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
        if (first !== undefined && first.value.cooked !== '') begun.add(first.value.cooked);
      }
    });
  }
  return { whole, begun };
}

/** What a person can read of an attribute. */
const READ_ATTRIBUTES = new Set(['aria-label', 'title', 'alt', 'placeholder', 'label', 'aria-description', 'aria-valuetext']);
/** Signs that are the same in every language: what is typed on a keyboard, letters of cursors, units. */
const SIGNS = /^(?:[AB]|Esc|Δ?t?|mm|px|s|Bedside|FR|EN|min|Hz)$/;
const LETTERS = /\p{L}{1,}/u;

/** Texts of a page that stand in the code and not in a catalogue. */
function hardCoded(name: string): string[] {
  const found: string[] = [];
  const judge = (text: string): void => {
    const plain = text.trim();
    if (LETTERS.test(plain) && !plain.split(/[^\p{L}]+/u).filter(Boolean).every((word) => SIGNS.test(word))) found.push(`${name}: ${plain}`);
  };
  const judgeExpression = (node: Node): void => {
    switch (node.type) {
      case 'Literal': if (typeof node['value'] === 'string') judge(node['value']); break;
      case 'TemplateLiteral': for (const part of node['quasis'] as readonly { readonly value: { readonly cooked: string } }[]) judge(part.value.cooked); break;
      case 'ConditionalExpression': judgeExpression(node['consequent'] as Node); judgeExpression(node['alternate'] as Node); break;
      case 'LogicalExpression': judgeExpression(node['right'] as Node); break;
      default: break;
    }
  };
  walk(parsed.get(name), (node, parents) => {
    if (node.type === 'JSXText') judge(String(node['value']));
    if (node.type === 'JSXExpressionContainer' && parents.at(-1)?.type !== 'JSXAttribute') judgeExpression(node['expression'] as Node);
    if (node.type === 'JSXAttribute' && READ_ATTRIBUTES.has(String((node['name'] as Node)['name']))) {
      const value = node['value'] as Node | null;
      if (value !== null) judgeExpression(value.type === 'JSXExpressionContainer' ? (value['expression'] as Node) : value);
    }
    const callee = node.type === 'CallExpression' ? (node['callee'] as Node) : null;
    if (callee?.type === 'Identifier' && callee['name'] === 'setText') for (const argument of node['arguments'] as readonly Node[]) judgeExpression(argument);
  });
  return found;
}

describe('the catalogues', () => {
  it('have the same keys, the same blanks, and no empty text', () => {
    expect(catalogues.length).toBeGreaterThan(6);
    for (const [name, french, english] of catalogues) {
      expect(Object.keys(english).sort(), name).toEqual(Object.keys(french).sort());
      for (const [key, text] of Object.entries(french)) {
        const blanks = (one: string): string[] => [...one.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
        expect(blanks(english[key] ?? ''), `${name} ${key}`).toEqual(blanks(text));
        expect(text.length * (english[key] ?? '').length, `${name} ${key}`).toBeGreaterThan(0);
      }
    }
  });

  it('have no key that no page uses', () => {
    const { whole, begun } = constants(files.filter((name) => !catalogues.some(([own]) => own === name) && name !== 'i18n/en.ts'));
    const own = new Map(catalogues.map(([name]) => [name, constants([name])]));
    for (const [name, french] of catalogues) {
      const unused = Object.keys(french).filter((key) => !whole.has(key) && ![...begun, ...(own.get(name)?.begun ?? [])].some((beginning) => key.startsWith(beginning)));
      expect(unused, name).toEqual([]);
    }
  });

  it('are where every text of every page comes from', () => {
    expect(files.filter((name) => name.endsWith('x')).flatMap(hardCoded)).toEqual([]);
  });

  it('change at one touch, once their words are here', () => {
    speak('en');
    expect([language.value, t('nav.trends')]).toEqual(['en', 'Trends']);
    speak('fr');
    expect([language.value, t('nav.trends')]).toEqual(['fr', 'Tendances']);
  });
});
