import type { Subject } from './key-store.js';

/**
 * A subject that is nobody: what a context keeps secret for itself. It carries the context, because all contexts of an
 * installation share one keyring; people do not, because their ids are the same wherever something is known about them.
 */
export const ownSubject = (context: string, tenant: string, name: string): Subject => ({
  tenant,
  id: `${context}/${name}`,
});

/** Keys the ids that imports make from rows, see `libs/imports`. */
export const IMPORTED_RECORD_IDS = 'imported-record-ids';

/** Nobody's key: opened at every start, so that a wrong master key is told then, not by the first person asked for. */
export const MASTER_KEY_CHECK: Subject = { tenant: 'rapport', id: 'master-key-check' };
