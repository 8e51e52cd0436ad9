import { DomainError, type TimeZone, UTC } from '@rapport/kernel';
import {
  and,
  not,
  parseFilter,
  where,
  type CollectionDeclaration,
  type Filter,
  type Query,
  type Sort,
} from '@rapport/read-models';

/** `rapport.types.v1.ListRecordsRequest`, or anything shaped like it. */
export interface ListRequest {
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly total?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

/** How a field's text is compared with another: by what follows from it, which another field of the documents holds. */
export interface Compared {
  readonly by: string;
  readonly as: (text: string) => string;
}

export type ComparedFields = Readonly<Record<string, Compared>>;

type Fields = Pick<CollectionDeclaration, 'fields'> & {
  readonly compared?: ComparedFields;
  /** Whose days they are that stand for a time; UTC when left out. */
  readonly zone?: TimeZone;
};

/** Archived records are left out unless they are asked for, or the filter speaks of them itself. */
export const filterOf = (request: ListRequest, { fields, compared = {}, zone = UTC }: Fields): Filter | undefined => {
  const filter = request.filter ? byKeys(parseFilter(request.filter, fields, zone), compared) : undefined;
  const everything =
    request.archived === true || !('archived' in fields) || (filter !== undefined && mentions(filter, 'archived'));
  if (everything) return filter;
  const present = where('archived', '=', false);
  return filter ? and(present, filter) : present;
};

export const queryOf = (request: ListRequest, declaration: Fields, defaultSort: readonly Sort[]): Query => {
  const filter = filterOf(request, declaration);
  return {
    limit: request.limit ?? 50,
    sort: request.sort ? sortOf(request.sort, declaration) : defaultSort,
    ...(filter ? { filter } : {}),
    ...(request.cursor ? { cursor: request.cursor } : {}),
    ...(request.total ? { total: true } : {}),
  };
};

const sortOf = (text: string, { fields }: Fields): readonly Sort[] =>
  text.split(',').map((part) => {
    const name = part.trim();
    const descending = name.startsWith('-');
    const field = descending ? name.slice(1) : name;
    if (field in fields) return { field, descending };
    throw new DomainError(
      'invalid',
      'bad-sort',
      `Cannot sort by "${field}". Sort by ${Object.keys(fields).join(', ')}.`,
      {
        fields: [{ pointer: '/sort', code: 'bad-sort', message: `"${field}" is not a sortable field.` }],
      },
    );
  });

/** The field itself stays in the filter: who may not ask for it may not ask for what follows from it either. */
const byKeys = (filter: Filter, compared: ComparedFields): Filter => {
  if (filter.kind === 'not') return not(byKeys(filter.term, compared));
  if (filter.kind !== 'compare') return { ...filter, terms: filter.terms.map((term) => byKeys(term, compared)) };
  const { field, operator, value } = filter;
  const key = Object.hasOwn(compared, field) ? compared[field] : undefined;
  if (!key || typeof value !== 'string' || (operator !== '=' && operator !== '!=')) return filter;
  const equal = and(where(key.by, '=', key.as(value)), where(field, 'present', true));
  return operator === '=' ? equal : not(equal);
};

const mentions = (filter: Filter, field: string): boolean => {
  if (filter.kind === 'compare') return filter.field === field;
  return filter.kind === 'not' ? mentions(filter.term, field) : filter.terms.some((term) => mentions(term, field));
};
