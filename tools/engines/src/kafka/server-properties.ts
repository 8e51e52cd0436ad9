/** A broker that is its own controller, on the loopback. */
export interface BrokerSettings {
  readonly port: number;
  readonly controllerPort: number;
  /** Folder of the log. */
  readonly log: string;
}

/** The configuration file of the broker: one node, so every replication factor is 1, and nothing waits for a second one. */
export const serverProperties = ({ port, controllerPort, log }: BrokerSettings): string =>
  lines({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': log,
    ...singleNode,
  });

/** Also for the broker in Docker, which reads them from its environment. */
export const singleNode = {
  // Topics are created with their partitions and retention before they are used; a misspelt one must not come to be.
  'auto.create.topics.enable': false,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
  // A broker that was killed is let in again when its session is over, which otherwise takes 9 s.
  'broker.session.timeout.ms': 3_000,
  'broker.heartbeat.interval.ms': 500,
};

const lines = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key}=${escaped(String(value))}\n`)
    .join('');

/** A backslash begins an escape in a properties file, and a folder of Windows is full of them. */
const escaped = (value: string): string => value.replaceAll('\\', '\\\\');
