import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { Principal } from '@rapport/kernel';
import { domainOf, type Match, type Profile } from '@rapport/matching';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { PairedKind } from '../domain/duplicate/duplicate.js';
import { type AccountDocument, accounts } from '../records/accounts.js';
import type { ContactDocument } from '../records/contacts.js';
import { candidatesFor } from './candidates.js';
import { companies } from './companies.js';
import type { MatchedDocument, MatchedKind } from './matched-kind.js';
import { people } from './people.js';
import { profileOfContact } from './person-of.js';

export interface LookAlike extends Match {
  readonly id: string;
}

/** Records that look like one of them, as a caller sees them: what is out of sight is neither found nor compared. */
@Injectable()
export class LookAlikes {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** Likeliest first; archived ones are left out. The record is as the caller sees it. */
  of(kind: PairedKind, record: MatchedDocument, principal: Principal): Promise<readonly LookAlike[]> {
    return kind === 'account'
      ? this.ofAccount(record as AccountDocument, principal)
      : this.ofContact(record as ContactDocument, principal);
  }

  private async ofAccount(account: AccountDocument, principal: Principal): Promise<readonly LookAlike[]> {
    const found = await this.candidates(companies, account, principal);
    const profile = companies.profileOf(account);
    return likeliest(found, (other) => companies.matching.compare(profile, companies.profileOf(other)));
  }

  private async ofContact(contact: ContactDocument, principal: Principal): Promise<readonly LookAlike[]> {
    const found = await this.candidates(people, contact, principal);
    const domains = await this.domains([contact, ...found], principal);
    const profileOf = (each: ContactDocument): Profile => profileOfContact(each, domains.get(each.accountId ?? ''));
    const profile = profileOf(contact);
    return likeliest(found, (other) => people.matching.compare(profile, profileOf(other)));
  }

  private async candidates<D extends MatchedDocument, P>(
    kind: MatchedKind<D, P>,
    record: D,
    principal: Principal,
  ): Promise<readonly D[]> {
    const { documents } = this.runtime.projection(kind.list);
    const keys = kind.keysOf(kind.profileOf(record));
    const found = await candidatesFor(documents, scopeOf(principal, kind.kind), keys);
    found.delete(record.id);
    return [...found.values()];
  }

  /** By the account's id, as far as the caller sees accounts. */
  private async domains(
    contacts: readonly ContactDocument[],
    principal: Principal,
  ): Promise<ReadonlyMap<string, string | undefined>> {
    const ids = new Set(contacts.flatMap(({ accountId }) => accountId ?? []));
    if (ids.size === 0) return new Map();
    const scope = scopeOf(principal, accounts.decider.aggregate);
    const known = await this.runtime.projection(accounts.projection).documents.getMany(scope, ids);
    return new Map([...known].map(([id, { website }]) => [id, domainOf(website)]));
  }
}

const likeliest = <D extends MatchedDocument>(
  found: readonly D[],
  compare: (other: D) => Match,
): readonly LookAlike[] =>
  found
    .map((other) => ({ ...compare(other), id: other.id }))
    .filter(({ verdict }) => verdict !== 'unlikely')
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
