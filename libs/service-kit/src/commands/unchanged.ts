import { streamName, WrongExpectedRevision, type EventStore } from '@rapport/event-store';
import {
  type DomainEvent,
  type EventCatalogue,
  idFrom,
  type NewEvent,
  type RecordedEvent,
  UNCHANGED,
} from '@rapport/kernel';
import type { CommandIdentity } from './command-identity.js';
import type { CommandOrder } from './run-command.js';

/** A client's keyed command found its record as it wanted it. */
export type NothingChanged = DomainEvent<
  'NothingChanged',
  {
    /** The record's stream. */
    readonly record: string;
    /** What the record was at. */
    readonly revision: number;
  }
>;

const events: EventCatalogue<NothingChanged> = { NothingChanged: UNCHANGED };

/** What every context stores about commands that left nothing in their record's own stream. */
export const unchangedCatalogue = { aggregate: 'unchanged', events };

interface Question {
  readonly order: CommandOrder<unknown, DomainEvent>;
  readonly identity: CommandIdentity;
  /** The record's. */
  readonly stream: string;
}

/**
 * Where it is remembered that a command with a key changed nothing: the same key again would otherwise find another state
 * and change that. It is no event of the record, which would get a new revision for nothing.
 */
export class Unchanged {
  constructor(private readonly events: EventStore) {}

  async find(question: Question): Promise<RecordedEvent<NothingChanged> | undefined> {
    for await (const event of this.events.read(placeOf(question), { limit: 1 }))
      return event as RecordedEvent<NothingChanged>;
    return undefined;
  }

  /** Resolves once it is durable. Whoever else did it first has remembered the same key. @returns whether it was this one */
  async remember(question: Question, revision: number, now: Date): Promise<boolean> {
    const { order, identity, stream } = question;
    const { principal, correlationId } = order.call;
    const place = placeOf(question);
    const event: NewEvent<NothingChanged> = {
      id: idFrom(identity.commandId, order.id, identity.hash ?? '', 'unchanged', revision),
      type: 'NothingChanged',
      data: { record: stream, revision },
      metadata: {
        tenant: principal.tenant,
        actor: principal.actor,
        correlationId,
        commandId: identity.commandId,
        ...(identity.hash === undefined ? {} : { commandHash: identity.hash }),
        occurredAt: now.toISOString(),
        schemaVersion: 1,
      },
    };
    try {
      await this.events.append(place, [event], 'no-stream');
      return true;
    } catch (failure) {
      if (failure instanceof WrongExpectedRevision) return false;
      throw failure;
    }
  }
}

const placeOf = ({ order, identity }: Question): string =>
  streamName(unchangedCatalogue.aggregate, order.call.principal.tenant, idFrom(identity.commandId, order.id));
