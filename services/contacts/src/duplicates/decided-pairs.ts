import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import { positionIn, RunCommand, RUNTIME, type ServiceRuntime, type Step, survivorsOf } from '@rapport/service-kit';
import type { DuplicateEvent, PairOfContacts } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState, pairId, pairOf } from '../domain/duplicate/duplicate.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { duplicates } from '../records/duplicates.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** What was decided about pairs of contacts, and deciding it. */
@Injectable()
export class DecidedPairs {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(contacts.token) private readonly records: ContactRecords,
  ) {}

  /** Which of the others were said to be somebody else than this contact. */
  async dismissed(id: string, others: readonly string[], call: CallContext): Promise<ReadonlySet<string>> {
    if (others.length === 0) return new Set();
    const list = this.runtime.projection(duplicates);
    const position = positionIn(call.consistency, this.runtime.definition.context);
    if (position !== undefined) await list.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
    const people = this.runtime.projection(contacts.projection).documents;
    const known = await people.getMany(everythingOf(call.principal.tenant), [id, ...others]);
    const everyIdOf = (each: string): readonly string[] => [each, ...(known.get(each)?.mergedIds ?? [])];
    const ids = new Map(
      others.flatMap((other) =>
        everyIdOf(id).flatMap((one) => everyIdOf(other).map((each) => [pairId(pairOf(one, each)), other] as const)),
      ),
    );
    // The caller sees both contacts, or would not ask about the pair.
    const decided = await list.documents.getMany(everythingOf(call.principal.tenant), ids.keys());
    const dismissed = [...decided].filter(([, { status }]) => status === 'dismissed');
    return new Set(dismissed.map(([pair]) => ids.get(pair)!));
  }

  dismiss(one: string, other: string, call: CallContext): Promise<DuplicateState> {
    const decide: Decide = (pair) => (state, at) => duplicate.decide.dismiss(state, pair, at);
    return this.decide('DismissDuplicate', pairOf(one, other), decide, call);
  }

  reopen(one: string, other: string, call: CallContext): Promise<DuplicateState> {
    const decide: Decide = () => (state, at) => duplicate.decide.reopen(state, {}, at);
    return this.decide('ReopenDuplicate', pairOf(one, other), decide, call);
  }

  private async decide(
    name: string,
    asked: PairOfContacts,
    decide: Decide,
    call: CallContext,
  ): Promise<DuplicateState> {
    await this.records.caughtUp(call);
    const { documents } = this.runtime.projection(contacts.projection);
    const leads = await survivorsOf(documents, call.principal.tenant, [asked.contactId, asked.otherContactId]);
    const [one, other] = [asked.contactId, asked.otherContactId].map((id) => leads.get(id) ?? id) as [string, string];
    const pair = pairOf(one, other);
    if (pair.contactId === pair.otherContactId) throw oneContact();
    await this.refuseUnseen(pair, call);
    const steps = [{ name, input: pair, decide: decide(pair) }];
    const order = { decider: duplicate, id: pairId(pair), steps, call };
    const { state } = await this.commands.execute(new RunCommand<DuplicateState, DuplicateEvent>(order));
    return state;
  }

  /** Whoever decides about two people may change both. */
  private async refuseUnseen({ contactId, otherContactId }: PairOfContacts, call: CallContext): Promise<void> {
    const { documents } = this.runtime.projection(contacts.projection);
    const { aggregate } = contacts.decider;
    const seen = await documents.getMany(scopeOf(call.principal, aggregate), [contactId, otherContactId]);
    const changed = await documents.getMany(scopeOf(call.principal, aggregate, 'edit'), seen.keys());
    for (const id of [contactId, otherContactId]) {
      if (!seen.has(id)) throw noContact(id);
      if (!changed.has(id)) throw notTheirs(id);
    }
  }
}

type Decide = (pair: PairOfContacts) => Step<DuplicateState, DuplicateEvent>['decide'];

export const noContact = (id: string): DomainError =>
  new DomainError('not-found', 'contact-not-found', `There is no contact ${id}. Check the id, or list them.`);

const notTheirs = (id: string): DomainError => {
  const message = `You may see the contact ${id} and not edit it. Ask somebody who may to decide.`;
  return new DomainError('forbidden', 'not-yours', message);
};

const oneContact = (): DomainError => {
  const message = 'A contact is no duplicate of itself. Name two of them.';
  const fields = [{ pointer: '/otherContactId', code: 'one-contact', message }];
  return new DomainError('invalid', 'one-contact', message, { fields });
};
