import type { DataFile, DataFolder } from './data-folder.js';
import { instant } from './events.js';
import { ageOf, type Report } from './report.js';

/** Topics with the messages that are kept. */
export const topics = (folder: DataFolder): Report => ({
  rows: (folder.bus?.all(TOPICS) ?? []).map(({ topic, partitions, messages, first, last }) => ({
    topic,
    partitions,
    messages,
    first: first === null ? '' : instant(first!),
    last: last === null ? '' : instant(last!),
  })),
  none: NO_BUS(folder.bus, 'Nothing was published yet.'),
});

/** Groups with the messages they have yet to handle. */
export const groups = (folder: DataFolder, now: number): Report => ({
  rows: (folder.bus?.all(GROUPS) ?? []).map(({ grp, topic, behind, oldest }) => ({
    group: grp,
    topic,
    behind,
    age: ageOf(oldest as number | null, now),
  })),
  none: NO_BUS(folder.bus, 'No group has subscribed yet.'),
});

const NO_BUS = (bus: DataFile | undefined, otherwise: string): string =>
  bus ? otherwise : 'There is no bus.db in this folder: this installation uses another bus.';

const TOPICS = `
  SELECT topics.topic, partitions, count(offset) AS messages, min(published_at) AS first, max(published_at) AS last
  FROM topics LEFT JOIN messages ON messages.topic = topics.topic GROUP BY topics.topic ORDER BY topics.topic`;

const GROUPS = `
  SELECT grp, offsets.topic, count(offset) AS behind, min(published_at) AS oldest
  FROM offsets LEFT JOIN messages
    ON messages.topic = offsets.topic AND messages.partition = offsets.partition AND offset >= next
  GROUP BY grp, offsets.topic ORDER BY grp, offsets.topic`;
