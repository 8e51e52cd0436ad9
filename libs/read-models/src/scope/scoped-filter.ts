import { DomainError } from '@rapport/kernel';
import { checkFilter } from '../filter/check-filter.js';
import { and, type Filter } from '../filter/filter.js';
import type { CollectionDeclaration } from '../read-model-store.js';
import { badScope, checkScope, type Scope } from './scope.js';

/** A filter as an engine runs it for one reader. */
export interface ScopedFilter {
  readonly tenant: string;
  /** What was asked for. */
  readonly own: Filter | undefined;
  /** What was asked for, of the rows in sight: undefined where that is everything of the tenant. */
  readonly filter: Filter | undefined;
}

/** Throws DomainError internal `bad-scope`, invalid `bad-filter`, forbidden `hidden-field`. */
export const checkMatching = (
  { fields }: CollectionDeclaration,
  scope: Scope,
  filter: Filter | undefined,
): ScopedFilter => {
  const { tenant, rows } = checkScope(scope);
  const own = filter && checkFilter(filter, fields);
  if (own) refuseHiddenIn(scope, own);
  return { tenant, own, filter: within(rows && checkRows(rows, fields), own) };
};

/** Whether a reader of this scope is kept from a field: it, or one that it lies in, is hidden. */
export const isHidden = ({ hidden }: Scope, field: string): boolean =>
  hidden.length > 0 && hidden.some((name) => field === name || field.startsWith(`${name}.`));

/** Throws DomainError forbidden `hidden-field`; `part` is the part of the query that names the field. */
export const refuseHidden = (scope: Scope, field: string, part: string): void => {
  if (!isHidden(scope, field)) return;
  const message = `The field "${field}" is hidden from you: leave it out of ${part}.`;
  const problem = { pointer: `/${part}`, code: 'hidden-field', message };
  throw new DomainError('forbidden', 'hidden-field', message, { fields: [problem] });
};

/** A policy's rows with their values typed. What a collection does not know hides it: nothing is shown by mistake. */
export const checkRows = (rows: Filter, fields: CollectionDeclaration['fields']): Filter => {
  try {
    return checkFilter(rows, fields);
  } catch (error) {
    throw badScope((error as Error).message);
  }
};

const refuseHiddenIn = (scope: Scope, filter: Filter): void => {
  if (scope.hidden.length === 0) return;
  if (filter.kind === 'compare') refuseHidden(scope, filter.field, 'filter');
  else if (filter.kind === 'not') refuseHiddenIn(scope, filter.term);
  else filter.terms.forEach((term) => refuseHiddenIn(scope, term));
};

const within = (rows: Filter | undefined, own: Filter | undefined): Filter | undefined =>
  rows && own ? and(rows, own) : (rows ?? own);
