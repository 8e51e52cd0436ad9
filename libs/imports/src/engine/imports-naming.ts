import { everythingOf } from '@rapport/access';
import { type Scope, where } from '@rapport/read-models';
import { rowsBehind } from '../api/row-pages.js';
import type { ImportDocument } from './import-documents.js';
import type { ImportParts } from './import-parts.js';

/** Ids of the imports of a kind whose file is kept and has a row about a record. Reads the outcomes of all rows. */
export const importsNaming = async (
  parts: ImportParts,
  { tenant, kind, recordId }: { readonly tenant: string; readonly kind: string; readonly recordId: string },
): Promise<readonly string[]> => {
  const scope = everythingOf(tenant);
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { filter: where('kind', '=', kind), limit: 50, ...(cursor ? { cursor } : {}) };
    const { documents, next } = await parts.imports.documents.query(scope, query);
    for (const document of documents) {
      if (!document.state.forgotten && (await names(parts, scope, document, recordId))) found.push(document.id);
    }
    if (next === undefined) return found;
    cursor = next;
  }
};

const names = async (
  { rows }: ImportParts,
  scope: Scope,
  document: ImportDocument,
  recordId: string,
): Promise<boolean> => {
  for await (const row of rowsBehind(rows.documents, scope, document, 0)) if (row.recordId === recordId) return true;
  return false;
};
