import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { scopeOf } from '@rapport/access';
import { isRefusal } from '@rapport/commands';
import { partsOf, streamName } from '@rapport/event-store';
import { type CallContext, fold, idFrom, type RecordedEvent } from '@rapport/kernel';
import { type AnyRecord, Permit, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { Conversion, LeadConverted, LeadEvent } from '../domain/lead/lead.events.js';
import { lead, type LeadState } from '../domain/lead/lead.js';
import { type AccountRecords, accounts } from '../records/accounts.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import type { Converted, Kept } from './converted.js';
import { MadeRecords } from './made-records.js';
import { OpportunitiesOfLeads } from './opportunities-of-leads.js';

/**
 * Converts leads. The lead decides, in one event that names what it becomes; account, contact and opportunity follow, in the same
 * request or, after a crash, by a reaction. Where one of them cannot come about, the lead takes it back as one.
 */
@Injectable()
export class Conversions {
  private readonly made: MadeRecords;

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(accounts.token) ofAccounts: AccountRecords,
    @Inject(contacts.token) ofContacts: ContactRecords,
    @Inject(OpportunitiesOfLeads) private readonly opportunities: OpportunitiesOfLeads,
  ) {
    this.made = new MadeRecords(runtime, commands, { account: ofAccounts, contact: ofContacts });
  }

  /** The last event of a kind in the lead's stream. */
  async last(id: string, type: LeadEvent['type'], { principal }: CallContext): Promise<RecordedEvent> {
    return (await this.read(id, principal.tenant)).findLast((event) => event.type === type)!;
  }

  /** What follows of a conversion, once, however often it is begun. @throws DomainError where it was taken back over that */
  async complete(event: RecordedEvent, call: CallContext = callAfter(event)): Promise<void> {
    const converted = await this.converted(event);
    if (!converted) return;
    try {
      await this.made.make(converted, call);
      await this.opportunities.ask(converted, call);
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      await this.takeBack(converted, failure.code);
      throw failure;
    }
  }

  /** Waits for the opportunity, as long as somebody who asks may. @throws DomainError where sales has refused it */
  async settled(event: RecordedEvent): Promise<void> {
    const converted = await this.converted(event);
    const refused = converted && (await this.opportunities.refusal(converted));
    if (!refused) return;
    await this.takeBack(converted, refused.code);
    throw refused;
  }

  /** What it did is not to be: an event of the lead, and what follows of that. */
  async takeBack(converted: Pick<Converted, 'id' | 'tenant' | 'event'>, because: string): Promise<void> {
    const { id, tenant, event } = converted;
    const decide = (state: LeadState, at: { at: string; id: string }) =>
      state?.convertedAt === (event.data as LeadConverted['data']).convertedAt
        ? lead.decide.undoConversion(state, { because }, at)
        : [];
    const steps = [{ name: 'TakeBackConversion', input: event.id, decide }];
    const call = callAfter(event);
    const order = { decider: lead, id, commandId: idFrom(event.id, 'take-back'), call, steps };
    await this.commands.execute(new RunCommand<LeadState, LeadEvent>(order));
    const undone = (await this.read(id, tenant)).find(
      ({ type, revision }) => type === UNDONE && revision > event.revision,
    );
    if (undone) await this.completeUndo(undone);
  }

  /** What follows of taking a conversion back; tells what somebody has worked on since. */
  async completeUndo(event: RecordedEvent, call: CallContext = callAfter(event)): Promise<readonly Kept[]> {
    const { tenant, id } = partsOf(event.stream);
    const history = (await this.read(id, tenant)).slice(0, event.revision);
    const last = history.findLast(({ type }) => type === CONVERTED);
    const converted = last && (await this.converted(last));
    if (!converted) return [];
    const kept = await this.made.unmake(converted, event, call);
    const isKept = await this.opportunities.withdraw(converted, event, call);
    return isKept ? [...kept, { kind: 'opportunity', id: converted.conversion.opportunityId! }] : kept;
  }

  /** @throws DomainError forbidden, where the caller may not archive what a conversion made */
  async checkUndo(id: string, call: CallContext): Promise<void> {
    const event = await this.last(id, CONVERTED, call);
    const { made, accountId, contactId } = event.data as Conversion;
    if (made.includes('account')) await this.checkArchive(accounts, accountId!, call);
    if (made.includes('contact')) await this.checkArchive(contacts, contactId, call);
  }

  private async checkArchive({ decider, projection }: AnyRecord, id: string, call: CallContext): Promise<void> {
    const stream = streamName(decider.aggregate, call.principal.tenant, id);
    const history = await Array.fromAsync(this.runtime.events.read(stream));
    const permit = new Permit({ call, decider: decider as never, projection: projection as never, scopeOf });
    // What somebody has worked on stays.
    if (history.length === 1) permit.require('delete', history);
  }

  /** Undefined where the person was erased meanwhile: nothing is left to make anything of. */
  private async converted(event: RecordedEvent): Promise<Converted | undefined> {
    const { tenant, id } = partsOf(event.stream);
    const history = await this.read(id, tenant);
    const before = fold(lead, history.slice(0, event.revision) as unknown as readonly LeadEvent[]);
    const now = fold(lead, history as unknown as readonly LeadEvent[]);
    if (!before || now?.erased) return undefined;
    return { id, tenant, event, lead: before, conversion: event.data as Conversion };
  }

  private read(id: string, tenant: string): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.events.read(streamName(lead.aggregate, tenant, id)));
  }
}

const CONVERTED = 'LeadConverted' satisfies LeadEvent['type'];
const UNDONE = 'LeadConversionUndone' satisfies LeadEvent['type'];

const callAfter = ({ id, metadata }: RecordedEvent): CallContext => ({
  principal: { tenant: metadata.tenant, actor: metadata.actor, roles: [] },
  correlationId: metadata.correlationId,
  causationId: id,
  answer: {},
});
