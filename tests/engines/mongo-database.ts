import { randomUUID } from 'node:crypto';
import { type MongoConnection, openMongo } from '@rapport/mongo';

/** A database of its own on the MongoDB at `MONGODB_URL`. */
export interface MongoDatabase {
  /** A connection as a new process would open it; `settings` are further ones of its URL. */
  connect(settings?: Readonly<Record<string, string>>): Promise<MongoConnection>;
  /** Drops the database and closes every connection. */
  drop(): Promise<void>;
}

const withSettings = (url: string, settings: Readonly<Record<string, string>>): string => {
  const given = new URLSearchParams(settings).toString();
  if (given === '') return url;
  return url.includes('?') ? `${url}&${given}` : `${url.replace(/\/?$/, '/')}?${given}`;
};

export const newDatabase = (): MongoDatabase => {
  const url = process.env['MONGODB_URL'];
  if (!url) throw new Error('MONGODB_URL is not set. Run: npm run test:engines');
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const connections: MongoConnection[] = [];
  return {
    async connect(settings = {}) {
      const connection = await openMongo({ url: withSettings(url, settings), database });
      connections.push(connection);
      return connection;
    },
    async drop() {
      await connections[0]?.mongoose.dropDatabase();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
};
