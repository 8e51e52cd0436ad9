import { type Filter, not, or, where } from '@rapport/read-models';
import type { LeadsTo } from './aliases.js';
import { everyIdOf } from './merged-records.js';

interface Merged {
  readonly leadsTo: LeadsTo;
  readonly aggregates: readonly string[];
}

/** Asks a feed for a record, by `subject` or `record`, by every id that it goes by, as it is merged at this moment. */
export const widenedSubjects = async (filter: Filter, tenant: string, merged: Merged): Promise<Filter> => {
  if (filter.kind === 'not') return not(await widenedSubjects(filter.term, tenant, merged));
  if (filter.kind !== 'compare') {
    const terms = await Promise.all(filter.terms.map((term) => widenedSubjects(term, tenant, merged)));
    return { ...filter, terms };
  }
  const { field, operator, value } = filter;
  if ((operator !== '=' && operator !== '!=') || typeof value !== 'string') return filter;
  const values = await sameAs(field, value, tenant, merged);
  if (values.length === 1) return filter;
  const any = or(...values.map((each) => where(field, '=', each)));
  return operator === '=' ? any : not(any);
};

const sameAs = async (
  field: string,
  value: string,
  tenant: string,
  { leadsTo, aggregates }: Merged,
): Promise<readonly string[]> => {
  const [aggregate = '', id = ''] = field === 'subject' ? value.split('/') : ['', value];
  const asked = field === 'subject' ? [aggregate] : field === 'record' ? aggregates : [];
  for (const each of asked) {
    const documents = leadsTo(each);
    const ids = documents ? await everyIdOf(documents, tenant, id) : [];
    if (ids.length > 1) return ids.map((one) => (field === 'subject' ? `${each}/${one}` : one));
  }
  return [value];
};
