export type { KafkaConnection, KafkaLogin } from './kafka-connection.js';
export * from './kafka-message-bus.js';
export * from './kafka-topics.js';
