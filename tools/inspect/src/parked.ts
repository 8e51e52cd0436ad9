import { PARKED } from '@rapport/message-bus';
import type { DataFile, DataFolder } from './data-folder.js';
import { instant } from './events.js';
import type { Report } from './report.js';

/** What was set aside for somebody to look at: events of reactions, and messages of groups. */
export const parked = ({ services, bus }: DataFolder): Report => ({
  rows: [...services.flatMap(parkedEvents), ...(bus ? parkedMessages(bus) : [])],
  none: 'Nothing is parked.',
});

interface ParkedEvent {
  readonly id: string;
  readonly tenant: string;
  readonly follower: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

const parkedEvents = (file: DataFile) => {
  if (!file.has('bookkeeping_entries')) return [];
  return file
    .all(`SELECT entry FROM bookkeeping_entries WHERE list = 'parked' ORDER BY tenant, id`)
    .map(({ entry }) => JSON.parse(entry as string) as ParkedEvent)
    .map(({ id, tenant, follower, stream, revision, type, reason, attempts, parkedAt }) => ({
      what: 'event',
      by: follower,
      tenant,
      type,
      from: `${stream} @${revision}`,
      attempts,
      parked: parkedAt,
      reason,
      id,
    }));
};

const parkedMessages = (bus: DataFile) =>
  bus
    .all(
      `SELECT topic, published_at, headers, value FROM messages WHERE topic LIKE '%.dead-letters' ORDER BY published_at`,
    )
    .map(({ topic, published_at, headers, value }) => {
      const said = JSON.parse(headers as string) as Record<string, string>;
      const { tenant, type } = contentOf(value as string);
      const id = said[PARKED.originalId] ?? '';
      const from = id.split('/').slice(0, -2).join('/');
      return {
        what: 'message',
        by: (topic as string).slice(from.length + 1, -'.dead-letters'.length),
        tenant,
        type,
        from,
        attempts: Number(said[PARKED.attempts]),
        parked: instant(published_at!),
        reason: said[PARKED.reason],
        id,
      };
    });

/** What cannot be read may be the very reason why a message is here. */
const contentOf = (value: string): { tenant?: string; type?: string } => {
  try {
    return JSON.parse(value) as { tenant?: string; type?: string };
  } catch {
    return {};
  }
};
