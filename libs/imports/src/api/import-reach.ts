import { lockedFor, scopeOf } from '@rapport/access';
import { type Action, type CallContext, DomainError } from '@rapport/kernel';
import type { importsV1 } from '@rapport/contracts';
import type { Handlers } from '@rapport/service-kit';
import type { ImportKind } from '../engine/import-kind.js';

/** A row may meet any record of its kind, and nobody is there who could be asked about each. */
const TO_IMPORT = ['read', 'create', 'edit', 'import'] as const satisfies readonly Action[];

type ImportsApi = Handlers<importsV1.ImportsService>;

const READING: ReadonlySet<string> = new Set<keyof ImportsApi>([
  'getImport',
  'listImports',
  'listImportRows',
  'downloadImportErrors',
]);

/** The same, for callers whose roles reach what imports reach. So every import of a kind is in their sight. */
export const withinReach = (kinds: readonly ImportKind[], api: ImportsApi): ImportsApi => {
  const guarded = Object.entries(api).map(([name, handler]) => {
    const method = (request: { readonly kind: string }, call: CallContext): Promise<unknown> => {
      const known = kinds.find(({ kind }) => kind === request.kind);
      if (known) checkReach(known, call, READING.has(name) ? 'read' : 'import');
      return handler(request as never, call);
    };
    return [name, async (...asked: Parameters<typeof method>) => method(...asked)];
  });
  return Object.fromEntries(guarded) as ImportsApi;
};

/** @throws DomainError forbidden `import-restricted` for a caller whose roles do not reach all records of the kind */
const checkReach = (kind: ImportKind, { principal }: CallContext, to: 'read' | 'import'): void => {
  const object = aggregateOf(kind);
  const actions: readonly Action[] = to === 'read' ? ['read'] : TO_IMPORT;
  const isReached = actions.every((action) => scopeOf(principal, object, action).isWhole);
  if (isReached && (to === 'read' || lockedFor(principal, object).length === 0)) return;
  const message = `Imports of ${kind.kind} reach all of them, and your roles do not. Ask somebody who may, or create them one by one.`;
  throw new DomainError('forbidden', 'import-restricted', message);
};

/** `rapport.contacts.v1.Contact` is that of a contact. */
const aggregateOf = ({ message }: ImportKind): string => {
  const name = message.slice(message.lastIndexOf('.') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
};
