import type { Projection } from '@rapport/processing';
import { type Document, type Documents, type Filter, not, or, where } from '@rapport/read-models';
import { everyIdOf, survivorOf } from './merged-records.js';

/** Which list tells where the ids lead that a field holds. */
export type LeadsTo = (field: string) => Documents<Document> | undefined;

/**
 * Asks for records by every id that the one goes by whom they refer to: a reference keeps the id that it was made with. By an own id
 * of theirs, for the record that it leads to.
 */
export const widened = async (filter: Filter, tenant: string, leadsTo: LeadsTo): Promise<Filter> => {
  if (filter.kind === 'not') return not(await widened(filter.term, tenant, leadsTo));
  if (filter.kind !== 'compare') {
    const terms = await Promise.all(filter.terms.map((term) => widened(term, tenant, leadsTo)));
    return { ...filter, terms };
  }
  const { field, operator, value } = filter;
  const documents = operator === '=' || operator === '!=' ? leadsTo(field) : undefined;
  if (!documents || typeof value !== 'string') return filter;
  const ids = field === 'id' ? [await survivorOf(documents, tenant, value)] : await everyIdOf(documents, tenant, value);
  if (ids.length === 1 && ids[0] === value) return filter;
  const any = ids.length === 1 ? where(field, '=', ids[0]!) : or(...ids.map((id) => where(field, '=', id)));
  return operator === '=' ? any : not(any);
};

/** What of a service tells where ids lead. */
interface Lists {
  listOf(aggregate: string): Pick<Projection, 'declaration'> | undefined;
  heardOf(aggregate: string): Documents<Document> | undefined;
  projection(list: Pick<Projection, 'declaration'>): { readonly documents: Documents<Document> };
}

/** Where ids in some fields lead, of records that may be merged. */
export const leadsOf = (fields: Readonly<Record<string, string | readonly string[]>>, lists: Lists): LeadsTo => {
  const listed = (aggregate: string): Documents<Document> | undefined => {
    const list = lists.listOf(aggregate);
    return list ? lists.projection(list).documents : lists.heardOf(aggregate);
  };
  return (field) =>
    (Object.hasOwn(fields, field) ? [fields[field]!].flat() : [])
      .map(listed)
      .find((documents) => documents && 'mergedInto' in documents.declaration.fields);
};

/** Where ids of a service's own aggregates lead, by the name of each. */
export const leadsOfOwn = (aggregates: readonly string[], lists: Lists): LeadsTo =>
  leadsOf(Object.fromEntries(aggregates.map((aggregate) => [aggregate, aggregate])), lists);
