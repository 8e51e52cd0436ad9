import { AssignerProtocol, type Broker, type Cluster, type PartitionAssigner } from 'kafkajs';
import { protocolErrorOf } from './kafka-problem.js';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;
const NAME = 'rapport';
const VERSION = 0;

export interface GroupMember {
  readonly memberId: string;
  readonly topics: readonly string[];
}

/** A member that crashed, for whom the group would wait. */
export interface FormerMember {
  readonly memberId: string;
  /** It is gone. */
  readonly left: () => void;
}

export interface Joining {
  /** Everything of the former share is finished and committed once it resolves. */
  readonly before: () => Promise<void>;
  /** Who this member was until it crashed. */
  readonly former: () => FormerMember | undefined;
}

/**
 * Shares partitions among those members that asked for their topic, evenly; the client's own assigner gives everybody
 * what the leader asked for, which breaks groups while a service is being replaced by one that reads other topics.
 */
export const groupAssigner =
  (joining: Joining): PartitionAssigner =>
  ({ cluster }) => {
    holdJoins(cluster, joining);
    return {
      name: NAME,
      version: VERSION,
      protocol: ({ topics }) => ({
        name: NAME,
        metadata: MemberMetadata.encode({ version: VERSION, topics, userData }),
      }),
      assign: async ({ members }) => {
        const asked = members.map(({ memberId, memberMetadata }) => ({
          memberId,
          topics: MemberMetadata.decode(memberMetadata)?.topics ?? [],
        }));
        await cluster.addMultipleTargetTopics([...new Set(asked.flatMap(({ topics }) => topics))]);
        const partitionsOf = (topic: string): number[] =>
          cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
        return [...shareOut(asked, partitionsOf)].map(([memberId, assignment]) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData }),
        }));
      },
    };
  };

/** Every partition to the member that has the fewest so far, of those that want it; the same for every order of members. */
export const shareOut = (
  members: readonly GroupMember[],
  partitionsOf: (topic: string) => readonly number[],
): Map<string, Record<string, number[]>> => {
  const sorted = [...members].sort((one, other) => (one.memberId < other.memberId ? -1 : 1));
  const shares = new Map<string, Share>(sorted.map(({ memberId }) => [memberId, { count: 0, assignment: {} }]));
  for (const topic of [...new Set(sorted.flatMap(({ topics }) => topics))].sort()) {
    const wanting = sorted.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => shares.get(memberId)!);
    for (const partition of [...partitionsOf(topic)].sort((one, other) => one - other)) {
      const share = wanting.reduce((least, other) => (other.count < least.count ? other : least));
      share.count += 1;
      (share.assignment[topic] ??= []).push(partition);
    }
  }
  return new Map([...shares].map(([memberId, { assignment }]) => [memberId, assignment]));
};

interface Share {
  count: number;
  readonly assignment: Record<string, number[]>;
}

const userData = Buffer.alloc(0);

/**
 * The client joins a group again without asking, while handlers are still at work on partitions that it is about to give
 * away, and after a crash it does so as somebody new, for whom the group would wait until its former self times out.
 * Looking for the coordinator is the first step of every join, and the only one that can be made to wait.
 */
const holdJoins = (cluster: Cluster, { before, former }: Joining): void => {
  const find = cluster.findGroupCoordinator.bind(cluster);
  cluster.findGroupCoordinator = async ({ groupId }) => {
    await before();
    const coordinator = (await find({ groupId })) as Coordinator;
    const member = former();
    if (member !== undefined) {
      await coordinator.leaveGroup({ groupId, memberId: member.memberId }).catch((error: unknown) => {
        if (protocolErrorOf(error) !== 'UNKNOWN_MEMBER_ID') throw error;
      });
      member.left();
    }
    return coordinator;
  };
};

/** Has this method, though its declaration does not say so. */
interface Coordinator extends Broker {
  leaveGroup(member: { groupId: string; memberId: string }): Promise<void>;
}
