import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextEntry } from '@rapport/contexts';
import { listings } from './listings.js';

/** Brings what lists the contexts up to date, or only looks. Resolves to the files that had fallen behind. */
export const writeListings = (
  root: string,
  contexts: readonly ContextEntry[],
  how: 'write' | 'check',
): readonly string[] =>
  listings.flatMap(({ file, written }) => {
    const path = join(root, file);
    const present = readFileSync(path, 'utf8');
    const wanted = written(present, contexts);
    if (wanted === present) return [];
    if (how === 'write') writeFileSync(path, wanted);
    return [file];
  });
