import { COMMAND_TOPICS, commandExchangeSuite, roadOver } from '@rapport/commands/conformance';
import { createTopics, openKafkaMessageBus } from '@rapport/kafka';
import { kafkaBrokers } from './kafka-cluster.js';

let opened = 0;

commandExchangeSuite('over Kafka', async () => {
  const namespace = `commands-${process.pid}-${Date.now()}-${(opened += 1)}`;
  const connection = { brokers: kafkaBrokers(), clientId: 'suite', namespace };
  // In one partition all is in one order: what comes last has come after everything else.
  await createTopics(
    connection,
    COMMAND_TOPICS.map((topic) => ({ topic, partitions: 1 })),
  );
  return roadOver(openKafkaMessageBus(connection));
});
