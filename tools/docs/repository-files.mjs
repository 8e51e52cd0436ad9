import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.nx', '.data', 'coverage', 'gen']);

/** Paths of all files and folders below a folder, with slashes, without what is generated or installed. */
export function filesBelow(root) {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(folder, entry.name);
      found.push(relative(root, path).split(sep).join('/'));
      if (entry.isDirectory()) visit(path);
    }
  };
  visit(root);
  return found;
}
