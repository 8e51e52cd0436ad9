import { and, type Documents, isHidden, type Scope, where } from '@rapport/read-models';
import type { Key, MatchedDocument } from './matched-kind.js';

/** So many that one key finds are compared: more of one name are a city of them, and no duplicates. */
const MOST_BY_ONE_KEY = 200;

/** Those in use that share a key, by their ids. What is out of the scope is not found, and by what is hidden nothing is. */
export const candidatesFor = async <D extends MatchedDocument>(
  documents: Documents<D>,
  scope: Scope,
  keys: readonly Key[],
): Promise<Map<string, D>> => {
  const inUse = where('archived', '=', false);
  const pages = await Promise.all(
    keys
      .filter(({ field }) => !isHidden(scope, field))
      .map(({ filter }) => documents.query(scope, { filter: and(filter, inUse), limit: MOST_BY_ONE_KEY })),
  );
  return new Map(pages.flatMap((page) => page.documents).map((document) => [document.id, document]));
};
