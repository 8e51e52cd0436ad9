import type { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { streamName } from '@rapport/event-store';
import { type CallContext, fold, idFrom, isRejection, type RecordedEvent, undo } from '@rapport/kernel';
import { and, not, where } from '@rapport/read-models';
import { RunCommand, type ServiceRuntime } from '@rapport/service-kit';
import { account } from '../domain/account/account.js';
import type { ContactEvent } from '../domain/contact/contact.events.js';
import { contact, type ContactState } from '../domain/contact/contact.js';
import type { Made } from '../domain/lead/lead.events.js';
import type { AccountRecords } from '../records/accounts.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import type { Converted, Kept } from './converted.js';
import { accountOf, contactOf, lackedBy } from './made-of-lead.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

type Plain = Readonly<Record<'account' | 'contact', AccountRecords | ContactRecords>>;

/** Accounts and contacts that are made of leads, by ordinary changes of theirs; each once, however often it is begun. */
export class MadeRecords {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly commands: CommandBus,
    private readonly records: Plain,
  ) {}

  async make({ lead, conversion, event }: Converted, call: CallContext): Promise<void> {
    const { accountId, contactId, made } = conversion;
    if (made.includes('account')) await this.create('account', accountId!, accountOf(lead), following(call, event));
    if (made.includes('contact'))
      await this.create('contact', contactId, contactOf(lead, accountId), following(call, event));
    else await this.fillIn({ lead, conversion, event }, call);
  }

  private async create(kind: keyof Plain, id: string, fields: object, call: CallContext): Promise<void> {
    await this.records[kind].create(fields, { ...call, requestId: id, repeated: true });
  }

  private async fillIn(
    { lead, conversion, event }: Omit<Converted, 'id' | 'tenant'>,
    call: CallContext,
  ): Promise<void> {
    const { accountId, contactId } = conversion;
    const decide = (state: ContactState, at: { at: string; id: string }) => {
      const set = lackedBy(state ?? {}, lead, accountId);
      return Object.keys(set).length === 0 ? [] : contact.decide.edit(state, { set }, at);
    };
    const because = { ...following(call, event), requestId: idFrom(event.id, 'fill-in') };
    await (this.records.contact as ContactRecords).run(
      contactId,
      [{ name: 'FillInFromLead', input: event.id, decide }],
      because,
    );
  }

  /** Archives what a conversion made and nobody has touched since; tells the rest. */
  async unmake({ tenant, conversion, event }: Converted, undone: RecordedEvent, call: CallContext) {
    const { accountId, contactId, made } = conversion;
    const kept: Kept[] = [];
    const because = following(call, undone);
    const archive = async (kind: 'account' | 'contact', id: string): Promise<void> => {
      const isUsed = kind === 'account' && (await this.hasOthers(tenant, id, contactId));
      if (isUsed || !(await this.archived(kind, id, undone, because))) kept.push({ kind, id });
    };
    if (made.includes('contact')) await archive('contact', contactId);
    else await this.takeOut(contactId, event, undone, because);
    if (made.includes('account')) await archive('account', accountId!);
    return kept as readonly Kept[];
  }

  /** Whether nobody has touched it: it says nothing but that it was made. */
  private async archived(kind: Made, id: string, undone: RecordedEvent, call: CallContext): Promise<boolean> {
    const decider = kind === 'account' ? account : contact;
    let isUntouched = false;
    const decide = (state: never, at: { at: string; id: string }, history: readonly RecordedEvent[]) => {
      isUntouched = history.length === 1;
      return isUntouched ? decider.decide.archive(state, {}, at) : [];
    };
    const steps = [{ name: `Archive${kind}OfLead`, input: id, decide }];
    const order = { decider, id, commandId: idFrom(undone.id, kind), call, steps };
    const { outcome } = await this.commands.execute(new RunCommand(order as never));
    return isUntouched || outcome === 'updated';
  }

  /** Other people have come to belong to the account. */
  private async hasOthers(tenant: string, accountId: string, contactId: string): Promise<boolean> {
    const list = this.runtime.projection(contacts.projection);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const filter = and(where('accountId', '=', accountId), not(where('id', '=', contactId)));
    return (await list.documents.count(everythingOf(tenant), filter)) > 0;
  }

  /** What was filled in goes, except what was changed again. */
  private async takeOut(id: string, event: RecordedEvent, undone: RecordedEvent, call: CallContext): Promise<void> {
    const filled = await this.filledIn(id, event);
    if (!filled) return;
    const decide = (_: ContactState, __: unknown, history: readonly RecordedEvent[]) => {
      const decision = undo(contact, history, { eventId: filled.id, laterChanges: 'keep' });
      // Its own rules stand above it: one that was merged, or would have no name left, stays as it is.
      return isRejection(decision) ? [] : decision;
    };
    const steps = [{ name: 'TakeOutOfContact', input: filled.id, decide }];
    const order = { decider: contact, id, commandId: idFrom(undone.id, 'take-out'), call, steps };
    await this.commands.execute(new RunCommand(order as never));
  }

  private async filledIn(id: string, event: RecordedEvent): Promise<RecordedEvent | undefined> {
    const stream = streamName(contact.aggregate, event.metadata.tenant, id);
    const history = await Array.fromAsync(this.runtime.events.read(stream));
    // It says so itself, what it was caused by.
    if (fold(contact, history as unknown as readonly ContactEvent[])?.erased) return undefined;
    return history.find(({ type, metadata }) => type === 'ContactEdited' && metadata.causationId === event.id);
  }
}

/** A call that goes on from an event: its key, and what it has seen, are of the first command. */
const following = ({ principal, correlationId, answer, signal }: CallContext, { id }: RecordedEvent): CallContext => ({
  ...{ principal, correlationId, answer, causationId: id },
  ...(signal && { signal }),
});
