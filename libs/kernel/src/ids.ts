import { hash, randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;
let lastMillisecond = 0;
let counter = 0;

/** A new UUID version 7 (RFC 9562): sortable by creation, monotonic within this process. */
export const newId = (now: number = Date.now()): string => {
  if (used + 8 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  if (now > lastMillisecond) {
    lastMillisecond = now;
    counter = pool.readUInt16BE(used) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMillisecond += 1;
    counter = 0;
  }
  const time = lastMillisecond.toString(16).padStart(12, '0');
  const tail = Buffer.from(pool.subarray(used, (used += 8)));
  tail[0] = (tail[0]! & 0x3f) | 0x80;
  const random = tail.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${random.slice(0, 4)}-${random.slice(4)}`;
};

/** Namespace of every name-based id of Rapport. */
const NAMESPACE = Buffer.from('6f3d0b8e2f1c5a4e9b7d1a2c3e4f5061', 'hex');

/** What a UUID of today's form has in the place of its variant: two bits are given, two are of the hash. */
const VARIANTS = '89ab';

/** The same names give the same id (UUID version 5): how a retried command finds its own events. */
export const idFrom = (...names: readonly (string | number)[]): string => {
  const hex = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(names.join('\u0000'))]), 'hex');
  const variant = VARIANTS[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The same names give the same id (UUID version 7 by its form) next to an id of that version: it sorts where that one does. */
export const idBeside = (id: string, ...names: readonly (string | number)[]): string => {
  const [, , , tail, node] = idFrom(id, ...names).split('-') as [string, string, string, string, string];
  return `${id.slice(0, 18)}-${tail}-${node}`;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isId = (text: string): boolean => UUID.test(text);
