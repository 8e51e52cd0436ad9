import type { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { AppendStream } from './append-stream.js';

/**
 * A client and how many use it. What the client's authors keep to themselves is used here and nowhere else; the version of
 * the client is pinned.
 */
export class Link {
  users = 0;
  /** Appends answered, by whatever answer. */
  answers = 0;
  /** The stream for appends while there is one. */
  appends: AppendStream | undefined;
  #connecting: Promise<AppendStream> | undefined;

  constructor(readonly client: EventStoreDBClient) {}

  /** What the server can do, asked once for each connection: it fails when there is none. */
  features(): Promise<{ readonly serverVersion: string }> {
    return this.client['capabilities'];
  }

  /** Stands for the node that the client talks to; another object after every change. */
  node(): Promise<object> {
    return this.client['getChannel']();
  }

  /** Opens {@link appends}, once for all who wait. When it fails, nothing was sent. */
  connect(): Promise<AppendStream> {
    return (this.#connecting ??= this.#open().finally(() => (this.#connecting = undefined)));
  }

  async #open(): Promise<AppendStream> {
    await this.features();
    const call = this.client['GRPCStreamCreator'](StreamsClient, 'append', (client) =>
      client.batchAppend(...this.client['callArguments']({}, { deadline: Infinity })),
    );
    this.appends = new AppendStream(await call(), () => (this.appends = undefined));
    return this.appends;
  }
}
