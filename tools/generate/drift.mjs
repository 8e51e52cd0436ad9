import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What stands differently in the two folders, one sentence each. */
export function drift(committed, fresh) {
  const before = contents(committed);
  const after = contents(fresh);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    if (!before.has(name)) return [`${name} is missing`];
    if (!after.has(name)) return [`${name} is no longer generated`];
    return before.get(name) === after.get(name) ? [] : [`${name} is out of date`];
  });
}

function contents(folder) {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]));
}
