import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, from the sources of the tests as well as from what is built of them. */
const root = (folder: string): string => (existsSync(join(folder, 'nx.json')) ? folder : root(dirname(folder)));

/** `services/contacts` → its built program. */
export const builtProgram = (folder: string): string =>
  join(root(dirname(fileURLToPath(import.meta.url))), folder, 'dist', 'main.js');
