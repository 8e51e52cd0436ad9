import { where } from '@rapport/read-models';
import { rowsBehind } from '../api/row-pages.js';
import type { ImportDocument } from './import-documents.js';
import type { ImportParts } from './import-parts.js';

/** Ids of the imports of a kind whose file is kept and has a row about a record. Reads the outcomes of all rows. */
export const importsNaming = async (
  parts: ImportParts,
  { tenant, kind, recordId }: { readonly tenant: string; readonly kind: string; readonly recordId: string },
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { filter: where('kind', '=', kind), limit: 50, ...(cursor ? { cursor } : {}) };
    const { documents, next } = await parts.imports.documents.query(tenant, query);
    for (const document of documents) {
      if (!document.state.forgotten && (await names(parts, document, recordId))) found.push(document.id);
    }
    if (next === undefined) return found;
    cursor = next;
  }
};

const names = async ({ rows }: ImportParts, document: ImportDocument, recordId: string): Promise<boolean> => {
  for await (const row of rowsBehind(rows.documents, document, 0)) if (row.recordId === recordId) return true;
  return false;
};
