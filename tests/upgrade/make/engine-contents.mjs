import { Kafka, logLevel } from 'kafkajs';
import { BSON, MongoClient } from 'mongodb';

/** Everything in the databases that begin with a name, as lines: of each collection its indexes, then its documents. */
export const documentsIn = async (url, namespace) => {
  const client = await MongoClient.connect(url);
  const lines = [];
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  for (const { name: database } of databases.filter(({ name }) => name.startsWith(`${namespace}_`))) {
    for (const { name: collection } of await client.db(database).listCollections().toArray()) {
      const documents = client.db(database).collection(collection);
      const indexes = (await documents.indexes()).filter(({ name }) => name !== '_id_');
      lines.push(JSON.stringify({ database, collection, indexes }));
      for await (const document of documents.find())
        lines.push(BSON.EJSON.stringify({ database, collection, document }, { relaxed: false }));
    }
  }
  await client.close();
  return lines.map((line) => `${line}\n`).join('');
};

/** Every message of the topics that begin with a name, and how far each group has come, as lines. */
export const messagesIn = async (brokers, namespace) => {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`));
  const lines = await everyMessage(kafka, admin, topics);
  const { groups } = await admin.listGroups();
  for (const { groupId: group } of groups.filter(({ groupId }) => groupId.startsWith(`${namespace}.`))) {
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics }))
      for (const { partition, offset } of partitions)
        if (Number(offset) >= 0)
          lines.push(JSON.stringify({ group, topic, partition, left: await left(admin, topic, partition, offset) }));
  }
  await admin.disconnect();
  return lines.map((line) => `${line}\n`).join('');
};

/** How many places a group was behind the end. */
const left = async (admin, topic, partition, offset) => {
  const ends = await admin.fetchTopicOffsets(topic);
  return Number(ends.find((end) => end.partition === partition).high) - Number(offset);
};

const everyMessage = async (kafka, admin, topics) => {
  const ahead = new Map();
  const lines = [];
  for (const topic of topics) {
    const partitions = await admin.fetchTopicOffsets(topic);
    lines.push(JSON.stringify({ topic, partitions: partitions.length }));
    for (const { partition, low, high } of partitions)
      if (low !== high) ahead.set(`${topic}/${partition}`, Number(high));
  }
  const consumer = kafka.consumer({ groupId: `dump-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  const done = Promise.withResolvers();
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { key, value, headers, timestamp } of batch.messages) {
        const texts = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
        const { topic, partition } = batch;
        lines.push(
          JSON.stringify({ topic, partition, key: String(key), headers: texts, timestamp, value: String(value) }),
        );
      }
      // Marks of transactions take places too, and are no messages.
      if (Number(batch.lastOffset()) + 1 >= ahead.get(`${batch.topic}/${batch.partition}`) - 1)
        ahead.delete(`${batch.topic}/${batch.partition}`);
      if (ahead.size === 0) done.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return lines;
};
