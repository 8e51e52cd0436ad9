import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const folderOf = (assembly: string): string => fileURLToPath(new URL(`../${assembly}/`, import.meta.url));

/** How the program ended that left the data behind. */
export type Ending = 'killed' | 'stopped';

/** A question and what the program that made the data answered to it. */
export interface Answered {
  /** Whose token it was asked with. */
  readonly as: 'administrator' | 'acme';
  readonly path: string;
  readonly answer: unknown;
}

/** An import that was at work when the program ended. */
export interface UnderWay {
  readonly id: string;
  readonly path: string;
  readonly rows: number;
}

/** What has to be known about the data beside the answers. */
export interface Known {
  readonly tokens: Readonly<Record<'administrator' | 'acme' | 'viewer' | 'integrator' | 'revoked' | 'expired', string>>;
  /** Of the last writes. */
  readonly consistency: string;
  /** Writes under keys of idempotency, and the record each of them made. */
  readonly keyed: readonly {
    readonly path: string;
    readonly key: string;
    readonly body: object;
    readonly id: string;
  }[];
  readonly underWay: Readonly<Partial<Record<Ending, Readonly<Record<'contacts' | 'opportunities', UnderWay>>>>>;
  /** Words that only erased people brought in. */
  readonly erased: { readonly names: readonly string[] };
  readonly deals: Readonly<Record<string, string>>;
  readonly pipelines: Readonly<Record<'hardware' | 'services' | 'wholesale', string>>;
}

/** Data that an earlier program made, and what it answered about it. */
export interface KeptData<K extends Known = Known> {
  readonly known: K;
  readonly answered: readonly Answered[];
}

const keptData = <K extends Known>(assembly: string): KeptData<K> => ({
  known: JSON.parse(readFileSync(join(folderOf(assembly), 'known.json'), 'utf8')) as K,
  answered: readFileSync(join(folderOf(assembly), 'answers.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answered),
});

export interface KnownOfFolder extends Known {
  /** An account whose last change never came to sales' copy. */
  readonly lost: { readonly id: string; readonly before: string; readonly after: string };
}
export const ofFolder = keptData<KnownOfFolder>('standalone');

export interface KnownOfEngines extends Known {
  readonly namespace: string;
  readonly masterKey: string;
}
export const ofEngines = keptData<KnownOfEngines>('distributed');

/** What a file of the data of engines holds. */
export const unpacked = (file: string): Buffer => gunzipSync(readFileSync(join(folderOf('distributed'), `${file}.gz`)));

/** A data folder of its own, as the server left it behind. */
export const dataLeft = (ending: Ending): { readonly path: string; remove(): void } => {
  const made = join(folderOf('standalone'), ending);
  const path = join(mkdtempSync(join(tmpdir(), 'rapport-upgrade-')), 'data');
  mkdirSync(path, { mode: 0o700 });
  for (const packed of readdirSync(made)) {
    const mode = packed.startsWith('master.key') ? 0o600 : 0o644;
    writeFileSync(join(path, basename(packed, '.gz')), gunzipSync(readFileSync(join(made, packed))), { mode });
  }
  return { path, remove: () => rmSync(join(path, '..'), { recursive: true }) };
};
