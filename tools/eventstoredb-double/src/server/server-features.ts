import type shared from '@eventstore/db-client/generated/shared_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { unary } from '../calls/calls.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';

const SERVICE = 'event_store.client.streams.streams';

const METHODS: Readonly<Record<string, readonly string[]>> = {
  append: [],
  batchappend: ['deadline_duration'],
  delete: [],
  read: ['position', 'events'],
  tombstone: [],
};

/** Which calls this server knows; clients choose how to append by it. */
export const supportedMethodsCall = (
  version: string,
  faults: FaultSwitchboard,
): handleUnaryCall<shared.Empty, features.SupportedMethods> =>
  unary(faults, false, () =>
    new features.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(
      Object.entries(METHODS).map(([method, supported]) =>
        new features.SupportedMethod()
          .setServiceName(SERVICE)
          .setMethodName(method)
          .setFeaturesList([...supported]),
      ),
    ),
  );
