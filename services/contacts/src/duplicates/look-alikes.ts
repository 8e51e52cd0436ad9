import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { Principal } from '@rapport/kernel';
import { compare, type Match } from '@rapport/matching';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { accounts } from '../records/accounts.js';
import { type ContactDocument, contacts } from '../records/contacts.js';
import { candidatesFor } from './candidates.js';
import { keysOfPerson } from './people.js';
import { domainOf, profileOfContact } from './person-of.js';

export interface LookAlike extends Match {
  readonly id: string;
}

/** Contacts that look like one of them, as a caller sees them: what is out of sight is neither found nor compared. */
@Injectable()
export class LookAlikes {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** Likeliest first; archived ones are left out. */
  async of(contact: ContactDocument, principal: Principal): Promise<readonly LookAlike[]> {
    const { documents } = this.runtime.projection(contacts.projection);
    const scope = scopeOf(principal, contacts.decider.aggregate);
    const bare = profileOfContact(contact);
    const found = await candidatesFor(documents, scope, keysOfPerson(bare));
    found.delete(contact.id);
    const domains = await this.domains([contact, ...found.values()], principal);
    const profile = profileOfContact(contact, domains.get(contact.accountId ?? ''));
    return [...found.values()]
      .map((other) => {
        const match = compare(profile, profileOfContact(other, domains.get(other.accountId ?? '')));
        return { ...match, id: other.id };
      })
      .filter(({ verdict }) => verdict !== 'unlikely')
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  /** By the account's id, as far as the caller sees accounts. */
  private async domains(
    people: readonly ContactDocument[],
    principal: Principal,
  ): Promise<ReadonlyMap<string, string | undefined>> {
    const ids = new Set(people.flatMap(({ accountId }) => accountId ?? []));
    if (ids.size === 0) return new Map();
    const scope = scopeOf(principal, accounts.decider.aggregate);
    const known = await this.runtime.projection(accounts.projection).documents.getMany(scope, ids);
    return new Map([...known].map(([id, { website }]) => [id, domainOf(website)]));
  }
}
