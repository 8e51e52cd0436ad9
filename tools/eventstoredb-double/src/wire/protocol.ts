import { createRequire } from 'node:module';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

/** The client's own copy: messages of two copies of the protobuf runtime do not fit into each other. */
const ofTheClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));

export type Any = NonNullable<ReturnType<Status['getDetails']>>;
export const { Any } = ofTheClient('google-protobuf/google/protobuf/any_pb.js') as { readonly Any: new () => Any };

/** A message, or the bytes of one that was serialized before. */
export type ReadAnswer = streams.ReadResp | Buffer;

/** The service of the client package, able to send stored bytes as they are. */
export const STREAMS = {
  ...StreamsService,
  read: {
    ...StreamsService.read,
    responseSerialize: (answer: ReadAnswer): Buffer =>
      Buffer.isBuffer(answer) ? answer : Buffer.from(answer.serializeBinary()),
  },
};
