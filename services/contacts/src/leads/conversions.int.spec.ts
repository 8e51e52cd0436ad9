import { afterEach, expect, it } from '@jest/globals';
import { contactsV1 } from '@rapport/contracts';
import { type EventStore, InMemoryEventStore, streamName } from '@rapport/event-store';
import { idBeside, type RecordedEvent } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from '../contacts.module.js';

const LEADS = 'rapport.contacts.v1.LeadsService';
const { principal } = callBy();

let service: RunningService | undefined;
afterEach(() => service?.close());

const keyring = new InMemoryKeyStore();
const start = async (events: EventStore): Promise<void> => {
  await service?.close();
  service = await startInProcess(contactsModule(await inMemoryEngines({ events, keys: new CachedKeyStore(keyring) })));
};

const historyOf = (events: EventStore, aggregate: string, id: string): Promise<readonly RecordedEvent[]> =>
  Array.fromAsync(events.read(streamName(aggregate, principal.tenant, id)));
const typesOf = async (events: EventStore, aggregate: string, id: string): Promise<readonly string[]> =>
  (await historyOf(events, aggregate, id)).map(({ type }) => type);

const made = async (): Promise<string> => {
  const lead = contactsV1.Lead.fromPartial({ company: 'Analytical', lastName: 'Lovelace' });
  const { id }: { id?: string } = await service!.backend.invoke(LEADS, 'createLead', { lead }, callBy());
  return id!;
};

/** Until the reaction has seen everything. */
const followed = async (events: EventStore): Promise<void> =>
  service!.runtime.reacted('complete-conversions').reach(await events.end(), 10_000);

/** The lead's own event, as it is stored when the process is killed right after it. */
const decide = async (events: EventStore, id: string, type: string, data: object): Promise<void> => {
  const history = await historyOf(events, 'lead', id);
  const { metadata } = history[0]!;
  const event = { ...{ id: idBeside(id, type), type, data }, metadata: { ...metadata, sealed: undefined } };
  await events.append(streamName('lead', principal.tenant, id), [event], history.length - 1);
};

it('a conversion that was killed right behind its decision is gone on with, once; so is taking it back', async () => {
  const events = new InMemoryEventStore();
  await start(events);
  const id = await made();
  await service!.close();
  const [accountId, contactId] = [idBeside(id, 'account'), idBeside(id, 'contact')];
  const conversion = { accountId, contactId, made: ['account', 'contact'], convertedAt: '2026-01-01T00:00:00.000Z' };
  await decide(events, id, 'LeadConverted', conversion);
  await start(events);
  await followed(events);
  await start(events);
  await followed(events);
  expect(await typesOf(events, 'account', accountId)).toEqual(['AccountCreated']);
  expect(await typesOf(events, 'contact', contactId)).toEqual(['ContactCreated']);
  await service!.close();
  await decide(events, id, 'LeadConversionUndone', {});
  await start(events);
  await followed(events);
  expect(await typesOf(events, 'account', accountId)).toEqual(['AccountCreated', 'AccountArchived']);
  expect(await typesOf(events, 'contact', contactId)).toEqual(['ContactCreated', 'ContactArchived']);
});
