import { partsOf } from '@rapport/event-store';
import { positionOf } from '@rapport/kernel';
import type { DataFile, DataFolder } from './data-folder.js';
import { checkpointsOf } from './followers.js';
import type { Report } from './report.js';

type Finding = Readonly<Record<'service' | 'check' | 'result' | 'where', string>>;

/** Checks what can be told from the files alone. Every finding names the first places; none is repaired. */
export const verify = ({ services }: DataFolder): Report => {
  const rows = services.flatMap((file) => file.atOnce(() => checksOf(file)));
  return { rows, none: 'There is no service to verify.', failed: rows.some(({ result }) => result !== 'ok') };
};

const checksOf = (file: DataFile): readonly Finding[] =>
  CHECKS.map(([check, find]) => {
    const wrong = find(file);
    const result = wrong.length === 0 ? 'ok' : `${wrong.length} wrong`;
    return { service: file.name, check, result, where: wrong.slice(0, 5).join(', ') };
  });

type Find = (file: DataFile) => readonly string[];

const names = (file: DataFile, sql: string): readonly string[] =>
  file.all(sql).map((row) => String(Object.values(row)[0]));

/** Rows of events that were removed with their workspace are of no stream. */
const DENSE = `
  SELECT stream FROM events WHERE stream <> '' GROUP BY stream HAVING min(revision) <> 0 OR count(*) <> max(revision) + 1`;
const GROWING = `
  SELECT stream FROM (
    SELECT stream, position, lag(position) OVER (PARTITION BY stream ORDER BY revision) AS before FROM events
    WHERE stream <> ''
  ) WHERE before >= position GROUP BY stream`;
const READABLE = `SELECT position FROM events WHERE NOT json_valid(data) OR NOT json_valid(metadata)`;
/** Whom sealed fields are about: the stream's own record where a text stands alone, else each part says so. */
const SEALED = `
  SELECT DISTINCT stream, NULL AS subject FROM events
  WHERE json_valid(metadata) AND json_type(metadata, '$.sealed') = 'text'
  UNION SELECT DISTINCT stream, json_extract(part.value, '$.subject') FROM events, json_each(metadata, '$.sealed') AS part
  WHERE json_valid(metadata) AND json_type(metadata, '$.sealed') = 'array'`;
const KEY = `
  SELECT 1 AS here FROM subject_keys WHERE tenant = ?1 AND id = ?2
  UNION ALL SELECT 1 FROM erased_subjects WHERE tenant = ?1 AND id = ?2`;

const endOf = (file: DataFile): string =>
  positionOf((file.one('SELECT max(position) AS last FROM events')['last'] as number | null) ?? 0);

const withoutKey: Find = (file) => {
  const without = file.all(SEALED).filter(({ stream, subject }) => {
    const { tenant, id } = partsOf(String(stream));
    return file.all(KEY, tenant, subject ?? id).length === 0;
  });
  return [...new Set(without.map(({ stream }) => String(stream)))];
};

const checkpointsAhead: Find = (file) =>
  file.has('read_model_checkpoints')
    ? checkpointsOf(file)
        .filter(({ follower, position }) => !isOfOthers(String(follower)) && String(position) > endOf(file))
        .map(({ follower }) => String(follower))
    : [];

/** How far an inbox has come, or whoever hears what is asked, is a position at the source. */
const isOfOthers = (follower: string): boolean => /^(inbox|commands):/.test(follower);

/** Collections that no follower of this service builds (copies of other contexts, lists) count by something else. */
const documentsAhead: Find = (file) => {
  if (!file.has('read_model_generations')) return [];
  const built = file.all(`
    SELECT table_id, name, generation, c.position AS checkpoint FROM read_model_generations
    JOIN read_model_checkpoints c ON c.follower = name || '@' || generation`);
  return built
    .filter(({ table_id, checkpoint }) => {
      const { last } = file.one(`SELECT max(position) AS last FROM read_model_${Number(table_id)}`);
      return last !== null && String(last) > String(checkpoint);
    })
    .map(({ name, generation }) => `${name}@${generation}`);
};

const CHECKS: readonly (readonly [string, Find])[] = [
  ['the file is whole', (file) => names(file, 'PRAGMA quick_check').filter((answer) => answer !== 'ok')],
  ['revisions of every stream are dense', (file) => names(file, DENSE)],
  ['positions grow with revisions', (file) => names(file, GROWING)],
  ['every event is readable', (file) => names(file, READABLE)],
  ['every sealed event has its key, or a tombstone', withoutKey],
  ['no checkpoint lies beyond the last event', checkpointsAhead],
  ['no document is newer than its checkpoint', documentsAhead],
];
