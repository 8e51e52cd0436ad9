import type { DataFile, DataFolder } from './data-folder.js';
import type { Report } from './report.js';

/** Events of reactions that were set aside for somebody to look at. */
export const parked = ({ services }: DataFolder): Report => ({
  rows: services.flatMap((file) =>
    entriesOf<ParkedEvent>(file, 'parked').map((entry) => {
      const { id, tenant, follower, stream, revision, type, reason, attempts, parkedAt } = entry;
      const from = `${stream} @${revision}`;
      return { service: file.name, by: follower, tenant, type, from, attempts, parked: parkedAt, reason, id };
    }),
  ),
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

/** Of one list of a service's books. */
export const entriesOf = <E>(file: DataFile, list: string): readonly E[] =>
  file.has('bookkeeping_entries')
    ? file
        .all('SELECT entry FROM bookkeeping_entries WHERE list = ? ORDER BY tenant, id', list)
        .map(({ entry }) => JSON.parse(entry as string) as E)
    : [];
