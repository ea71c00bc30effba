import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { pageWords } from './words_plugin.ts';

const SHELL_MARK = '__SHELL__';

/** Puts into the service worker which files the shell has, and a name that changes with any of them: another shell is another script. */
function shell(): Plugin {
  return {
    name: 'bedside-shell',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const script = join(dir, 'sw.js');
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && one.name !== 'sw.js' && one.name !== 'index.html')
        .map((one) => join(one.parentPath, one.name).slice(dir.length)).sort();
      const hash = createHash('sha256').update(readFileSync(join(dir, 'index.html')));
      for (const file of files) hash.update(file).update(readFileSync(join(dir, file)));
      const code = readFileSync(script, 'utf8');
      if (!code.includes(SHELL_MARK)) throw new Error('the service worker has no place for the list of its files');
      writeFileSync(script, code.replace(SHELL_MARK, [hash.digest('hex').slice(0, 12), ...files].join(',')));
    },
  };
}

/** The page's words come with its script and not after it: whichever language is in use, both are small. */
function firstWords(): Plugin {
  return {
    name: 'bedside-first-words',
    apply: 'build',
    transformIndexHtml(html, { bundle }) {
      const files = Object.values(bundle ?? {}).filter((one) => one.type === 'chunk' && /src\/i18n\/(fr|en)\.ts$/.test(one.facadeModuleId ?? ''));
      if (files.length !== 2) throw new Error('the words of the page are not in files of their own');
      return { html, tags: files.map((one) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${one.fileName}` }, injectTo: 'head' as const })) };
    },
  };
}

// Everything is served by the box itself under "/": no external request, no inline script (the page runs under default-src 'self').
const words = pageWords();

export default defineConfig(({ command }) => ({
  base: '/',
  plugins: [words.plugin, firstWords(), shell()],
  define: { __WORDS__: JSON.stringify(command === 'build' ? words.addresses : null) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: 'index.html', sw: 'src/shell/service_worker.ts' },
      output: {
        // What opens after the waves comes in two parts, because small files compress badly: what was (trends, waves, events, sheet), and the rest.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'history', test: /src\/(exact|csv|sheet|marks|trend)\/|wire\/(gaps|events|sheet)_api|base\/ticks|ui\/(trend|span_label|lane_marks|mark_|wave_|waves|event|sheet|csv|quick)|i18n\/(trend|event|wave|sheet|csv|gap|mark)_words/ },
            { name: 'care', test: /src\/(ward|kiosk|people)\/|ui\/(health|setup|help|patient|stay_card|stay_say|stay_week|more|key_list|completeness|pinout|bed_step|check|port_pin|report_print|settings_bar|use_settings|ruler|use_json)|wire\/(setup|settings|stay)|i18n\/(stay|health|setup|settings|help|more|key|ward|kiosk|people|rights)_words/ },
          ],
        },
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8199', ws: true } } },
  // No test is one of speed: the limit only ends what hangs, on however busy a machine.
  test: { testTimeout: 60_000, include: ['test/**/*.test.ts'], setupFiles: ['test/spoken.ts'], environment: 'node' },
}));
