import { reaches } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { importsV1 } from '@rapport/contracts';
import type { Handlers } from '@rapport/service-kit';
import { aggregateOf, type ImportKind } from '../engine/import-kind.js';

type ImportsApi = Handlers<importsV1.ImportsService>;

const READING: ReadonlySet<string> = new Set<keyof ImportsApi>([
  'getImport',
  'listImports',
  'listImportRows',
  'downloadImportErrors',
]);

/** The same, where what is more than reading is for callers who may import something of the kind. What of it is asked row by row. */
export const withinReach = (kinds: readonly ImportKind[], api: ImportsApi): ImportsApi => {
  const guarded = Object.entries(api).map(([name, handler]) => {
    const method = (request: { readonly kind: string }, call: CallContext): Promise<unknown> => {
      const known = kinds.find(({ kind }) => kind === request.kind);
      if (known && !READING.has(name)) checkReach(known, call);
      return handler(request as never, call);
    };
    return [name, async (...asked: Parameters<typeof method>) => method(...asked)];
  });
  return Object.fromEntries(guarded) as ImportsApi;
};

/** @throws DomainError forbidden `import-restricted` for a caller whose roles let nothing of the kind be imported */
const checkReach = (kind: ImportKind, { principal }: CallContext): void => {
  if (reaches(principal, aggregateOf(kind), 'import')) return;
  const message = `Your roles do not let you import ${kind.kind}. Ask somebody who may, or create them one by one.`;
  throw new DomainError('forbidden', 'import-restricted', message);
};
