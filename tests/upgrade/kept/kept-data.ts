import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const MADE = fileURLToPath(new URL('../standalone/', import.meta.url));

/** How the server ended that left the folder behind. */
export type Ending = 'killed' | 'stopped';

/** A question and what the program that made the data answered to it. */
export interface Answered {
  /** Whose token it was asked with. */
  readonly as: 'administrator' | 'acme';
  readonly path: string;
  readonly answer: unknown;
}

/** An import that was at work when the server ended. */
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
  /** An account whose last change never came to sales' copy. */
  readonly lost: { readonly id: string; readonly before: string; readonly after: string };
  readonly underWay: Readonly<Record<Ending, Readonly<Record<'contacts' | 'opportunities', UnderWay>>>>;
  /** Words that only erased people brought in, their receipts, and whose erasure was parked. */
  readonly erased: {
    readonly names: readonly string[];
    readonly receipts: readonly { readonly contactId: string }[];
    readonly parked: string;
  };
  readonly deals: Readonly<Record<string, string>>;
  readonly pipelines: Readonly<Record<'hardware' | 'services' | 'wholesale', string>>;
}

export const known = JSON.parse(readFileSync(join(MADE, 'known.json'), 'utf8')) as Known;

export const answered: readonly Answered[] = readFileSync(join(MADE, 'answers.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Answered);

/** A data folder of its own, as the server left it behind. */
export const dataLeft = (ending: Ending): { readonly path: string; remove(): void } => {
  const path = join(mkdtempSync(join(tmpdir(), 'rapport-upgrade-')), 'data');
  mkdirSync(path, { mode: 0o700 });
  for (const packed of readdirSync(join(MADE, ending))) {
    const mode = packed.startsWith('master.key') ? 0o600 : 0o644;
    writeFileSync(join(path, basename(packed, '.gz')), gunzipSync(readFileSync(join(MADE, ending, packed))), { mode });
  }
  return { path, remove: () => rmSync(join(path, '..'), { recursive: true }) };
};
