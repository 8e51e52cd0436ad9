import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { scopeOf, type ScopeOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, DomainError, instantOf, type RecordedEvent } from '@rapport/kernel';
import { leadsOf, recordIdOf, Records, References, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { addressKeyOf } from '../addresses/address-keys.js';
import type { ConsentFields } from '../domain/consent/consent.events.js';
import { consent, type ConsentState } from '../domain/consent/consent.js';
import { whoseAddress } from './whose-address.js';
import { Suppressions } from '../suppression/suppressions.js';
import { type ConsentRecords, consents } from '../records/consents.js';

/** How long a proof is kept where nobody says: what has to be proved may be asked for as long. */
const YEARS_OF_PROOF = 5;

/** What is to be recorded; instants as the caller writes them. */
export type Said = Omit<ConsentFields, 'addressKey' | 'occurredAt' | 'expiresAt'> &
  Partial<Pick<ConsentFields, 'occurredAt' | 'expiresAt'>>;

/** To record a withdrawal takes less than to record a grant: whoever may edit what stands may add such an entry. */
const withdrawing: ScopeOf = (principal, object, action) =>
  scopeOf(principal, object, action === 'create' ? 'edit' : action);

/** The consent ledger, to which entries are added. */
@Injectable()
export class ConsentLedger {
  /** For reading, and for grants. */
  readonly records: ConsentRecords;
  private readonly withdrawals: ConsentRecords;
  private readonly references: References;

  constructor(
    @Inject(CommandBus) commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Suppressions) private readonly suppressions: Suppressions,
  ) {
    const { events, definition, listOf, tenants } = runtime;
    const list = runtime.projection(consents.projection);
    const leadsTo = leadsOf({ contactId: 'contact' }, runtime);
    const { context } = definition;
    const parts = { commands, events, list, listOf, leadsTo, context, calendar: tenants.calendar };
    this.references = new References({ contactId: 'contact' }, consent as never, parts);
    this.records = new Records(consents.kind, parts);
    this.withdrawals = new Records(consents.kind, { ...parts, scopeOf: withdrawing });
  }

  /** @throws DomainError invalid | forbidden */
  record(said: Said, call: CallContext): Promise<contactsV1.Consent> {
    return this.add('CreateConsent', this.records, said, call);
  }

  /** @throws DomainError invalid | forbidden */
  withdraw(said: Said, call: CallContext): Promise<contactsV1.Consent> {
    if (said.state !== 'granted') return this.add('WithdrawConsent', this.withdrawals, said, call);
    throw invalid(
      'granted',
      '/state',
      'This records what is withdrawn or objected to. Grants go to POST /v1/consents.',
    );
  }

  private async add(name: string, records: ConsentRecords, said: Said, call: CallContext): Promise<contactsV1.Consent> {
    const fields = await this.completed(said, call);
    const decide = (state: ConsentState, at: { at: string; id: string }) => consent.decide.record(state, fields, at);
    const step = { name, input: said, decide, ...(said.occurredAt && { occurredAt: said.occurredAt }) };
    const fresh = call.idempotencyKey === undefined && call.repeated !== true;
    return records.run(recordIdOf(call, name), [step], call, { fresh, action: 'create' });
  }

  /** The event that recorded an entry. */
  async recorded(id: string, { principal }: CallContext): Promise<RecordedEvent | undefined> {
    const stream = streamName(consent.aggregate, principal.tenant, id);
    return (await Array.fromAsync(this.runtime.events.read(stream, { limit: 1 })))[0];
  }

  addressKey(address: string, { principal }: CallContext): Promise<string> {
    return addressKeyOf(this.runtime.engines.keys, principal.tenant, address);
  }

  private async completed({ address, ...asked }: Said, call: CallContext): Promise<ConsentFields> {
    await this.references.check(asked, call);
    const said = { ...asked, ...(await this.recordedUnder(asked.contactId, address, call)) };
    const now = this.runtime.engines.clock.now();
    const occurredAt = said.occurredAt === undefined ? now : instantOf(said.occurredAt);
    const expiresAt = said.expiresAt === undefined ? inYears(now) : instantOf(said.expiresAt);
    if (expiresAt <= now) throw over();
    if (address !== undefined && said.state === 'granted' && !said.byPerson)
      await this.suppressions.refuse([{ pointer: '/address', address }], call.principal.tenant);
    return {
      ...said,
      ...(address !== undefined && { addressKey: await this.addressKey(address, call) }),
      // Without a person there is nobody with whom it would go.
      ...(address !== undefined && said.contactId !== undefined && { address }),
      occurredAt: occurredAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }

  private async recordedUnder(
    contactId: string | undefined,
    address: string | undefined,
    { principal }: CallContext,
  ): Promise<Pick<ConsentFields, 'contactId'>> {
    if (contactId === undefined || address === undefined) return {};
    return { contactId: await whoseAddress(this.runtime, principal.tenant, contactId, address) };
  }
}

const inYears = (now: Date): Date => {
  const then = new Date(now);
  then.setUTCFullYear(then.getUTCFullYear() + YEARS_OF_PROOF);
  return then;
};

const over = (): DomainError =>
  invalid('expired-before', '/expiresAt', 'The proof would have expired already. Give a time that is still to come.');

const invalid = (code: string, pointer: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
