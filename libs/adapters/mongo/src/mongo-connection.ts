import { createConnection, type Connection, type mongo } from 'mongoose';
import { databaseProblem, noAnswer } from './database-problem.js';
import { mongoSettings, type MongoOptions } from './mongo-options.js';
import { isReplicated } from './replication.js';

/**
 * One pool of connections to one database, shared by the stores of a process. It outlives restarts of the server: calls fail
 * as `unavailable` while it is away, and later calls find it again. Get one from {@link openMongo}.
 */
export class MongoConnection {
  constructor(
    readonly mongoose: Connection,
    /** Longest time that a call may take; reads tell the server. */
    readonly longestCallMs: number,
  ) {}

  get database(): string {
    return this.mongoose.name;
  }

  /** The driver's own, without a model: stores say themselves how their documents look. Call it within {@link run}. */
  collection<D extends mongo.Document>(name: string): mongo.Collection<D> {
    return this.mongoose.db!.collection<D>(name);
  }

  /**
   * Runs calls of the driver and tells its failures in our words. All of them together may take as long as one call.
   * @throws DomainError `unavailable` the server was away, had no primary or did not answer in time: whether a write was done
   *   is unknown, repeat it; `storage-full`; anything else comes as the driver threw it
   */
  async run<T>(work: () => Promise<T>, longestMs = this.longestCallMs): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(noAnswer(this.database, longestMs)), longestMs);
    try {
      return await Promise.race([work(), late.promise]);
    } catch (error) {
      throw databaseProblem(error, this.database);
    } finally {
      clearTimeout(timer);
    }
  }

  /** As the server announces it: `7.0.14`. */
  serverVersion(): Promise<string> {
    return this.run(async () => {
      const { version } = await this.mongoose.db!.admin().buildInfo();
      return String(version);
    });
  }

  /** Whether it is a replica set, or shards that are. One that stands alone cannot repeat a write whose answer was lost. */
  isReplicated(): Promise<boolean> {
    return this.run(() => isReplicated(this.mongoose.db!));
  }

  /** Waits for nothing: calls on their way fail. May be called again. */
  async close(): Promise<void> {
    await this.mongoose.close();
  }
}

/**
 * Connects, waiting a few seconds for the server.
 * @throws DomainError `unavailable` when no server answers; invalid `bad-configuration`
 */
export const openMongo = async (given: MongoOptions): Promise<MongoConnection> => {
  const { url, options, longestCallMs } = mongoSettings(given);
  const connection = createConnection(url, options);
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close();
    throw databaseProblem(error, given.database);
  }
  return new MongoConnection(connection, longestCallMs);
};
