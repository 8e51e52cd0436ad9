import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, type Filter, not, type Scope, shown, where } from '@rapport/read-models';
import { fieldsOf, type Handlers, momentFor, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { consent } from '../domain/consent/consent.js';
import { type Standing, standingsOf } from '../domain/consent/standing.js';
import { type ConsentDocument, consents } from '../records/consents.js';
import { ConsentLedger, type Said } from './ledger.js';

const PAGE = 500;

/** rapport.contacts.v1.ConsentsService */
@Injectable()
export class ConsentsApi implements Handlers<contactsV1.ConsentsService> {
  constructor(
    @Inject(ConsentLedger) private readonly ledger: ConsentLedger,
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
    await this.ledger.records.caughtUp(call);
    const scope = scopeOf(call.principal, consent.aggregate);
    const found = await this.entriesFor(request, scope, call);
    const known = await Promise.all(found.map((entry) => this.keyed(entry, call)));
    const asOf = request.asOf && momentFor(request.asOf, call, this.runtime.tenants.calendar);
    const by = request.asOfBy === 'recorded' ? 'recordedAt' : 'occurredAt';
    const standings = standingsOf(asOf ? known.filter((entry) => entry[by] <= asOf) : known);
    return { data: standings.map((each) => messageOf(scope, each)) };
  }

  /** Of a person also what was said of the person's addresses without naming anybody. */
  private async entriesFor(
    { contactId, address }: contactsV1.ListConsentStandingsRequest,
    scope: Scope,
    call: CallContext,
  ): Promise<readonly ConsentDocument[]> {
    if (!contactId && !address) throw nobody();
    const key = address ? await this.ledger.addressKey(address, call) : undefined;
    const entries = await this.entries(
      scope,
      key === undefined ? where('contactId', '=', contactId!) : where('addressKey', '=', key),
    );
    if (!contactId) return entries;
    if (key !== undefined) return entries.filter((entry) => !entry.contactId || entry.contactId === contactId);
    const keys = new Set(entries.flatMap(({ addressKey }) => addressKey ?? []));
    const nameless = await Promise.all(
      [...keys].map((each) =>
        this.entries(scope, and(where('addressKey', '=', each), not(where('contactId', 'present', null)))),
      ),
    );
    return [...entries, ...nameless.flat()];
  }

  private async entries(scope: Scope, filter: Filter): Promise<readonly ConsentDocument[]> {
    const { documents } = this.runtime.projection(consents.projection);
    const entries: ConsentDocument[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await documents.query(scope, { filter, limit: PAGE, ...(cursor && { cursor }) });
      entries.push(...page.documents);
      if (page.next === undefined) return entries;
      cursor = page.next;
    }
  }

  /** The key went with the proof; as long as the person is there, so is the address. */
  private async keyed(entry: ConsentDocument, call: CallContext): Promise<ConsentDocument> {
    if (entry.addressKey !== undefined || entry.address === undefined) return entry;
    return { ...entry, addressKey: await this.ledger.addressKey(entry.address, call) };
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
