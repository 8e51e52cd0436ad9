import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { openEventStoreDb } from '@rapport/eventstoredb';
import { externalAggregate, prefixOf, streamName } from '@rapport/event-store';
import { type RecordedEvent, START } from '@rapport/kernel';
import { MongoReadModelStore, openMongo } from '@rapport/mongo';
import { keyOf } from '@rapport/read-models';
import { accountNames } from '@rapport/sales';
import type { Api } from '../../journeys/support/api.js';
import { everyRecord } from '../../journeys/support/contents.js';
import type { WrittenAccount } from './steady-writes.js';
import { Witness, type Witnessed } from './witness.js';

const TENANT = 'main';

/** Where the facts are, looked at past the platform. */
export interface Facts {
  readonly eventStoreUrl: string;
  readonly mongoUrl: string;
  readonly brokers: string;
  readonly namespace: string;
}

type Streams = ReadonlyMap<string, readonly RecordedEvent[]>;

/** Every acknowledged command is in the event store exactly once, in its order, and nothing else is. */
export const expectStored = async (facts: Facts, accounts: readonly WrittenAccount[]): Promise<Streams> => {
  const streams = await streamsOf(facts, 'contacts', 'account');
  const stored = [...streams].map(([stream, events]) => [stream, events.map(nameIn)]);
  const written = accounts.map(({ id, names }) => [streamName('account', TENANT, id), names]);
  expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(written));
  return streams;
};

/** Lists come to show what the clients were told, nothing else, and the same when they are built anew from the first event. */
export const expectShown = async (api: Api, accounts: readonly WrittenAccount[]): Promise<void> => {
  const behind = async (): Promise<readonly WrittenAccount[]> => {
    const shown = await everyRecord(api, '/v1/accounts');
    return accounts.filter(({ id, names }) => {
      const record = shown.get(id);
      const { revision } = (record?.['info'] ?? {}) as { readonly revision?: number };
      return record?.['name'] !== names.at(-1) || revision !== names.length - 1;
    });
  };
  await expectNoneLeft(behind);
  const before = await everyRecord(api, '/v1/accounts');
  expect(before.size).toBe(accounts.length);
  await api.post('/v1/operations/contacts/projections/accounts:rebuild');
  expect(await everyRecord(api, '/v1/accounts')).toEqual(before);
};

/** What has not changed for so long will not come. */
const STANDSTILL_MILLISECONDS = 60_000;

/**
 * Nothing is left, sooner or later: how much there is to catch up with depends on the trial, and how fast that goes on the
 * machine. Asking costs it something too, so there is time in between.
 */
const expectNoneLeft = async (left: () => Promise<readonly unknown[]>): Promise<void> => {
  let fewest = Infinity;
  for (let since = performance.now(); ;) {
    const begun = performance.now();
    const found = await left();
    if (found.length === 0) return;
    if (found.length < fewest) since = performance.now();
    fewest = Math.min(fewest, found.length);
    if (performance.now() - since > STANDSTILL_MILLISECONDS) return expect(found).toEqual([]);
    await pause(1_000 + 2 * (performance.now() - begun));
  }
};

/**
 * Every event is on Kafka, and those of one key in their order; seen by a consumer that begins with the oldest message. A
 * page whose publishing could not be noted down is published again as a whole: what comes a second time does not count.
 */
export const expectPublished = async ({ brokers, namespace }: Facts, streams: Streams): Promise<void> => {
  await using audit = await Witness.begin(brokers, namespace, 'audit');
  await audit.caughtUp();
  for (const [stream, events] of streams) {
    const delivered = audit.delivered.get(stream) ?? [];
    expect([stream, [...new Set(delivered)]]).toEqual([stream, events.map(({ position }) => position)]);
  }
};

/** A consumer that lived through it all has applied each event once, in order. */
export const expectApplied = ({ applied }: Witnessed, streams: Streams): void => {
  const stored = [...streams].map(([stream, events]) => [stream, events.map(({ id }) => id)]);
  expect(Object.fromEntries(applied)).toEqual(Object.fromEntries(stored));
};

/** Sales comes to have every revision of every account in its own store, and the last name of each in its list. */
export const expectCopied = async (
  facts: Facts,
  accounts: readonly WrittenAccount[],
  streams: Streams,
): Promise<void> => {
  const others = async (): Promise<readonly string[]> => {
    const copies = await streamsOf(facts, 'sales', externalAggregate('contacts', 'account'));
    return [...new Set([...streams.keys(), ...[...copies.keys()].map(copied)])].filter((stream) => {
      const [source, copy] = [streams.get(stream) ?? [], copies.get(`contacts.${stream}`) ?? []];
      return !isDeepStrictEqual(copy.map(idAndRevision), source.map(idAndRevision));
    });
  };
  await expectNoneLeft(others);
  const connection = await openMongo({ url: facts.mongoUrl, database: `${facts.namespace}_sales` });
  try {
    const readModels = new MongoReadModelStore(connection);
    const { declaration } = accountNames;
    const names = await readModels.collection(declaration, await readModels.activeGeneration(declaration.name));
    const behind = async (): Promise<readonly WrittenAccount[]> => {
      const found = await names.load(accounts.map(({ id }) => ({ tenant: TENANT, id })));
      return accounts.filter(({ id, names: given }) => {
        const { document } = found.get(keyOf({ tenant: TENANT, id })) ?? {};
        return document?.name !== given.at(-1);
      });
    };
    await expectNoneLeft(behind);
  } finally {
    await connection.close();
  }
};

/** Which stream it is a copy of. */
const copied = (stream: string): string => stream.slice('contacts.'.length);

const idAndRevision = ({ id, revision }: RecordedEvent): readonly [string, number] => [id, revision];

/** Every stream of an aggregate in the store of a context. */
const streamsOf = async (
  { eventStoreUrl: url, namespace }: Facts,
  context: string,
  aggregate: string,
): Promise<Streams> => {
  const store = openEventStoreDb({ url, namespace: `${namespace}_${context}` });
  const leaving = new AbortController();
  const streams = new Map<string, RecordedEvent[]>();
  try {
    for await (const page of store.follow({ prefixes: [prefixOf(aggregate)], after: START, signal: leaving.signal })) {
      for (const event of page.events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
      if (page.caughtUp) break;
    }
    return streams;
  } finally {
    leaving.abort();
    await store.close();
  }
};

/** Of an account that was created or edited. */
const nameIn = ({ data }: RecordedEvent): unknown => {
  const { name, set } = data as { readonly name?: string; readonly set?: { readonly name?: string } };
  return name ?? set?.name;
};
