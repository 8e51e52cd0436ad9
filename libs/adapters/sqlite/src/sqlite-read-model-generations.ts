import { otherDeclaration, unknownGeneration } from '@rapport/read-models';
import type { Residence } from './sqlite-read-model-collection.js';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import { entriesTable } from './sqlite-read-model-open.js';
import { ReadModelTable, tableName } from './sqlite-read-model-table.js';
import type { Queries } from './statements.js';

/** The catalogue of generations. It is asked on every call, so that a switch made elsewhere counts at once. */
export class SqliteGenerations {
  private readonly tables = new Map<number, ReadModelTable>();

  constructor(private readonly database: Queries) {}

  /** Makes the table of a generation where it is missing, with indexes unless it is named. Call it within a transaction. */
  ensure(name: string, shape: string, generation: string | undefined, columns: ReadModelColumns): void {
    if (generation === undefined && this.find(name, shape)) return;
    const known = this.database
      .prepare('SELECT shape FROM read_model_generations WHERE name = ? AND generation = ?')
      .get(name, generation ?? shape);
    if (known && known['shape'] !== shape) throw otherDeclaration(name, generation ?? shape);
    if (known) return;
    const { lastInsertRowid } = this.database
      .prepare('INSERT INTO read_model_generations (name, generation, shape) VALUES (?, ?, ?)')
      .run(name, generation ?? shape, shape);
    const table = tableName(Number(lastInsertRowid));
    for (const sql of columns.tables(table)) this.database.prepare(sql).run();
    if (generation !== undefined) return;
    for (const sql of columns.indexStatements(table).values()) this.database.prepare(sql).run();
  }

  /** The named generation; without a name the active one of this shape, otherwise the one named after the shape. */
  residence(name: string, shape: string, generation: string | undefined, columns: ReadModelColumns): Residence {
    const row = this.find(name, shape, generation);
    if (!row) throw unknownGeneration(name, generation ?? shape);
    const known = this.tables.get(row.tableId);
    const table = known ?? new ReadModelTable(this.database, row.tableId, columns);
    if (!known) this.tables.set(row.tableId, table);
    return { generation: row.generation, table };
  }

  active(name: string): string | undefined {
    const row = this.database
      .prepare('SELECT generation FROM read_model_generations WHERE name = ? AND active = 1')
      .get(name);
    return row?.['generation'] as string | undefined;
  }

  /** Call it within a transaction. */
  activate(name: string, generation: string): void {
    const rows = this.database
      .prepare('SELECT table_id, generation FROM read_model_generations WHERE name = ?')
      .all(name);
    if (!rows.some((row) => row['generation'] === generation)) throw unknownGeneration(name, generation);
    this.database
      .prepare('UPDATE read_model_generations SET active = (generation = ?) WHERE name = ?')
      .run(generation, name);
    for (const row of rows) if (row['generation'] !== generation) this.drop(Number(row['table_id']));
  }

  /** Call it within a transaction. */
  discard(name: string, generation: string): void {
    const row = this.database
      .prepare('SELECT table_id FROM read_model_generations WHERE name = ? AND generation = ? AND active = 0')
      .get(name, generation);
    if (row) this.drop(Number(row['table_id']));
  }

  /** Of every table there is. */
  ids(): readonly number[] {
    return this.database
      .prepare('SELECT table_id FROM read_model_generations')
      .all()
      .map((row) => Number(row['table_id']));
  }

  /** Answers how many documents there were; none in a table that was dropped meanwhile. Call it within a transaction. */
  removeTenant(tableId: number, tenant: string): number {
    if (!this.ids().includes(tableId)) return 0;
    this.database.prepare('DELETE FROM read_model_removals WHERE table_id = ? AND tenant = ?').run(tableId, tenant);
    const [table, entries] = [tableName(tableId), entriesTable(tableName(tableId))];
    if (this.isThere(entries)) this.database.prepare(`DELETE FROM ${entries} WHERE tenant = ?`).run(tenant);
    return Number(this.database.prepare(`DELETE FROM ${table} WHERE tenant = ?`).run(tenant).changes);
  }

  private isThere(table: string): boolean {
    const found = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
    return this.database.prepare(found).get(table) !== undefined;
  }

  private drop(tableId: number): void {
    this.database.prepare('DELETE FROM read_model_generations WHERE table_id = ?').run(tableId);
    this.database.prepare('DELETE FROM read_model_removals WHERE table_id = ?').run(tableId);
    this.database.prepare(`DROP TABLE ${tableName(tableId)}`).run();
    this.database.prepare(`DROP TABLE IF EXISTS ${entriesTable(tableName(tableId))}`).run();
    this.tables.delete(tableId);
  }

  private find(name: string, shape: string, generation?: string): { tableId: number; generation: string } | undefined {
    const row =
      generation === undefined
        ? this.database.prepare(FOLLOWED).get(name, shape)
        : this.database.prepare(NAMED).get(name, shape, generation);
    return row && { tableId: Number(row['table_id']), generation: String(row['generation']) };
  }
}

const NAMED = 'SELECT table_id, generation FROM read_model_generations WHERE name = ? AND shape = ? AND generation = ?';
const FOLLOWED = `SELECT table_id, generation FROM read_model_generations
  WHERE name = ?1 AND shape = ?2 AND (active = 1 OR generation = ?2) ORDER BY active DESC LIMIT 1`;
