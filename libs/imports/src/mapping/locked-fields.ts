import { lockedFor } from '@rapport/access';
import type { Principal } from '@rapport/kernel';
import { aggregateOf, type ImportKind } from '../engine/import-kind.js';
import type { ImportField } from '../values/import-field.js';

/** Names of the fields of a kind that a caller may not set: no column is taken for one of them. */
export const lockedIn = (
  kind: Pick<ImportKind, 'message' | 'fields'>,
  principal: Pick<Principal, 'policy'>,
): ReadonlySet<string> => {
  const locked = lockedFor(principal, aggregateOf(kind));
  const isLocked = (path: string): boolean =>
    locked.some((each) => path === each || path.startsWith(`${each}.`) || each.startsWith(`${path}.`));
  return new Set(kind.fields.filter((field) => isLocked(pathOf(field))).map(({ name }) => name));
};

/** A currency is part of its amount. */
const pathOf = (field: ImportField): string => (field.type === 'currency' ? field.of : (field.path ?? field.name));
