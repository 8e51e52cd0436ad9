import type { Document, Documents, Scope } from '@rapport/read-models';
import { survivorsOf } from '@rapport/service-kit';
import type { FoundRecords } from './found-records.js';

/** What was merged is found as the record that it is a part of, where that is in sight. */
export const leading = async (
  documents: Documents<Document>,
  scope: Scope,
  found: FoundRecords,
): Promise<FoundRecords> => {
  if (!('mergedInto' in documents.declaration.fields) || found.size === 0) return found;
  const leads = await survivorsOf(documents, scope.tenant, [...found.values()].flat());
  if (leads.size === 0) return found;
  const seen = await documents.getMany(scope, new Set(leads.values()));
  const ledBy = (id: string): readonly string[] => {
    const survivor = leads.get(id);
    return survivor === undefined ? [id] : seen.has(survivor) ? [survivor] : [];
  };
  const led = [...found].map(([value, ids]) => [value, [...new Set(ids.flatMap(ledBy))]] as const);
  return new Map(led.filter(([, ids]) => ids.length > 0));
};
