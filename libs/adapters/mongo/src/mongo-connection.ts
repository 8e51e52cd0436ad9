import { createConnection, type Connection, type mongo } from 'mongoose';
import { databaseProblem } from './database-problem.js';

export interface MongoOptions {
  /** `mongodb://` or `mongodb+srv://` with hosts and credentials. */
  readonly url: string;
  readonly database: string;
  /** How the server's log and its list of operations name this process. */
  readonly appName?: string;
}

/** How long a call waits for a server that can be written to, and for a free connection, before it fails. */
const PATIENCE_MS = 4_000;
/** An answer that takes longer will not come any more: the call fails, and so does what else waits on that connection. */
const LONGEST_CALL_MS = 60_000;

/**
 * One pool of connections to one database, shared by the stores of a process. It outlives restarts of the server: calls fail
 * as `unavailable` while it is away, and later calls find it again. Get one from {@link openMongo}.
 */
export class MongoConnection {
  constructor(readonly mongoose: Connection) {}

  get database(): string {
    return this.mongoose.name;
  }

  /** The driver's own, without a model: stores say themselves how their documents look. Call it within {@link run}. */
  collection<D extends mongo.Document>(name: string): mongo.Collection<D> {
    return this.mongoose.db!.collection<D>(name);
  }

  /**
   * Runs calls of the driver and tells its failures in our words.
   * @throws DomainError `unavailable` the server was away, had no primary or did not answer in time: whether a write was done
   *   is unknown, repeat it; `storage-full`; anything else comes as the driver threw it
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw databaseProblem(error, this.database);
    }
  }

  /** As the server announces it: `7.0.14`. */
  serverVersion(): Promise<string> {
    return this.run(async () => {
      const { version } = await this.mongoose.db!.admin().buildInfo();
      return String(version);
    });
  }

  /** Waits for nothing: calls on their way fail. May be called again. */
  async close(): Promise<void> {
    await this.mongoose.close();
  }
}

/**
 * Connects, waiting a few seconds for the server. Writes are acknowledged by a majority of the replica set, reads come from
 * the primary and see only what a majority has: nothing that was told to anyone is undone by an election.
 * @throws DomainError `unavailable` when no server answers
 */
export const openMongo = async ({ url, database, appName = 'rapport' }: MongoOptions): Promise<MongoConnection> => {
  const connection = createConnection(url, {
    dbName: database,
    appName,
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    writeConcern: { w: 'majority' },
    ignoreUndefined: true,
    serverSelectionTimeoutMS: PATIENCE_MS,
    connectTimeoutMS: PATIENCE_MS,
    waitQueueTimeoutMS: PATIENCE_MS,
    socketTimeoutMS: LONGEST_CALL_MS,
  });
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close();
    throw databaseProblem(error, database);
  }
  return new MongoConnection(connection);
};
