import { otherRegion } from '@rapport/kernel';
import type { KeyStore } from './key-store.js';
import { mergeKeys } from './merge-keys.js';
import { MASTER_KEY_CHECK } from './own-subject.js';

const REGION = 'region';

/** Keys that a context had for itself before there was one keyring for all of an installation. */
export interface OldKeys {
  readonly context: string;
  readonly store: KeyStore;
  /** Takes them away for good; called once all of them are in the keyring. */
  remove(): Promise<void>;
}

/**
 * Makes a key store the keyring of an installation: looks whether it belongs here and can be opened, and takes in what
 * contexts had for themselves. Every start does so, and one that was cut off anywhere is made good by the next.
 * @param region where this installation keeps its data, if it says so
 * @throws DomainError `wrong-master-key` | `other-region` | `keys-differ`, and nothing was taken away
 */
export const openKeyring = async (
  store: KeyStore,
  { region, old }: { readonly region: string | null; readonly old: readonly OldKeys[] },
): Promise<void> => {
  await checkRegion(store, region);
  // First of all: a keyring that was made under a wrong master key could not be opened with the right one.
  for (const each of old) await each.store.find(MASTER_KEY_CHECK);
  await store.create(MASTER_KEY_CHECK);
  for (const each of old) await mergeKeys(each.context, each.store, store);
  for (const each of old) await each.remove();
};

/** A marker in the store; no name that anything is bound to, so that data can be moved when a region is renamed. */
const checkRegion = async (store: KeyStore, region: string | null): Promise<void> => {
  const marked = await store.note(REGION);
  if (marked === undefined && region !== null) return store.setNote(REGION, region);
  const refusal = otherRegion('The keyring', marked, region);
  if (refusal) throw refusal;
};
