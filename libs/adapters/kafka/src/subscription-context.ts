import type { Message, OnTrouble } from '@rapport/message-bus';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaNames } from './kafka-names.js';
import type { LogEnds } from './log-ends.js';

/** What a subscription needs of its bus. */
export interface SubscriptionContext {
  readonly connection: KafkaConnection;
  readonly names: KafkaNames;
  /** Milliseconds after which a member that is not heard of is taken for dead. */
  readonly session: number;
  readonly admin: () => Promise<Admin>;
  readonly logEnds: LogEnds;
  readonly park: (message: Message, group: string, error: unknown) => Promise<void>;
  readonly onTrouble: OnTrouble;
}
