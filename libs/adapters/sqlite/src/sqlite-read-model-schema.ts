/**
 * The catalogue of read-model tables, a step for {@link openDatabase}. Documents are in one table per generation,
 * `read_model_<table_id>`; ids of tables are never used again. Removals stay behind documents so that older writes
 * stay ignored.
 */
export const READ_MODEL_SCHEMA: readonly string[] = [
  `CREATE TABLE read_model_generations (
     table_id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL,
     generation TEXT NOT NULL,
     shape TEXT NOT NULL,
     active INTEGER NOT NULL DEFAULT 0,
     UNIQUE (name, generation)
   ) STRICT;
   CREATE TABLE read_model_removals (
     table_id INTEGER NOT NULL,
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     position TEXT NOT NULL,
     PRIMARY KEY (table_id, tenant, id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE read_model_checkpoints (
     follower TEXT PRIMARY KEY,
     position TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];
