import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { prefixOf, streamName } from '@rapport/event-store';
import { type CallContext, type Circumstances, DomainError, fold, type RecordedEvent } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import {
  type BeforeErasure,
  type Change,
  type Claims,
  RunCommand,
  RUNTIME,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { addressForm, addressKeyOf, addressSecret } from '../addresses/address-keys.js';
import { addressesEver, addressesIn, type PlacedAddress } from '../addresses/addresses-in.js';
import type { ContactEvent } from '../domain/contact/contact.events.js';
import { contact, type ContactState } from '../domain/contact/contact.js';
import { suppression, type SuppressionEvent, type SuppressionState } from '../domain/suppression/suppression.js';
import { consents } from '../records/consents.js';
import { NotedAddresses } from './noted-addresses.js';

/** Another process may have begun to suppress so long ago, unseen: an erasure is not done sooner. */
const LOOK_AGAIN_MILLISECONDS = 1_000;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const MOST_ENTRIES = 500;

type Decided = ReturnType<typeof suppression.decide.suppress>;

/**
 * Addresses of people who were erased, as keyed hashes: nobody brings them in again but the people themselves. They are facts, from which
 * the keyring has them too; that is asked.
 */
@Injectable()
export class Suppressions implements Claims<ContactState>, BeforeErasure {
  /** Until when a tenant that had none is taken to have none. */
  private readonly none = new Map<string, number>();

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  concerns({ principal }: CallContext): Promise<boolean> {
    return this.anyIn(principal.tenant);
  }

  /** Whether anything is suppressed in a tenant at all. */
  async anyIn(tenant: string): Promise<boolean> {
    // Made before there is anything to erase, so that every keyring that one can go on with has it.
    await addressSecret(this.keys, tenant);
    if ((this.none.get(tenant) ?? 0) > performance.now()) return false;
    const any = await this.noted.any(tenant);
    if (any) this.none.delete(tenant);
    else this.none.set(tenant, performance.now() + LOOK_AGAIN_MILLISECONDS);
    return any;
  }

  /** What a record has already is not judged. @throws DomainError `suppressed` */
  async take({ before, after }: Change<ContactState>, { principal }: CallContext): Promise<void> {
    const known = new Set(addressesIn({ ...before, ...before?.aside }).map(({ address }) => addressForm(address)));
    const added = addressesIn(after).filter(({ address }) => !known.has(addressForm(address)));
    await this.refuse(added, principal.tenant);
  }

  /** @throws DomainError `suppressed` */
  async refuse(addresses: readonly PlacedAddress[], tenant: string): Promise<void> {
    for (const { address, pointer } of addresses)
      if (await this.isSuppressed(address, tenant)) throw suppressed(pointer);
  }

  async isSuppressed(address: string, tenant: string): Promise<boolean> {
    const key = await addressKeyOf(this.keys, tenant, address);
    const people = await this.noted.people(tenant, key);
    if (people.length === 0) return false;
    const found = await this.keys.findMany(people.map((id) => ({ tenant, id })));
    return found.includes('destroyed');
  }

  /** Every address that the person ever had, of whichever time and in whichever record that is a part of this one. */
  async beforeErasure(contactId: string, history: readonly RecordedEvent[], call: CallContext): Promise<void> {
    const { tenant } = call.principal;
    const { subject } = await addressSecret(this.keys, tenant);
    const keys = new Map<string, string>();
    const mergedIds = mergedIdsOf(history);
    const merged = await Promise.all(mergedIds.map((id) => this.historyOf(id, tenant)));
    for (const address of addressesEver([...history, ...merged.flat()]))
      keys.set(await addressKeyOf(this.keys, tenant, address), addressForm(address).split(' ')[0]!);
    for (const id of [contactId, ...mergedIds])
      for (const key of await this.consentedWith(id, tenant)) if (!keys.has(key)) keys.set(key, 'consent');
    this.none.delete(tenant);
    for (const [key, kind] of keys) {
      const data = { contactId, kind, secret: subject.id };
      await this.run('SuppressAddress', key, call, (state, at) => suppression.decide.suppress(state, data, at));
      await this.noted.suppress(tenant, key, contactId);
    }
  }

  /** The person has come back: `consentId` is the entry that says so, by their own act. */
  async release(address: string, consentId: string, call: CallContext): Promise<void> {
    const { tenant } = call.principal;
    const key = await addressKeyOf(this.keys, tenant, address);
    await this.run('ReleaseAddress', key, call, (state, at) => suppression.decide.release(state, { consentId }, at));
    await this.noted.release(tenant, key);
  }

  private historyOf(id: string, tenant: string): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.events.read(streamName(contact.aggregate, tenant, id)));
  }

  /** Addresses that only the ledger knows. */
  private async consentedWith(contactId: string, tenant: string): Promise<readonly string[]> {
    const list = this.runtime.projection(consents.projection);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const filter = where('contactId', '=', contactId);
    const { documents } = await list.documents.query(everythingOf(tenant), { filter, limit: MOST_ENTRIES });
    return documents.flatMap(({ addressKey }) => addressKey ?? []);
  }

  private async run(
    name: string,
    id: string,
    { principal, correlationId }: CallContext,
    decide: (state: SuppressionState, at: Circumstances) => Decided,
  ): Promise<void> {
    const call = { principal, correlationId, answer: {} };
    const steps = [{ name, input: id, decide }];
    const order = { decider: suppression, id, steps, call };
    await this.commands.execute(new RunCommand<SuppressionState, SuppressionEvent>(order));
  }

  private get noted(): NotedAddresses {
    return new NotedAddresses(this.keys);
  }

  private get keys(): ServiceRuntime['engines']['keys'] {
    return this.runtime.engines.keys;
  }
}

/** Contacts that are a part of this one; a lead has none. */
const mergedIdsOf = (history: readonly RecordedEvent[]): readonly string[] => {
  const own = history.filter(({ stream }) => stream.startsWith(prefixOf(contact.aggregate)));
  return fold<ContactState, ContactEvent>(contact, own as readonly unknown[] as ContactEvent[])?.mergedIds ?? [];
};

export const suppressed = (pointer: string): DomainError => {
  const message =
    'This address was of somebody who was erased, and is not brought in again. Leave it out: only the person can come back with it, ' +
    'by confirming a link that is sent to the address.';
  return new DomainError('conflict', 'suppressed', message, { fields: [{ pointer, code: 'suppressed', message }] });
};
