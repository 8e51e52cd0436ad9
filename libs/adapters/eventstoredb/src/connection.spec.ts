import { expect, it } from '@jest/globals';
import { Connection } from './connection.js';
import { FakeClient } from './fakes/fake-client.js';

it('is closed also where a client never tells that its calls have ended', async () => {
  const [hanging, sound] = [new FakeClient([]), new FakeClient([])];
  hanging.dispose = () => new Promise(() => undefined);
  const clients = [hanging, sound];
  const connection = new Connection(() => clients.shift()!.asClient, 1);
  connection.replace(connection.take());
  connection.take();
  await connection.close();
  expect(sound.disposed).toBe(true);
  expect(() => connection.take()).toThrow('closed');
});
