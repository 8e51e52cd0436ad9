import { createHmac } from 'node:crypto';
import { emailKeyOf, idFrom, phoneKeyOf } from '@rapport/kernel';
import { type CachedKeyStore, ownSubject, type Subject } from '@rapport/privacy';

/** Whose key makes the hashes: nobody's, see `ownSubject`. It lies in the keyring, and nowhere else. */
export const addressSecret = (tenant: string): Subject => ownSubject('contacts', tenant, 'addresses');

/**
 * The keyed hash of an e-mail address or telephone number, as an id: the same for each spelling of it. Whoever has no keyring cannot try
 * out which addresses there are.
 */
export const addressKeyOf = async (
  keys: Pick<CachedKeyStore, 'toSeal'>,
  tenant: string,
  address: string,
): Promise<string> => {
  const secret = await keys.toSeal(addressSecret(tenant), false);
  const key = address.includes('@') ? `email ${emailKeyOf(address)}` : `phone ${phoneKeyOf(address)}`;
  return idFrom(createHmac('sha256', secret).update(key).digest('hex'));
};
