import { type EventStore, streamName } from '@rapport/event-store';
import { type Decider, type DomainEvent, fold, type RecordedEvent } from '@rapport/kernel';

/** All that happened to one of a tenant's. */
export const historyIn = (
  events: EventStore,
  aggregate: string,
  tenant: string,
  id: string,
): Promise<readonly RecordedEvent[]> => Array.fromAsync(events.read(streamName(aggregate, tenant, id)));

/** What one of a tenant's is at this moment, from the events themselves: never behind. */
export const stateIn = async <State, E extends DomainEvent>(
  events: EventStore,
  decider: Pick<Decider<State, E, object>, 'aggregate' | 'initialState' | 'evolve'>,
  tenant: string,
  id: string,
): Promise<State> => fold(decider, (await historyIn(events, decider.aggregate, tenant, id)) as unknown as readonly E[]);
