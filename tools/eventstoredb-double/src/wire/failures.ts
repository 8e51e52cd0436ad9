import { Metadata, status } from '@grpc/grpc-js';
import type { Expected } from '../log/expected.js';

/** A call's end that is not OK: the status, and in `exception` and other trailers what happened. */
export class ServiceFailure extends Error {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, printable(value));
  }
}

/** Trailers hold printable ASCII only. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** Expected revisions as numbers, as trailers give them. */
const NUMBERS = { any: -2, no_stream: -1, stream_exists: -4 } as const;

export const wrongExpectedVersion = (stream: string, expected: Expected, current: number): ServiceFailure => {
  const wanted = String(typeof expected === 'number' ? expected : NUMBERS[expected]);
  return new ServiceFailure(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${wanted}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': wanted,
      'actual-version': String(current),
    },
  );
};

export const streamDeleted = (stream: string): ServiceFailure =>
  new ServiceFailure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const notLeader = ({ host, port }: { readonly host: string; readonly port: number }): ServiceFailure =>
  new ServiceFailure(status.NOT_FOUND, `Leader info available, host: ${host}, port: ${port}`, {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

export const appendTooLarge = (limit: number): ServiceFailure =>
  new ServiceFailure(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const eventTooLarge = (id: string, size: number, limit: number): ServiceFailure =>
  new ServiceFailure(status.INVALID_ARGUMENT, `Event ${id} of ${size} exceeds the maximum of ${limit}.`, {
    exception: 'maximum-append-event-size-exceeded',
    'event-id': id,
    'proposed-append-event-size': String(size),
    'maximum-append-event-size': String(limit),
  });

export const propertiesMissing = (): ServiceFailure =>
  new ServiceFailure(status.INVALID_ARGUMENT, 'Required Metadata Property type or content-type is missing', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const timeout = (): ServiceFailure => new ServiceFailure(status.ABORTED, 'The operation timed out');

export const unauthenticated = (): ServiceFailure =>
  new ServiceFailure(status.UNAUTHENTICATED, 'Authentication failed');

export const accessDenied = (): ServiceFailure =>
  new ServiceFailure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const tooSlow = (): ServiceFailure =>
  new ServiceFailure(status.ABORTED, 'Consumer too slow to handle event while live. Client resubscription required.');

export const unavailable = (): ServiceFailure => new ServiceFailure(status.UNAVAILABLE, 'Server Is Not Ready');

export const invalidPosition = (code: 'UNKNOWN' | 'INVALID_ARGUMENT'): ServiceFailure =>
  new ServiceFailure(status[code], 'The position is not that of a record');

/** What the real server does not foresee either. */
export const unknown = (message: string): ServiceFailure => new ServiceFailure(status.UNKNOWN, message);
