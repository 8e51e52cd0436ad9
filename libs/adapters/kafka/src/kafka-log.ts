import { silentLogger, type Logger } from '@rapport/observability';
import { logLevel, type logCreator } from 'kafkajs';

/**
 * Says what the client says at a level that is right for an operator: what it calls an error it tries again itself, and
 * what is lost for good reaches us as a rejection or a crash.
 */
export const logCreatorOf =
  (logger: Logger = silentLogger): logCreator =>
  () =>
  ({ level, namespace, log: { message, error } }) => {
    const fields = { client: namespace, ...(typeof error === 'string' ? { problem: error } : {}) };
    if (level > logLevel.WARN || isRoutine(message)) logger.debug(message, fields);
    else if (level === logLevel.WARN) logger.info(message, fields);
    else logger.warn(message, fields);
  };

/** What every start of a group, every idempotent producer, every rebalance and every absence of a broker brings along. */
const ROUTINE = [
  'GroupCoordinator',
  'group coordinator',
  'Limiting retries for the idempotent producer',
  'The group is rebalancing',
  'rebalancing',
  'not aware of this member',
  'Connection error',
  'Failed to connect',
  'Failed to send messages',
  'Restarting the consumer',
  'Response ',
];

const isRoutine = (message: string): boolean => ROUTINE.some((text) => message.includes(text));
