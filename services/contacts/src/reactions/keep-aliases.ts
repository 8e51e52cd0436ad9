import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, type Circumstances, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RunCommand } from '@rapport/service-kit';
import type { AliasEvent } from '../domain/alias/alias.events.js';
import { alias, type AliasState } from '../domain/alias/alias.js';
import type { ContactEvent } from '../domain/contact/contact.events.js';
import { contacts } from '../records/contacts.js';

const NAME = 'keep-aliases';

/** What a merge or a split makes of the id of a contact is told to contexts that keep such ids. */
export const keepAliases = (provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(contacts.decider.aggregate)],
  types: ['ContactMergedInto', 'ContactSplitOff'] satisfies readonly ContactEvent['type'][],
  react: async (event) => {
    const { id } = partsOf(event.stream);
    const isMade = event.type === 'ContactMergedInto';
    const { survivorId } = event.data as { readonly survivorId: string };
    const made = { object: contacts.decider.aggregate, survivorId };
    const decide = (state: AliasState, at: Circumstances) =>
      isMade ? alias.decide.make(state, made, at) : alias.decide.end(state, {}, at);
    const steps = [{ name: 'KeepAlias', input: event.id, decide }];
    const order = { decider: alias, id, steps, call: callAfter(event), commandId: idFrom(event.id, NAME) };
    await provided(CommandBus).execute(new RunCommand<AliasState, AliasEvent>(order));
    return 'done';
  },
});

const callAfter = ({ id, metadata }: RecordedEvent): CallContext => ({
  principal: { tenant: metadata.tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  correlationId: metadata.correlationId,
  causationId: id,
  answer: {},
});
