import { createHmac, type KeyObject } from 'node:crypto';
import { emailKeyOf, idFrom, phoneKeyOf } from '@rapport/kernel';
import { type CachedKeyStore, KeyDestroyed, ownSubject, type Subject } from '@rapport/privacy';

/** What an address is compared by: `email ada@example.org`. */
export const addressForm = (address: string): string =>
  address.includes('@') ? `email ${emailKeyOf(address)}` : `phone ${phoneKeyOf(address)}`;

/**
 * The keyed hash of an e-mail address or telephone number, as an id: the same for each spelling of it. Whoever has no keyring cannot try
 * out which addresses there are.
 */
export const addressKeyOf = async (keys: CachedKeyStore, tenant: string, address: string): Promise<string> => {
  const { secret } = await addressSecret(keys, tenant);
  return idFrom(createHmac('sha256', secret).update(addressForm(address)).digest('hex'));
};

interface AddressSecret {
  /** Nobody: see `ownSubject`. */
  readonly subject: Subject;
  readonly secret: KeyObject;
}

/** Lies in the keyring, and nowhere else. One that was given up, with `RAPPORT_LOST_KEYS=forget`, is followed by another. */
export const addressSecret = async (keys: CachedKeyStore, tenant: string): Promise<AddressSecret> => {
  for (let n = 1; ; n += 1) {
    const subject = subjectOf(tenant, n);
    try {
      return { subject, secret: await keys.toSeal(subject, false) };
    } catch (failure) {
      if (!(failure instanceof KeyDestroyed)) throw failure;
    }
  }
};

const subjectOf = (tenant: string, n: number): Subject =>
  ownSubject('contacts', tenant, n === 1 ? 'addresses' : `addresses-${n}`);
