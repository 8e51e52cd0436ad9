import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a server keeps its data, and how they go. */
export interface DataFolder {
  readonly path: string;
  forget(): void;
}

/** The folder that was given, which stays, or a temporary one. */
export const dataFolder = (name: string, given?: string): DataFolder => {
  if (given !== undefined) {
    mkdirSync(given, { recursive: true });
    return { path: given, forget: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), `rapport-${name}-`));
  return { path, forget: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
};
