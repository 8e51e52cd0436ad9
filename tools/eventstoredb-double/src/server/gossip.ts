import { randomUUID } from 'node:crypto';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { unary } from '../calls/calls.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';

const { ClusterInfo, EndPoint, MemberInfo } = gossip;

/** A cluster of one, at the address that clients shall use. */
export const gossipCall = (
  address: () => { readonly host: string; readonly port: number },
  faults: FaultSwitchboard,
): handleUnaryCall<shared.Empty, gossip.ClusterInfo> => {
  const id = randomUUID();
  return unary(faults, false, () => {
    const { host, port } = address();
    const { LEADER, FOLLOWER } = MemberInfo.VNodeState;
    const member = new MemberInfo()
      .setInstanceId(new shared.UUID().setString(id))
      .setTimeStamp(`${Date.now()}0000`)
      .setState(faults.isLeader ? LEADER : FOLLOWER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));
    return new ClusterInfo().setMembersList([member]);
  });
};
