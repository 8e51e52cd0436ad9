import { isDuplicateKey } from './database-problem.js';

/**
 * Changes a document, or makes it where there is none. No upsert by its id alone: of two at once both may find nothing, and
 * then one is refused for the other's document, which it is to change.
 */
export const changeOrInsert = async (
  change: () => Promise<{ readonly matchedCount: number }>,
  insert: () => Promise<unknown>,
): Promise<void> => {
  if ((await change()).matchedCount > 0) return;
  try {
    await insert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await change();
  }
};
