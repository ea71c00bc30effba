import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

// The words of pages that are fetched later leave the program: a screen fetches one file of its language. In the source they stay where they are
// typed and tested; the build takes them out of their modules and puts the files beside the program.

const FOLDER = join(import.meta.dirname, 'src/i18n');
/** `export const trendFr = {` to the brace that begins a line. */
const CATALOGUE = /^export const (\w+)(Fr|En)(?:: [^=]+)? = (\{\n[\s\S]*?\n\})(?: as const)?;$/gm;

type Words = { [page: string]: { [key: string]: string } };

/** The catalogues of one module as [page, language, literal], and the module without them. */
function takeOut(source: string): { readonly found: readonly (readonly [string, 'fr' | 'en', string])[]; readonly rest: string } {
  const found: (readonly [string, 'fr' | 'en', string])[] = [];
  const rest = source.replace(CATALOGUE, (_, page: string, ending: string, literal: string) => {
    const spoken = ending === 'Fr' ? 'fr' : 'en';
    found.push([page, spoken, literal]);
    return `export const ${page}${ending} = pageWords('${spoken}', '${page}');`;
  });
  return { found, rest: found.length === 0 ? source : `import { pageWords } from './i18n.ts';\n${rest}` };
}

/** For each language the address of its file, for the program; and what puts the files there. */
export function pageWords(): { readonly addresses: { readonly fr: string; readonly en: string }; readonly plugin: Plugin } {
  const literals = new Map<string, string>();
  const words: { readonly fr: Words; readonly en: Words } = { fr: {}, en: {} };
  // A catalogue may hold another's words: `...gapFr,`.
  const valueOf = (name: string): string => (literals.get(name) ?? '{}').replace(/\.\.\.(\w+(?:Fr|En)),/g, (_, other: string) => `...(${valueOf(other)}),`);
  for (const name of readdirSync(FOLDER).filter((one) => one.endsWith('_words.ts')).sort()) {
    const { found } = takeOut(readFileSync(join(FOLDER, name), 'utf8'));
    if (found.length !== 2) throw new Error(`${name} has ${found.length} catalogues; the build understands one in each language`);
    for (const [page, spoken, literal] of found) literals.set(page + (spoken === 'fr' ? 'Fr' : 'En'), literal);
  }
  for (const name of literals.keys()) words[name.endsWith('Fr') ? 'fr' : 'en'][name.slice(0, -2)] = new Function(`return ${valueOf(name)}`)() as Words[string];
  const fileOf = (spoken: 'fr' | 'en'): { readonly text: string; readonly name: string } => {
    const text = JSON.stringify(words[spoken]);
    return { text, name: `assets/words-${spoken}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json` };
  };
  const files = { fr: fileOf('fr'), en: fileOf('en') };
  return {
    addresses: { fr: `/${files.fr.name}`, en: `/${files.en.name}` },
    plugin: {
      name: 'bedside-page-words',
      apply: 'build',
      enforce: 'pre',
      transform(code, id) {
        return id.startsWith(FOLDER) && id.endsWith('_words.ts') ? { code: takeOut(code).rest, map: null } : null;
      },
      generateBundle() {
        for (const { name, text } of Object.values(files)) this.emitFile({ type: 'asset', fileName: name, source: text });
      },
    },
  };
}
