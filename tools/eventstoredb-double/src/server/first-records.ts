import { randomUUID } from 'node:crypto';
import type { Writer } from '../log/writer.js';

/** A new server writes users and settings of its own before anybody else writes: readers of all streams see them. */
const RECORDS: readonly (readonly [stream: string, type: string, data: unknown])[] = [
  ['$user-admin', '$UserCreated', { loginName: 'admin', fullName: 'Event Store Administrator', groups: ['$admins'] }],
  ['$user-ops', '$UserCreated', { loginName: 'ops', fullName: 'Event Store Operations', groups: ['$ops'] }],
  ['$users', '$User', 'admin'],
  ['$users', '$User', 'ops'],
];

export const firstRecords = (writer: Writer): void => {
  for (const [stream, type, content] of RECORDS) {
    const data = Buffer.from(JSON.stringify(content));
    writer.append(stream, 'any', [{ id: randomUUID(), type, json: true, data, metadata: Buffer.alloc(0) }]);
  }
};
