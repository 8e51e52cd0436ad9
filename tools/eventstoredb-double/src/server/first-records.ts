import { randomUUID } from 'node:crypto';
import type { Release } from '../release.js';
import type { Writer } from '../log/writer.js';

/** A new server writes users and settings of its own before anybody else writes: readers of all streams see them. */
const USERS: readonly (readonly [stream: string, type: string, data: unknown])[] = [
  ['$user-admin', '$UserCreated', { loginName: 'admin', fullName: 'Event Store Administrator', groups: ['$admins'] }],
  ['$user-ops', '$UserCreated', { loginName: 'ops', fullName: 'Event Store Operations', groups: ['$ops'] }],
  ['$users', '$User', 'admin'],
  ['$users', '$User', 'ops'],
];

/** Without users, where nobody signs in: only who may see what was cleared up. */
const SCAVENGES: typeof USERS = [['$$$scavenges', '$metadata', { $maxAge: 2_592_000 }]];

export const firstRecords = (writer: Writer, { firstRecords: kind }: Release): void => {
  for (const [stream, type, content] of kind === 'users' ? USERS : SCAVENGES) {
    const data = Buffer.from(JSON.stringify(content));
    writer.append(stream, 'any', [{ id: randomUUID(), type, json: true, data, metadata: Buffer.alloc(0) }]);
  }
};
