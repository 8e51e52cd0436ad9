import { contactsService } from '@rapport/contacts';
import { type EventStore, streamName } from '@rapport/event-store';
import { type EventCatalogue, type EventMetadata, newId, type NewEvent, versionOf } from '@rapport/kernel';
import { salesService } from '@rapport/sales';
import { contactOf } from './contacts.js';

export const TENANT = 'main';
const BEGAN = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

/** As the services write it; the day tells how long after the beginning it happened. */
export const metadataOf = (day: number): EventMetadata => ({
  tenant: TENANT,
  actor: { kind: 'user', id: 'bench' },
  correlationId: newId(),
  commandId: newId(),
  occurredAt: new Date(BEGAN + day * DAY).toISOString(),
  schemaVersion: 1,
});

const dayOf = (day: number): string => new Date(BEGAN + day * DAY).toISOString().slice(0, 10);

export interface StoredEvent {
  readonly stream: string;
  readonly event: NewEvent;
}

const eventOf = (aggregate: string, id: string, day: number, [type, data]: readonly [string, object]): StoredEvent => ({
  stream: streamName(aggregate, TENANT, id),
  event: { id: newId(), type, data, metadata: { ...metadataOf(day), schemaVersion: versionOf(TODAY, type) } },
});

const TODAY: EventCatalogue = Object.fromEntries(
  [contactsService, salesService].flatMap(({ catalogue }) => catalogue.flatMap(({ events }) => Object.entries(events))),
);

/** One event for each person. */
export const contactEvents = (from: number, to: number): readonly StoredEvent[] =>
  range(from, to, (n) => eventOf('contact', newId(), n % 700, ['ContactCreated', contactOf(n)]));

/** One event for each company. */
export const accountEvents = (from: number, to: number): readonly StoredEvent[] =>
  range(from, to, (n) => {
    const { lastName, phone, address } = contactOf(n);
    const data = { name: `${lastName} ${n}`, sector: 'retail', employees: n % 5_000, location: address.country, phone };
    return eventOf('account', newId(), n % 700, ['AccountCreated', data]);
  });

/** A third each: created, moved, closed; most are won. */
export const opportunityEvents = (from: number, to: number): readonly StoredEvent[] => {
  const ids = range(0, Math.ceil((to - from) / 3), () => newId());
  const [pipelineId, owners, products] = [newId(), range(0, 35, newId), range(0, 7, newId)];
  const [prospecting, engaging] = [newId(), newId()];
  const at = (day: number): string => new Date(BEGAN + day * DAY).toISOString();
  const day = (n: number): number => (from + n) % 700;
  const created = ids.map((id, n) => {
    const [ownerId, productId] = [owners[n % 35]!, products[n % 7]!];
    const amount = { minor: 10_000 + ((n * 7_919) % 900_000), currency: 'USD' };
    const stage = {
      pipelineId,
      ...{ stage: 'Prospecting', stageId: prospecting },
      probability: 10,
      stageEnteredAt: at(day(n)),
      openedOn: dayOf(day(n)),
    };
    return eventOf('opportunity', id, day(n), [
      'OpportunityCreated',
      { name: `Order ${n}`, ownerId, productId, amount, ...stage },
    ]);
  });
  const moved = ids.map((id, n) => {
    const place = { pipelineId, stage: 'Engaging', stageId: engaging };
    const data = { ...place, probability: 50, stageEnteredAt: at(day(n) + 5) };
    return eventOf('opportunity', id, day(n) + 5, ['OpportunityMoved', data]);
  });
  const closed = ids.map((id, n) => {
    const data = { closedOn: dayOf(day(n) + 20), stageEnteredAt: at(day(n) + 20) };
    const lost = ['OpportunityLost', { ...data, reason: 'Price' }] as const;
    return eventOf('opportunity', id, day(n) + 20, n % 3 === 0 ? lost : ['OpportunityWon', data]);
  });
  return [...created, ...moved, ...closed].slice(0, to - from);
};

/** Writes events as many clients at once would; events of one stream stay in order. */
export const write = async (
  store: EventStore,
  count: number,
  make: (from: number, to: number) => readonly StoredEvent[],
): Promise<void> => {
  const together = 3_000;
  for (let from = 0; from < count; from += together) {
    const events = make(from, Math.min(from + together, count));
    await Promise.all(events.map(({ stream, event }) => store.append(stream, [event], 'any')));
  }
};

const range = <T>(from: number, to: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: to - from }, (_, n) => make(from + n));
