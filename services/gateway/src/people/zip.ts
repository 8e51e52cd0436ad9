import { strToU8, zipSync } from 'fflate';

/** Files by their names in an archive. */
export type Entries = Readonly<Record<string, string>>;

/** A ZIP archive of small files. */
export const zip = (entries: Entries, at: Date): Uint8Array => {
  const files = Object.entries(entries).map(([name, text]) => [name, strToU8(text)] as const);
  return zipSync(Object.fromEntries(files), { mtime: at });
};
