/** Steps of bus.db's schema. `published_at` stands before the bodies, so that retention need not read them. */
export const MESSAGE_BUS_SCHEMA: readonly string[] = [
  `
  CREATE TABLE topics (topic TEXT PRIMARY KEY, partitions INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE messages (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    key TEXT NOT NULL,
    headers TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (topic, partition, offset)
  );

  CREATE TABLE offsets (
    grp TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (grp, topic, partition)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE publishers (name TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
  `,
];
