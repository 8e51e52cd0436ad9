import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { and, type Filter, isHidden, not, or, type Scope, shown, where } from '@rapport/read-models';
import { everyIdOf, RUNTIME, type ServiceRuntime, survivorsOf } from '@rapport/service-kit';
import { consent } from '../domain/consent/consent.js';
import { type Standing, type StandingEntry, standingOf, standingsOf } from '../domain/consent/standing.js';
import { type ConsentDocument, consents } from '../records/consents.js';
import { contacts } from '../records/contacts.js';
import { ConsentLedger } from './ledger.js';

const PAGE = 500;

/** Whose entries are looked at: a person's, an address's, or a person's at an address. */
export interface Whose {
  readonly contactId?: string | undefined;
  readonly address?: string | undefined;
}

/** What stands by the ledger; contacts that are one have one. */
@Injectable()
export class ConsentStandings {
  constructor(
    @Inject(ConsentLedger) private readonly ledger: ConsentLedger,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** @param isKnown which entries count; all when left out */
  async of(
    whose: Whose,
    call: CallContext,
    isKnown = (_: ConsentDocument): boolean => true,
  ): Promise<readonly Standing[]> {
    const found = await this.entriesFor(whose, call);
    return standingsOf(await this.asOne(found.filter(isKnown), call));
  }

  /** What stands for each of two contacts, and what would if they were one; where the caller sees it. */
  async merging(id: string, otherId: string, call: CallContext): Promise<contactsV1.MergedConsent[]> {
    const scope = this.scope(call);
    if (isHidden(scope, 'state')) return [];
    const [ours, theirs] = [
      await this.asOne(await this.entriesFor({ contactId: id }, call), call),
      await this.asOne(await this.entriesFor({ contactId: otherId }, call), call),
    ];
    const all = new Map([...ours, ...theirs].map((entry) => [entry.id, entry]));
    const isTheirs = ({ contactId }: StandingEntry): boolean => contactId === otherId;
    const both = [...all.values()].map((entry) => (isTheirs(entry) ? { ...entry, contactId: id } : entry));
    return standingsOf(both).map((becomes) => {
      const stateOf = (contactId: string, entries: readonly StandingEntry[]): string | undefined =>
        standingOf({ ...becomes, contactId: becomes.contactId && contactId }, entries)?.state;
      const { addressKey, channel, topic, purpose, state } = becomes;
      const matter = shown(scope, { addressKey, channel, topic, purpose });
      const states = { this: stateOf(id, ours), other: stateOf(otherId, theirs), becomes: state };
      return contactsV1.MergedConsent.fromPartial({ ...matter, ...states });
    });
  }

  /** Of a person also what was said of the person's addresses without naming anybody. */
  private async entriesFor({ contactId, address }: Whose, call: CallContext): Promise<readonly ConsentDocument[]> {
    const ids = contactId ? await everyIdOf(this.people, call.principal.tenant, contactId) : undefined;
    const key = address ? await this.ledger.addressKey(address, call) : undefined;
    const isAbout = ({ contactId: named }: ConsentDocument): boolean => !named || !ids || ids.includes(named);
    if (key !== undefined) return (await this.entries(where('addressKey', '=', key), call)).filter(isAbout);
    const entries = await this.entries(or(...(ids ?? []).map((id) => where('contactId', '=', id))), call);
    const keys = new Set(entries.flatMap(({ addressKey }) => addressKey ?? []));
    const nameless = await Promise.all(
      [...keys].map((each) =>
        this.entries(and(where('addressKey', '=', each), not(where('contactId', 'present', null))), call),
      ),
    );
    return [...entries, ...nameless.flat()];
  }

  private async entries(filter: Filter, call: CallContext): Promise<readonly ConsentDocument[]> {
    const { documents } = this.runtime.projection(consents.projection);
    const entries: ConsentDocument[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await documents.query(this.scope(call), { filter, limit: PAGE, ...(cursor && { cursor }) });
      entries.push(...page.documents);
      if (page.next === undefined) return entries;
      cursor = page.next;
    }
  }

  /** Under the id of the person whom they are about by now. */
  private async asOne(entries: readonly ConsentDocument[], call: CallContext): Promise<readonly StandingEntry[]> {
    const named = new Set(entries.flatMap(({ contactId }) => contactId ?? []));
    const leads = await survivorsOf(this.people, call.principal.tenant, named);
    const known = await Promise.all(entries.map((entry) => this.keyed(entry, call)));
    return known.map((entry) => {
      const { contactId } = entry;
      return contactId === undefined
        ? entry
        : { ...entry, contactId: leads.get(contactId) ?? contactId, recordedUnder: contactId };
    });
  }

  /** The key went with the proof; as long as the person is there, so is the address. */
  private async keyed(entry: ConsentDocument, call: CallContext): Promise<ConsentDocument> {
    if (entry.addressKey !== undefined || entry.address === undefined) return entry;
    return { ...entry, addressKey: await this.ledger.addressKey(entry.address, call) };
  }

  private get people() {
    return this.runtime.projection(contacts.projection).documents;
  }

  private scope({ principal }: CallContext): Scope {
    return scopeOf(principal, consent.aggregate);
  }
}
