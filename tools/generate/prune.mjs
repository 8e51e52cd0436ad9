import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Removes generated files of imported protos (google.*) that no type of ours needs: options leave no trace in types. */
export function prune(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
  const needed = new Set(files.filter((file) => file.startsWith('rapport')));
  for (const file of needed) for (const imported of imports(folder, file)) needed.add(imported);
  for (const file of files) if (!needed.has(file)) rmSync(join(folder, file));
  removeEmptyFolders(folder);
}

function imports(folder, file) {
  const text = readFileSync(join(folder, file), 'utf8');
  const paths = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, path]) => path);
  return paths.map((path) => `${normalize(join(dirname(file), path))}.ts`);
}

function removeEmptyFolders(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) continue;
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmSync(path, { recursive: true });
  }
}
