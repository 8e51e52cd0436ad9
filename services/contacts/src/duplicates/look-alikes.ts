import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { Principal } from '@rapport/kernel';
import { compare, type Match, nameKeysAround, type Profile } from '@rapport/matching';
import { and, type Documents, type Filter, isHidden, or, type Scope, where } from '@rapport/read-models';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { accounts } from '../records/accounts.js';
import { type ContactDocument, contacts } from '../records/contacts.js';
import { domainOf, profileOfContact } from './person-of.js';

export interface LookAlike extends Match {
  readonly id: string;
}

/** So many that one key finds are compared: more of one name are a city of them, and no duplicates. */
const MOST_BY_ONE_KEY = 200;

/** Contacts that look like one of them, as a caller sees them: what is out of sight is neither found nor compared. */
@Injectable()
export class LookAlikes {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** Likeliest first; archived ones are left out. */
  async of(contact: ContactDocument, principal: Principal): Promise<readonly LookAlike[]> {
    const { documents } = this.runtime.projection(contacts.projection);
    const scope = scopeOf(principal, contacts.decider.aggregate);
    const bare = profileOfContact(contact);
    const found = await this.candidates(documents, scope, bare);
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

  private async candidates(
    documents: Documents<ContactDocument>,
    scope: Scope,
    profile: Profile,
  ): Promise<Map<string, ContactDocument>> {
    const filters = keysOf(profile).filter(({ field }) => !isHidden(scope, field));
    const pages = await Promise.all(
      filters.map(({ filter }) =>
        documents.query(scope, { filter: and(filter, where('archived', '=', false)), limit: MOST_BY_ONE_KEY }),
      ),
    );
    return new Map(pages.flatMap((page) => page.documents).map((document) => [document.id, document]));
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

/** By what lists have an index of. */
const keysOf = (profile: Profile): readonly { readonly field: string; readonly filter: Filter }[] => {
  const any = (field: string, values: readonly string[]) =>
    values.length === 0 ? [] : [{ field, filter: or(...values.map((value) => where(field, '=', value))) }];
  return [
    ...any('emailKey', profile.emails),
    ...any('nameKey', nameKeysAround(profile)),
    ...any('birthDate', profile.born === '' ? [] : [profile.born.replace(/^(\d{4})(\d\d)/, '$1-$2-')]),
  ];
};
