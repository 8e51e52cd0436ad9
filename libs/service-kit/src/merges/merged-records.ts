import { everythingOf } from '@rapport/access';
import type { typesV1 } from '@rapport/contracts';
import type { MergeStatus } from '@rapport/kernel';
import { type Document, type Documents, or, type Scope, where } from '@rapport/read-models';

/** Splits may have left a record that leads to itself, if a backup was put back: it is not followed further than that. */
const LONGEST_WAY = 20;
/** Parts of one record that are told apart; nobody merges so many by hand. */
const MOST_AT_ONCE = 1_000;

/**
 * Where ids of records lead that are a part of another by now, however often; those that lead nowhere else are left out.
 * A merged record is in sight of whoever sees the one that it is a part of, so this is asked without a caller.
 */
export const survivorsOf = async (
  documents: Documents<Document>,
  tenant: string,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, string>> => {
  const leads = new Map([...ids].map((id) => [id, id]));
  for (let way = 0; way < LONGEST_WAY; way += 1) {
    const found = await documents.getMany(everythingOf(tenant), new Set(leads.values()));
    const next = [...leads].flatMap(([id, at]) => {
      const further = (found.get(at) as MergeStatus | undefined)?.mergedInto;
      return further === undefined ? [] : [[id, further] as const];
    });
    if (next.length === 0) break;
    for (const [id, at] of next) leads.set(id, at);
  }
  return new Map([...leads].filter(([id, at]) => id !== at));
};

/** Where one id leads: itself, unless its record is a part of another. */
export const survivorOf = async (documents: Documents<Document>, tenant: string, id: string): Promise<string> =>
  (await survivorsOf(documents, tenant, [id])).get(id) ?? id;

/** Every id that a record goes by, whichever of them is asked for; the record's own first. */
export const everyIdOf = async (
  documents: Documents<Document>,
  tenant: string,
  id: string,
): Promise<readonly string[]> => {
  const survivor = await survivorOf(documents, tenant, id);
  if (!('mergedIds' in documents.declaration.fields))
    return [survivor, ...(await leadingTo(documents, tenant, survivor))];
  const record = await documents.get(everythingOf(tenant), survivor);
  return [survivor, ...((record as MergeStatus | undefined)?.mergedIds ?? [])];
};

/** Of a list that knows only where ids lead: all that lead to one, over others or not. */
const leadingTo = async (documents: Documents<Document>, tenant: string, id: string): Promise<readonly string[]> => {
  const found = new Set<string>();
  for (let from: readonly string[] = [id]; from.length > 0;) {
    const filter = or(...from.map((each) => where('mergedInto', '=', each)));
    const page = await documents.query(everythingOf(tenant), { filter, limit: MOST_AT_ONCE });
    from = page.documents.map((each) => each.id).filter((each) => each !== id && !found.has(each));
    for (const each of from) found.add(each);
  }
  return [...found];
};

/** The record that an id means, if the caller sees it; else what is left of the one that has the id itself, if that is seen. */
export const standing = async <D extends Document>(
  documents: Documents<D>,
  scope: Scope,
  id: string,
): Promise<D | undefined> => {
  const record = await documents.get(scope, id);
  if (record && (record as MergeStatus).mergedInto === undefined) return record;
  if (!('mergedInto' in documents.declaration.fields)) return record;
  const survivor = await survivorOf(documents, scope.tenant, id);
  return survivor === id ? record : ((await documents.get(scope, survivor)) ?? record);
};

/** What happened to a record and to those that are a part of it, oldest first. */
export const united = (
  own: readonly typesV1.HistoryEntry[],
  parts: ReadonlyMap<string, readonly typesV1.HistoryEntry[]>,
): readonly typesV1.HistoryEntry[] => {
  if (parts.size === 0) return own;
  const theirs = [...parts].flatMap(([recordId, entries]) => entries.map((entry) => ({ ...entry, recordId })));
  return [...theirs, ...own].sort((one, other) =>
    one.occurredAt < other.occurredAt ? -1 : one.occurredAt > other.occurredAt ? 1 : 0,
  );
};
