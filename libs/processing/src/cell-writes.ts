import { keyOf, type Collection, type DocumentWrite } from '@rapport/read-models';
import { withChange, type Cell, type CellChange } from './cells.js';

/** The cells after a page's changes, in the order of their events. A cell that has an event already is left alone. */
export const cellWrites = async (
  collection: Collection<Cell>,
  changes: readonly CellChange[],
): Promise<readonly DocumentWrite[]> => {
  if (changes.length === 0) return [];
  const stored = await collection.load([...new Map(changes.map((change) => [keyOf(change), change])).values()]);
  const writes = new Map<string, DocumentWrite>();
  for (const change of changes) {
    const { tenant, id, position } = change;
    const key = keyOf(change);
    const known = stored.get(key);
    if (known && known.position >= position) continue;
    const document = withChange(known?.document ?? null, change);
    stored.set(key, { document, position });
    writes.set(key, { collection: collection, tenant, id, position, document });
  }
  return [...writes.values()];
};
