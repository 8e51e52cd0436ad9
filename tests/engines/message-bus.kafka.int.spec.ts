import { createTopics, openKafkaMessageBus } from '@rapport/kafka';
import { messageBusSuite } from '@rapport/message-bus/conformance';
import { kafkaBrokers, restartKafka, restartsKafka } from './kafka-cluster.js';

const PARTITIONS = 8;
let opened = 0;

messageBusSuite('Kafka', {
  features: { survivesRestart: true, reconnects: restartsKafka, shared: true },
  open: async () => {
    // A namespace of its own keeps the names of publishers and groups apart from those of the other tests.
    const connection = {
      brokers: kafkaBrokers(),
      clientId: 'suite',
      namespace: `suite-${process.pid}-${Date.now()}-${(opened += 1)}`,
    };
    const buses = [openKafkaMessageBus(connection)];
    const another = async () => {
      const bus = openKafkaMessageBus(connection);
      buses.push(bus);
      return bus;
    };
    return {
      bus: buses[0]!,
      another,
      reopen: async () => {
        await buses.pop()!.close();
        return another();
      },
      restartBroker: restartKafka,
      createTopics: async (topics) => {
        await createTopics(
          connection,
          topics.map((topic) => ({ topic, partitions: PARTITIONS })),
        );
      },
      close: async () => {
        await Promise.all(buses.map((bus) => bus.close()));
      },
    };
  },
});
