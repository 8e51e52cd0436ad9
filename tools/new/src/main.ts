import { join } from 'node:path';
import { contexts } from '@rapport/contexts';
import { writeListings } from './lists/write-listings.js';

/** node tools/new/dist/main.js contexts [--check]: writes what lists the contexts, or says what has fallen behind. */
const root = join(import.meta.dirname, '..', '..', '..');
const behind = writeListings(root, contexts, process.argv.includes('--check') ? 'check' : 'write');
for (const file of behind) console.log(`${file} did not list every context.`);
process.exitCode = behind.length > 0 && process.argv.includes('--check') ? 1 : 0;
