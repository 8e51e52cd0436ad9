import { EventStoreDBClient } from '@eventstore/db-client';
import { DomainError } from '@rapport/kernel';
import type { EventStoreDbOptions } from './event-store-db-options.js';

/** Long enough for a stalled network, and the value that is varied. */
const KEEP_ALIVE_TIMEOUT = 10_000;
let opened = 0;

/**
 * A client with a network connection of its own. gRPC lets channels of equal options share one, and with it the pause of
 * up to two minutes before it connects again and the server's limit of 100 calls at a time; another timeout is reason
 * enough to open another.
 *
 * @throws DomainError invalid, never quoting the address: it may carry a password
 */
export const openClient = ({
  url,
  connectionName = 'rapport',
}: Pick<EventStoreDbOptions, 'url' | 'connectionName'>): EventStoreDBClient => {
  opened += 1;
  const own = [
    `connectionName=${encodeURIComponent(connectionName)}`,
    `keepAliveTimeout=${KEEP_ALIVE_TIMEOUT + (opened % 10_000)}`,
    'throwOnAppendFailure=true',
  ].join('&');
  const address = url.trim().replace(/^kurrentdb/, 'esdb');
  try {
    return EventStoreDBClient.connectionString(`${address}${address.includes('?') ? '&' : '?'}${own}`);
  } catch {
    throw new DomainError(
      'invalid',
      'bad-event-store-url',
      'The address of EventStoreDB cannot be read. Write it like esdb://user:password@host:2113?tls=true.',
    );
  }
};
