import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { appendCall } from '../appending/append-call.js';
import { appender } from '../appending/appender.js';
import { BatchAppend } from '../appending/batch-append.js';
import { deleteCall, tombstoneCall } from '../appending/delete-calls.js';
import { limitsOf } from '../appending/limits.js';
import { FaultSwitchboard } from '../faults/fault-switchboard.js';
import { Log } from '../log/log.js';
import { RecentIds } from '../log/recent-ids.js';
import { Writer } from '../log/writer.js';
import type { DoubleOptions } from '../options.js';
import { readCall } from '../reading/read-service.js';
import { FileStorage } from '../storage/file-storage.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import { STREAMS } from '../wire/protocol.js';
import { releaseOf } from '../release.js';
import { firstRecords } from './first-records.js';
import { gossipCall } from './gossip.js';
import { supportedMethodsCall } from './server-features.js';

/** What one request message may measure: a log record less its overhead. */
const MAX_MESSAGE = 16 * 1024 * 1024 - 10_000;

/** Further calls on a connection wait, without an error. */
const MAX_CALLS_PER_CONNECTION = 100;

const RECENT_IDS_SIZE = 8 * 1024 * 1024;

/** A gRPC server on a port, with the log behind it. */
export class DoubleServer {
  private constructor(
    readonly host: string,
    readonly port: number,
    readonly faults: FaultSwitchboard,
    private readonly grpc: Server,
    private readonly log: Log,
  ) {}

  static async start(options: DoubleOptions): Promise<DoubleServer> {
    const { host = '127.0.0.1', port = 0, data } = options;
    const log = await Log.open(async (found) => (data ? FileStorage.open(data, found) : new MemoryStorage()));
    const faults = new FaultSwitchboard();
    const grpc = new Server({
      'grpc.max_receive_message_length': MAX_MESSAGE,
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
    });
    let bound = port;
    addServices(grpc, log, faults, { options, address: () => ({ host, port: bound }) });
    try {
      await log.settled();
      bound = await bind(grpc, `${host}:${port}`);
    } catch (error) {
      await log.close();
      throw error;
    }
    return new DoubleServer(host, bound, faults, grpc, log);
  }

  /** Calls are cut; what was written becomes durable first. */
  async stop(): Promise<void> {
    this.grpc.forceShutdown();
    await this.log.close();
  }
}

interface Setting {
  readonly options: DoubleOptions;
  readonly address: () => { readonly host: string; readonly port: number };
}

const addServices = (grpc: Server, log: Log, faults: FaultSwitchboard, { options, address }: Setting): void => {
  const { recentIdsSize = RECENT_IDS_SIZE } = options;
  const release = releaseOf(options.as);
  const writer = new Writer(log, new RecentIds(recentIdsSize));
  if (log.entries.length === 0) firstRecords(writer, release);
  const standard = limitsOf(release);
  const append = appender(writer, {
    append: options.maxAppendSize ?? standard.append,
    event: options.maxAppendEventSize ?? standard.event,
    countsMetadata: standard.countsMetadata,
  });
  grpc.addService(STREAMS, {
    read: readCall(log, faults, release),
    append: appendCall(append, faults),
    batchAppend: (call: ConstructorParameters<typeof BatchAppend>[0]) => void new BatchAppend(call, append, faults),
    delete: deleteCall(writer, faults),
    tombstone: tombstoneCall(writer, faults),
  });
  grpc.addService(ServerFeaturesService, { getSupportedMethods: supportedMethodsCall(release.version, faults) });
  grpc.addService(GossipService, { read: gossipCall(address, faults) });
};

const bind = (grpc: Server, address: string): Promise<number> =>
  new Promise((resolve, reject) =>
    grpc.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
