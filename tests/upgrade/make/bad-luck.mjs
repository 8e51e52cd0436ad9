import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Server } from './server.mjs';
import { Client, until } from './client.mjs';

const EIGHT_DAYS = 8 * 86_400_000;

/** Holds a file as another program would, while something goes on. */
const holding = async (file, how, work) => {
  const other = new DatabaseSync(file);
  other.exec(how);
  try {
    return await work();
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
};

/** A reader of the views keeps their log from being emptied, until the reaction to an erasure gives up and parks it. */
export const parkedErasure = (api, data) => {
  const file = join(data, 'contacts-views.db');
  return holding(file, 'BEGIN; SELECT count(*) FROM read_model_checkpoints', async () => {
    const { id } = await api.post('/v1/contacts', { firstName: 'Ottokar', lastName: 'Stillwater' });
    await api.post(`/v1/contacts/${id}:erase`).catch(() => undefined);
    const parked = () => api.get('/v1/operations/contacts/parked');
    await until(parked, ({ data }) => data.length > 0, 300);
    return { id, names: ['Ottokar', 'Stillwater'] };
  });
};

/** A writer of sales' views lets the copy of an account's new name fail five times: it ends among the dead letters. */
export const lostUpdate = async (api, data, account) => {
  const bus = new DatabaseSync(join(data, 'bus.db'), { readOnly: true });
  const dead = bus.prepare("SELECT count(*) AS n FROM messages WHERE topic LIKE '%.dead-letters'");
  await holding(join(data, 'sales-views.db'), 'BEGIN IMMEDIATE', async () => {
    await api.patch(`/v1/accounts/${account.id}`, { name: 'Compilers, Sons & Daughters' });
    await until(
      () => dead.get().n,
      (n) => n > 0,
      300,
    );
  });
  bus.close();
  return { id: account.id, before: account.name, after: 'Compilers, Sons & Daughters' };
};

/** Everything on the bus was published eight days ago, and the next start trims it. */
export const forgetfulBus = async (checkout, data, token) => {
  const bus = new DatabaseSync(join(data, 'bus.db'));
  bus.exec(`UPDATE messages SET published_at = published_at - ${EIGHT_DAYS}`);
  const kept = bus.prepare("SELECT count(*) AS n FROM messages WHERE topic NOT LIKE '%.dead-letters'");
  const server = await Server.start(checkout, data);
  await new Client(server.url, token).get('/v1/me');
  await until(
    () => kept.get().n,
    (n) => n === 0,
  );
  bus.close();
  return server;
};
