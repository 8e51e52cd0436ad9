import { DomainError } from '@rapport/kernel';
import { mongo, MongooseError } from 'mongoose';

const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;

/** Code of the DomainError for who may not sign in, or may not do what was asked. */
export const ACCESS_REFUSED = 'store-access-refused';

/** The server's codes for who may not sign in, or may not do this: waiting does not mend it. */
const NOT_ALLOWED: ReadonlySet<unknown> = new Set([
  13, // Unauthorized
  18, // AuthenticationFailed
]);

/** The server's codes that mean "not now": it starts, stops, elects, gave up waiting, or a collection was just dropped. */
const NOT_NOW: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern: too few members just now
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  246, // SnapshotUnavailable
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  391, // ReauthenticationRequired
  462, // IngressRequestRateLimitExceeded
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted, by somebody's killOp
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  16500, // RequestRateTooLarge, of Cosmos DB
]);

/** What servers and driver put on a failure that another try may not meet, whatever its code. */
const ANOTHER_TRY = ['RetryableWriteError', 'TransientTransactionError', 'RetryableError', 'SystemOverloadedError'];

/** True when the server refused a write because another document has that `_id`, or another unique value. */
export const isDuplicateKey = (error: unknown): error is mongo.MongoServerError =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;

/** A failure of the driver in words an operator can act on; any other error as it is. */
export const databaseProblem = (error: unknown, database: string): unknown => {
  if (error instanceof mongo.MongoServerError && error.code === OUT_OF_DISK_SPACE) {
    const message = `No space left for the MongoDB database ${database}. Nothing was written; free some space and repeat.`;
    return new DomainError('storage-full', 'storage-full', message, { cause: error });
  }
  if (error instanceof mongo.MongoServerError && NOT_ALLOWED.has(error.code)) {
    const message = `MongoDB does not let this process use the database ${database}: ${error.message}. See its user, password and roles.`;
    return new DomainError('internal', ACCESS_REFUSED, message, { cause: error });
  }
  return isAway(error) ? unavailable(database, error as Error) : error;
};

/** The failure of a call that has taken all its time. */
export const noAnswer = (database: string, milliseconds: number): DomainError =>
  unavailable(database, new Error(`no answer within ${milliseconds} ms`));

const unavailable = (database: string, cause: Error): DomainError => {
  const { message: reason } = cause;
  const message = `MongoDB did not serve the database ${database}: ${reason}. See whether it runs and can be reached.`;
  return new DomainError('unavailable', 'store-unavailable', message, { cause, retryAfterSeconds: 1 });
};

const isAway = (error: unknown): boolean => {
  if (error instanceof mongo.MongoError && ANOTHER_TRY.some((label) => error.hasErrorLabel(label))) return true;
  if (error instanceof mongo.MongoServerError) {
    // A bulk write says everything in one class, and has there what it met.
    return NOT_NOW.has(error.code) || NO_SERVER.has(error.name) || isAway(error.errorResponse);
  }
  if (error instanceof mongo.MongoNetworkError || isOfSocket(error)) return true;
  return (error instanceof mongo.MongoError || error instanceof MongooseError) && NO_SERVER.has(error.name);
};

/** What the driver wrote to may break under it, and then it lets the system's own error through. */
const isOfSocket = (error: unknown): boolean =>
  error instanceof Error && BROKEN.has((error as NodeJS.ErrnoException).code ?? '');

const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ECONNABORTED', 'ETIMEDOUT']);

/** By name, as not all of these classes are exported. */
const NO_SERVER: ReadonlySet<string> = new Set([
  'MongooseServerSelectionError',
  'MongoServerSelectionError',
  'MongoOperationTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MongoWriteConcernError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoClientClosedError',
  'MongoPoolClosedError',
]);
