import { defineConfig } from 'vitest/config';

// Everything is served by the box itself under "/": no external request, no inline script (the page runs under default-src 'self').
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8199', ws: true } } },
  // No test is one of speed: the limit only ends what hangs, on however busy a machine.
  test: { testTimeout: 60_000, include: ['test/**/*.test.ts'], setupFiles: ['test/spoken.ts'], environment: 'node' },
});
