import { fetchAllWords } from '../src/i18n/i18n.ts';

// What the page does before it stands.
await Promise.all([fetchAllWords('fr'), fetchAllWords('en')]);
