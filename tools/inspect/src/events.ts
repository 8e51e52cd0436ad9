import { partsOf } from '@rapport/event-store';
import { DomainError, type EventMetadata, positionOf } from '@rapport/kernel';
import type { DataFile, DataFolder, Row } from './data-folder.js';
import type { Order } from './order.js';
import type { Report } from './report.js';

/** Streams with their number of events and when they last changed. */
export const streams = ({ services }: DataFolder, { name = '', limit }: Order): Report => {
  const rows = services.flatMap((file) =>
    file
      .all(
        `SELECT stream, count(*) AS events, max(recorded_at) AS last FROM events
         WHERE stream >= ?1 AND stream < ?1 || char(1114111) AND stream <> '' GROUP BY stream ORDER BY stream LIMIT ?2`,
        name,
        limit,
      )
      .map(({ stream, events, last }) => ({ service: file.name, stream, events, last: instant(last!) })),
  );
  return { rows, none: name ? `No stream begins with ${name}.` : 'There are no streams yet.' };
};

/** All events of one stream. */
export const stream = ({ services }: DataFolder, { name, limit, after }: Order): Report => {
  if (name === undefined) throw new DomainError('invalid', 'bad-argument', 'Name the stream: inspect stream <name>.');
  const rows = services.flatMap((file) =>
    file
      .all('SELECT * FROM events WHERE stream = ? AND position > ? ORDER BY revision LIMIT ?', name, after, limit)
      .map((row) => {
        const { service: _, stream: __, ...event } = eventOf(file, row);
        return event;
      }),
  );
  return { rows, none: `There is no stream ${name}. List them with: inspect streams.` };
};

/** Events of all streams in the order of the store. */
export const events = ({ services }: DataFolder, { after, type, limit }: Order): Report => {
  const rows = services.flatMap((file) =>
    file
      .all(
        `SELECT * FROM events WHERE position > ?1 AND stream <> '' AND (?2 IS NULL OR type = ?2) ORDER BY position LIMIT ?3`,
        after,
        type ?? null,
        limit,
      )
      .map((row) => eventOf(file, row)),
  );
  return { rows, none: 'There are no such events.' };
};

/** An event as it lies in the file: personal fields are not opened, not even where the key is at hand. */
const eventOf = (file: DataFile, row: Row) => {
  const metadata = JSON.parse(row['metadata'] as string) as Record<string, unknown>;
  const { actor, occurredAt } = metadata as { actor?: { kind: string; id: string }; [name: string]: unknown };
  return {
    service: file.name,
    position: positionOf(row['position'] as number),
    stream: row['stream'],
    revision: row['revision'],
    type: row['type'],
    recorded: instant(row['recorded_at']!),
    occurred: occurredAt as string,
    actor: actor ? `${actor.kind}:${actor.id}` : '',
    personal: personalOf(file, row['stream'] as string, metadata['sealed'] as EventMetadata['sealed']),
    data: JSON.parse(row['data'] as string) as object,
    id: row['id'],
  };
};

/** Whether personal fields are there and how many of those that they are about were erased. */
const personalOf = (file: DataFile, stream: string, sealed: EventMetadata['sealed']): string => {
  if (sealed === undefined) return '';
  const { tenant, id } = partsOf(stream);
  const people = typeof sealed === 'string' ? [id] : sealed.map(({ subject }) => subject);
  const erased = people.filter((person) => file.all(ERASED, tenant, person).length > 0).length;
  if (erased === 0) return 'sealed';
  return erased === people.length ? 'erased' : 'partly erased';
};

const ERASED = 'SELECT 1 AS here FROM erased_subjects WHERE tenant = ? AND id = ?';

export const instant = (milliseconds: string | number): string => new Date(Number(milliseconds)).toISOString();
