import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnDouble } from '@rapport/eventstoredb-double';
import { Kafka, logLevel } from 'kafkajs';
import { BSON, type Document, type IndexDescription, MongoClient } from 'mongodb';
import { makeTopics, type TestEngines } from '../../journeys/support/processes/test-engines.js';
import { ofEngines, unpacked } from './kept-data.js';

const { namespace } = ofEngines.known;

/** Engines that hold what the earlier program's processes left there: facts in a double of their own, documents, messages. */
export const enginesLeft = async (brokers: string, mongo: string): Promise<TestEngines> => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-upgrade-'));
  writeFileSync(join(folder, 'events.log'), unpacked('events.log'));
  const double = await spawnDouble({ data: folder });
  await dropDatabases(mongo);
  await bringDocuments(mongo);
  await bringMessages(brokers);
  await makeTopics(namespace, brokers);
  return {
    settings: {
      RAPPORT_NAMESPACE: namespace,
      EVENTSTOREDB_URL: double.url,
      KAFKA_BROKERS: brokers,
      MONGODB_URL: mongo,
    },
    async close() {
      await double.stop();
      await dropDatabases(mongo);
      rmSync(folder, { recursive: true });
    },
  };
};

const linesOf = (file: string): readonly string[] => unpacked(file).toString().trimEnd().split('\n');

type Line = { readonly database: string; readonly collection: string } & (
  { readonly indexes: readonly IndexDescription[] } | { readonly document: Document }
);

const bringDocuments = async (url: string): Promise<void> => {
  const client = await MongoClient.connect(url);
  const documents = new Map<string, { place: Line; found: Document[] }>();
  for (const text of linesOf('documents.ndjson')) {
    const line = BSON.EJSON.parse(text, { relaxed: false }) as Line;
    const { database, collection } = line;
    const name = `${database}/${collection}`;
    if ('document' in line) documents.get(name)!.found.push(line.document);
    else {
      documents.set(name, { place: line, found: [] });
      await client.db(database).createCollection(collection);
      if (line.indexes.length > 0)
        await client
          .db(database)
          .collection(collection)
          .createIndexes([...line.indexes]);
    }
  }
  for (const { place, found } of documents.values())
    if (found.length > 0) await client.db(place.database).collection(place.collection).insertMany(found);
  await client.close();
};

const dropDatabases = async (url: string): Promise<void> => {
  const client = await MongoClient.connect(url);
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) if (name.startsWith(`${namespace}_`)) await client.db(name).dropDatabase();
  await client.close();
};

interface TopicLine {
  readonly topic: string;
  readonly partitions: number;
}
interface MessageLine {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: string;
  readonly value: string;
}
interface GroupLine {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly left: number;
}

const bringMessages = async (brokers: string): Promise<void> => {
  const lines = linesOf('messages.ndjson').map((line) => JSON.parse(line) as TopicLine | MessageLine | GroupLine);
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = lines.flatMap((line) =>
    'partitions' in line ? [{ topic: line.topic, numPartitions: line.partitions }] : [],
  );
  await admin.createTopics({ topics, waitForLeaders: true });
  const producer = kafka.producer();
  await producer.connect();
  for (const line of lines) {
    if (!('value' in line)) continue;
    const { topic, partition, key, headers, timestamp, value } = line;
    await producer.send({ topic, messages: [{ partition, key, headers, timestamp, value }] });
  }
  await producer.disconnect();
  for (const line of lines) {
    if (!('group' in line)) continue;
    const { group, topic, partition, left } = line;
    const end = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition)!;
    const offset = String(Number(end.high) - left);
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition, offset }] });
  }
  await admin.disconnect();
};
