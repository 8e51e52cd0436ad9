import { DomainError } from '@rapport/kernel';

/** The cluster did not do it in time; the same call may succeed later. */
export const kafkaUnavailable = (what: string, cause: unknown): DomainError =>
  cause instanceof DomainError
    ? cause
    : new DomainError('unavailable', 'kafka-unavailable', `Kafka could not ${what}: ${reasonOf(cause)}. Try again.`, {
        cause,
        retryAfterSeconds: 1,
      });

export const topicMissing = (topics: readonly string[]): DomainError =>
  new DomainError(
    'not-found',
    'topic-missing',
    `Kafka has no topic ${topics.join(', ')}. Create it: topics are never made by writing to them.`,
  );

export const messageTooLarge = (cause: unknown): DomainError =>
  new DomainError(
    'too-large',
    'message-too-large',
    "A message is larger than its topic's max.message.bytes. Nothing of its batch may be relied on; publish smaller ones.",
    { cause },
  );

/** The protocol's name of an error, `UNKNOWN_TOPIC_OR_PARTITION`, also where it is wrapped into others. */
export const protocolErrorOf = (error: unknown): string | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
};

/** What the brokers would answer again: somebody has to change a setting or a right. */
const REFUSALS: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNSUPPORTED_VERSION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
]);

/** Whether waiting does not help. What is not known to be like this passes with the brokers' being away, whatever the client says. */
export const isRefusal = (error: unknown): boolean => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'KafkaJSSASLAuthenticationError') return true;
  }
  return REFUSALS.has(protocolErrorOf(error) ?? '');
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
