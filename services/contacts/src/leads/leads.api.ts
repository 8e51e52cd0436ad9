import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, DomainError, fold, isRejection, type Rejection } from '@rapport/kernel';
import { type Document, shown } from '@rapport/read-models';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, Protecting, type RecordApi } from '@rapport/service-kit';
import type { LeadEvent } from '../domain/lead/lead.events.js';
import { lead, type LeadState } from '../domain/lead/lead.js';
import { type LeadRecords, leads } from '../records/leads.js';
import { Assignments } from './assignments.js';
import { ConversionTargets, type Foreseen } from './conversion-targets.js';
import { Conversions } from './conversions.js';

/** What only leads can do. */
@Injectable()
export class LeadsApi implements RecordApi<typeof leads> {
  constructor(
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(leads.token) private readonly records: LeadRecords,
    @Inject(ConversionTargets) private readonly targets: ConversionTargets,
    @Inject(Conversions) private readonly conversions: Conversions,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  assignLead({ id, assignment }: contactsV1.AssignLeadRequest, call: CallContext): Promise<contactsV1.Lead> {
    return this.assignments.assign({ id, assignment: assignment! }, call);
  }

  /** Repeatable with a key, as every command is. */
  async convertLead(request: contactsV1.ConvertLeadRequest, call: CallContext): Promise<contactsV1.Lead> {
    const { id, skipDuplicateCheck, ...asked } = request;
    const history = await this.records.load(id, call);
    const state = fold(lead, history as unknown as readonly LeadEvent[]);
    const isOpen = state !== null && lead.final?.(state) === undefined && !state.archived;
    // What cannot be converted any more says so by itself.
    const foreseen = isOpen ? await this.targets.foresee(state, history.length, request, call) : undefined;
    if (foreseen && !skipDuplicateCheck) refuseLikely(foreseen);
    const conversion = foreseen?.conversion ?? { contactId: id, made: [] };
    const decide = (now: LeadState, at: Circumstances) => lead.decide.convert(now, conversion, at);
    await this.records.run(id, [{ name: 'ConvertLead', input: [id, asked], decide }], call);
    const event = await this.conversions.last(id, 'LeadConverted', call);
    const { revision } = call.answer;
    await this.conversions.complete(event, { ...call, answer: call.answer });
    await this.conversions.settled(event);
    if (revision !== undefined) call.answer.revision = revision;
    return this.now(id, call);
  }

  async previewLeadConversion(
    request: contactsV1.ConvertLeadRequest,
    call: CallContext,
  ): Promise<contactsV1.LeadConversionPreview> {
    const history = await this.records.load(request.id, call);
    const state = fold(lead, history as unknown as readonly LeadEvent[]);
    const refused = state && lead.final?.(state);
    if (!state || (refused && isRejection(refused))) throw DomainError.of(refused as Rejection);
    const { account, contact, conversion, likelyAccountIds, likelyContactIds } = await this.targets.foresee(
      state,
      history.length,
      request,
      call,
    );
    const { principal } = call;
    const seen = (kind: string, fields: object): object => shown(scopeOf(principal, kind), fields as Document);
    return {
      account: account && contactsV1.Account.fromPartial({ ...seen('account', account), id: conversion.accountId! }),
      contact: contactsV1.Contact.fromPartial({ ...seen('contact', contact), id: conversion.contactId }),
      likelyAccountIds: [...likelyAccountIds],
      likelyContactIds: [...likelyContactIds],
    };
  }

  async undoLeadConversion({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.UndoneLeadConversion> {
    const state = fold(lead, (await this.records.load(id, call)) as unknown as readonly LeadEvent[]);
    if (state?.conversion) await this.conversions.checkUndo(id, call);
    const decide = (now: LeadState, at: Circumstances) => lead.decide.undoConversion(now, {}, at);
    await this.records.run(id, [{ name: 'UndoLeadConversion', input: id, decide }], call);
    const { revision } = call.answer;
    const event = await this.conversions.last(id, 'LeadConversionUndone', call);
    const kept = await this.conversions.completeUndo(event, call);
    if (revision !== undefined) call.answer.revision = revision;
    return { lead: await this.now(id, call), kept: [...kept] };
  }

  /** What a conversion did to several records is undone in all of them. */
  async undoLeadChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Lead> {
    const history = await this.records.load(request.id, call);
    const last = history.findLast(({ type }) => type === 'LeadConverted');
    if (!last || last.id !== request.eventId) return this.records.undo(request, call);
    return (await this.undoLeadConversion({ id: request.id }, call)).lead!;
  }

  private now(id: string, call: CallContext): Promise<contactsV1.Lead> {
    const { consistency } = call.answer;
    return this.records.get(
      { id, asOf: undefined, asOfBy: undefined },
      { ...call, ...(consistency !== undefined && { consistency }), answer: {} },
    );
  }

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

/** @throws DomainError conflict `likely-duplicates`, each with its id */
const refuseLikely = ({ likelyAccountIds, likelyContactIds }: Foreseen): void => {
  const likely = (noun: string, ids: readonly string[]) =>
    ids.map((id) => ({
      ...{ pointer: `/${noun}`, code: 'likely-duplicate' },
      message: `The ${noun} ${id} may be the same. Give its id, or say skipDuplicateCheck.`,
    }));
  const fields = [...likely('contact', likelyContactIds), ...likely('account', likelyAccountIds)];
  if (fields.length === 0) return;
  const message =
    'What would be made may be there already. Give the id of what is the same, or say skipDuplicateCheck.';
  throw new DomainError('conflict', 'likely-duplicates', message, { fields });
};

const receiptOf = ({ id: leadId, actor, ...told }: ErasureTold): contactsV1.LeadErasureReceipt => ({
  ...told,
  leadId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
