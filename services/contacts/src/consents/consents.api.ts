import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { type Scope, shown } from '@rapport/read-models';
import { fieldsOf, type Handlers, momentFor, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { consent } from '../domain/consent/consent.js';
import type { Standing } from '../domain/consent/standing.js';
import { consents } from '../records/consents.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { ConsentLedger, type Said } from './ledger.js';
import { ConsentStandings } from './standings.js';

/** rapport.contacts.v1.ConsentsService */
@Injectable()
export class ConsentsApi implements Handlers<contactsV1.ConsentsService> {
  constructor(
    @Inject(ConsentLedger) private readonly ledger: ConsentLedger,
    @Inject(ConsentStandings) private readonly standings: ConsentStandings,
    @Inject(contacts.token) private readonly people: ContactRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async createConsent({ consent: asked }: contactsV1.CreateConsentRequest, call: CallContext) {
    return this.told(await this.ledger.record(saidIn(asked), call), call);
  }

  async withdrawConsent({ consent: asked }: contactsV1.WithdrawConsentRequest, call: CallContext) {
    return this.told(await this.ledger.withdraw(saidIn(asked), call), call);
  }

  async getConsent(request: typesV1.GetRecordRequest, call: CallContext): Promise<contactsV1.Consent> {
    return this.told(await this.ledger.records.get(request, call), call);
  }

  listConsents(request: typesV1.ListRecordsRequest, call: CallContext): Promise<contactsV1.ListConsentsResponse> {
    return this.ledger.records.list(request, call);
  }

  listConsentHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.ledger.records.history(request, call);
  }

  async listConsentStandings(
    request: contactsV1.ListConsentStandingsRequest,
    call: CallContext,
  ): Promise<contactsV1.ListConsentStandingsResponse> {
    if (!request.contactId && !request.address) throw nobody();
    await this.ledger.records.caughtUp(call);
    await this.people.caughtUp(call);
    const scope = scopeOf(call.principal, consent.aggregate);
    const asOf = request.asOf && momentFor(request.asOf, call, this.runtime.tenants.calendar);
    const by = request.asOfBy === 'recorded' ? 'recordedAt' : 'occurredAt';
    const standings = await this.standings.of(request, call, (entry) => !asOf || entry[by] <= asOf);
    return { data: standings.map((each) => messageOf(scope, each)) };
  }

  /** With who recorded it, which the entry itself does not say. */
  private async told(entry: contactsV1.Consent, call: CallContext): Promise<contactsV1.Consent> {
    const event = await this.ledger.recorded(entry.id, call);
    const scope = scopeOf(call.principal, consent.aggregate);
    const { recordedAt, metadata } = event!;
    return contactsV1.Consent.fromPartial({ ...entry, ...shown(scope, { recordedAt, actor: metadata.actor }) });
  }
}

const saidIn = (asked: contactsV1.Consent | undefined): Said => fieldsOf<Said>(asked ?? {}, consents.kind.outputOnly);

const messageOf = (scope: Scope, standing: Standing): contactsV1.ConsentStanding =>
  contactsV1.ConsentStanding.fromPartial(shown(scope, { ...standing }));

const nobody = (): DomainError => {
  const message = 'Say whose: give contactId, address, or both.';
  const fields = [{ pointer: '/contactId', code: 'nobody-named', message }];
  return new DomainError('invalid', 'nobody-named', message, { fields });
};
