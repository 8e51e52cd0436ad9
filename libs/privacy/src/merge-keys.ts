import { DomainError } from '@rapport/kernel';
import { KeyDestroyed, type KeyEntry, type KeyStore, type Subject } from './key-store.js';
import { IMPORTED_RECORD_IDS, MASTER_KEY_CHECK, ownSubject } from './own-subject.js';

/**
 * Brings the keys that a context had for itself into the keyring of all. It only adds, and destroys what was destroyed in
 * either: however often and from wherever it is begun anew, the outcome is the same.
 * @throws DomainError `keys-differ` when both have a key of a subject, and not the same
 */
export const mergeKeys = async (context: string, from: KeyStore, into: KeyStore): Promise<void> => {
  for await (const page of from.entries()) await Promise.all(page.map((entry) => mergeEntry(context, entry, into)));
};

const mergeEntry = async (context: string, entry: KeyEntry, into: KeyStore): Promise<void> => {
  if (isSame(entry.subject, MASTER_KEY_CHECK)) return;
  const { tenant, id } = entry.subject;
  const subject = id === IMPORTED_RECORD_IDS ? ownSubject(context, tenant, id) : entry.subject;
  if (entry.key === undefined) {
    await into.destroy(subject, entry.destroyedAt);
    return;
  }
  try {
    if (!(await into.create(subject, entry.key)).equals(entry.key)) throw keysDiffer(context, subject);
  } catch (failure) {
    // Erased in another context, or since: a tombstone wins.
    if (!(failure instanceof KeyDestroyed)) throw failure;
  }
};

const isSame = (one: Subject, other: Subject): boolean => one.tenant === other.tenant && one.id === other.id;

const keysDiffer = (context: string, { tenant, id }: Subject): DomainError =>
  new DomainError(
    'internal',
    'keys-differ',
    `The keys of ${context} and the keyring of all contexts have different keys of ${id} (tenant ${tenant}): they come ` +
      'from different installations, or from copies that do not belong together. Put those of one installation back.',
  );
