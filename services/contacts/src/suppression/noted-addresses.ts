import { partsOf, prefixOf } from '@rapport/event-store';
import type { KeyStore } from '@rapport/privacy';
import type { NotedFacts } from '@rapport/service-kit';
import { suppression, type SuppressionEvent } from '../domain/suppression/suppression.js';

type Notes = Pick<KeyStore, 'note' | 'setNote'>;

/** Suppressed addresses as the keyring notes them, by their hashes. */
export class NotedAddresses {
  constructor(private readonly keys: Notes) {}

  /** Whether a tenant ever had one. */
  async any(tenant: string): Promise<boolean> {
    return (await this.keys.note(anyName(tenant))) !== undefined;
  }

  /** Ids of those whose it was. */
  async people(tenant: string, key: string): Promise<readonly string[]> {
    const text = await this.keys.note(nameOf(tenant, key));
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  }

  async suppress(tenant: string, key: string, contactId: string): Promise<void> {
    const people = await this.people(tenant, key);
    if (!(await this.any(tenant))) await this.keys.setNote(anyName(tenant), 'yes');
    if (!people.includes(contactId))
      await this.keys.setNote(nameOf(tenant, key), JSON.stringify([...people, contactId]));
  }

  async release(tenant: string, key: string): Promise<void> {
    if ((await this.people(tenant, key)).length > 0) await this.keys.setNote(nameOf(tenant, key), '[]');
  }
}

/** Whoever suppresses or releases notes it at once; what is missed by that, or by an older keyring, is made good by its fact. */
export const notedSuppressions: NotedFacts = {
  prefix: prefixOf(suppression.aggregate),
  note: async (event, keys) => {
    const { tenant, id } = partsOf(event.stream);
    const { type, data } = event as unknown as SuppressionEvent;
    const noted = new NotedAddresses(keys);
    if (type === 'AddressSuppressed') await noted.suppress(tenant, id, data.contactId);
    else await noted.release(tenant, id);
    return true;
  },
};

const nameOf = (tenant: string, key: string): string => `suppressed address ${tenant} ${key}`;

const anyName = (tenant: string): string => `suppressed addresses of ${tenant}`;
