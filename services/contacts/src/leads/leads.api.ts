import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, Protecting, type RecordApi } from '@rapport/service-kit';
import { lead } from '../domain/lead/lead.js';
import { type LeadRecords, leads } from '../records/leads.js';

/** What only leads can do. */
@Injectable()
export class LeadsApi implements RecordApi<typeof leads> {
  constructor(
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(leads.token) private readonly records: LeadRecords,
  ) {}

  holdLead(asked: contactsV1.ProtectLeadRequest, call: CallContext): Promise<contactsV1.Lead> {
    return this.above.hold(asked, call);
  }

  releaseLead(asked: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Lead> {
    return this.above.release(asked, call);
  }

  restrictLead(asked: contactsV1.ProtectLeadRequest, call: CallContext): Promise<contactsV1.Lead> {
    return this.above.restrict(asked, call);
  }

  unrestrictLead(asked: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Lead> {
    return this.above.unrestrict(asked, call);
  }

  async rectifyLead(
    { lead: said, updateMask, ...asked }: contactsV1.RectifyLeadRequest,
    call: CallContext,
  ): Promise<contactsV1.Lead> {
    return this.above.rectify(asked, await this.records.patch(said!, updateMask, call), call);
  }

  /** What stands above a lead. */
  private get above(): Protecting<contactsV1.Lead> {
    return new Protecting('Lead', lead, this.records);
  }

  async eraseLead({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.LeadErasureReceipt> {
    return receiptOf(await this.erasure.erase(id, call, lead.aggregate));
  }

  async getLeadErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.LeadErasureReceipt> {
    return receiptOf(await this.erasure.look(id, call, lead.aggregate));
  }
}

const receiptOf = ({ id: leadId, actor, ...told }: ErasureTold): contactsV1.LeadErasureReceipt => ({
  ...told,
  leadId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
