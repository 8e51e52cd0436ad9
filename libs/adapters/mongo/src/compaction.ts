import { mongo } from 'mongoose';
import { isReplicated } from './replication.js';

/** What compaction asks of a server. */
export interface CompactingServer {
  command(command: mongo.Document, options?: object): Promise<mongo.Document>;
}

/** A collection's files are rewritten whole: so long it may take. */
export const LONGEST_COMPACTION_MS = 3_600_000;

/**
 * Has a server rewrite the files of collections, which leaves out what was replaced and removed. Only a server that stands
 * alone: the primary of a replica set refuses it, since it slows down everything else, and what a mongos passes it on to is one.
 * Their members are compacted in turn by whoever runs them.
 */
export const compact = async (server: CompactingServer, collections: readonly string[]): Promise<void> => {
  if (await isReplicated(server)) return;
  for (const collection of collections) {
    await server.command({ compact: collection }, { socketTimeoutMS: LONGEST_COMPACTION_MS }).catch(unlessRefused);
  }
};

/** Of servers that do not have the command, do not let us use it, or cannot at this moment. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  13, // Unauthorized
  20, // IllegalOperation: it has become a primary
  26, // NamespaceNotFound
  59, // CommandNotFound
  115, // CommandNotSupported
  8000, // what services like Atlas answer
]);

const unlessRefused = (error: unknown): void => {
  if (!(error instanceof mongo.MongoServerError) || !REFUSALS.has(error.code)) throw error;
};
