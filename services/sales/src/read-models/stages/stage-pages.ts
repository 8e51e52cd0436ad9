import { DomainError } from '@rapport/kernel';
import {
  and,
  decodeCursor,
  type Document,
  type Documents,
  encodeCursor,
  type Filter,
  not,
  type Query,
  type QueryPage,
  type Scope,
  searchKey,
} from '@rapport/read-models';
import { STAGE } from './stage-filter.js';
import type { StageNames } from './stage-names.js';

/** Whether the stage's name is what a query is sorted by. @throws DomainError invalid where that does not stand first */
export const sortsByStage = (sort: Query['sort']): boolean => {
  const at = sort?.findIndex(({ field }) => field === STAGE) ?? -1;
  if (at <= 0) return at === 0;
  const message = 'A list is sorted by stage before anything else, or not by stage. Put it first.';
  throw new DomainError('invalid', 'bad-sort', message, { fields: [{ pointer: '/sort', code: 'bad-sort', message }] });
};

/**
 * A page in the order of the stages' names: the opportunities of one name after those of another, each in the order of the
 * rest of the sort. Those whose stage nobody knows come last.
 * @param filter the query's own, in which no stage is named any more
 */
export const pageByStage = async <D extends Document>(
  documents: Documents<D>,
  scope: Scope,
  query: Query,
  filter: Filter | undefined,
  names: StageNames,
): Promise<QueryPage<D>> => {
  const { cursor, limit, sort: [{ descending = false } = {}, ...rest] = [] } = query;
  const asked = JSON.stringify([scope.tenant, query.filter ?? null, query.sort]);
  const after = cursor === undefined ? undefined : decodeCursor(asked, 1, cursor);
  const cursorAt = (name: string, inner = ''): string => encodeCursor(asked, { values: [name], id: inner });
  const sort = rest.length > 0 ? rest : [{ field: 'id', descending }];
  const called = (name: string): Filter =>
    name === NOBODY_KNOWS ? not(names.called(() => true)) : names.called((other) => searchKey(other) === name);
  const among = (name: string, most: number, inner = ''): Promise<QueryPage<D>> => {
    const matching = filter ? and(filter, called(name)) : called(name);
    return documents.query(scope, { filter: matching, sort, limit: most, ...(inner === '' ? {} : { cursor: inner }) });
  };
  const order = [...names.alike(descending), NOBODY_KNOWS];
  const found: D[] = [];
  for (const name of order.slice(after ? order.indexOf(String(after.values[0])) : 0)) {
    if (found.length === limit) {
      if ((await among(name, 1)).documents.length > 0) return { documents: found, next: cursorAt(name) };
      continue;
    }
    const page = await among(name, limit - found.length, name === after?.values[0] ? after.id : '');
    found.push(...page.documents);
    if (page.next !== undefined) return { documents: found, next: cursorAt(name, page.next) };
  }
  return { documents: found };
};

const NOBODY_KNOWS = '';
