import type { JSX } from 'preact';
export const WavesPage = (): JSX.Element => <main class="trends" />;
