import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** Of events, as followers take them. */
const PAGE = 2_000;

/**
 * Milliseconds that it takes to write what the lists of a file hold by hand: the same rows into the same tables and indexes,
 * in as many transactions as events came in pages. What was written several times is written once.
 */
export const writeRaw = (file: string, into: string, events: number): number => {
  const from = new DatabaseSync(file, { readOnly: true });
  const raw = new DatabaseSync(into);
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000');
  raw.exec('PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000');
  const schema = from.prepare(
    "SELECT name, type, sql FROM sqlite_schema WHERE tbl_name GLOB 'read_model_[0-9]*' AND sql IS NOT NULL ORDER BY type DESC",
  );
  const objects = schema.all() as { readonly name: string; readonly type: string; readonly sql: string }[];
  for (const { sql } of objects) raw.exec(sql);
  const lists = objects
    .filter(({ type }) => type === 'table')
    .flatMap(({ name, sql }) => {
      const order = sql.includes('WITHOUT ROWID') ? '' : 'ORDER BY rowid';
      const rows = from.prepare(`SELECT * FROM ${name} ${order}`);
      rows.setReturnArrays(true);
      const all = rows.all() as unknown as SQLInputValue[][];
      if (!all[0]) return [];
      const insert = raw.prepare(`INSERT INTO ${name} VALUES (${all[0].map(() => '?').join(', ')})`);
      return [{ insert, all }];
    });
  const pages = Math.ceil(events / PAGE);
  const began = performance.now();
  for (let page = 0; page < pages; page += 1) {
    raw.exec('BEGIN IMMEDIATE');
    for (const { insert, all } of lists)
      for (const row of all.slice((all.length * page) / pages, (all.length * (page + 1)) / pages)) insert.run(...row);
    raw.exec('COMMIT');
  }
  const elapsed = performance.now() - began;
  raw.close();
  from.close();
  return elapsed;
};
