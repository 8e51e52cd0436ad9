import { describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { MongoConnection } from './mongo-connection.js';

const connection = new MongoConnection({ name: 'sales' } as Connection, 20);

describe('a call', () => {
  it('that is not answered ends all the same, as unavailable', async () => {
    await expect(connection.run(() => new Promise(() => undefined))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'store-unavailable',
      message: expect.stringContaining('no answer within 20 ms') as unknown,
    });
  });

  it('may be given more time, and fails as what it meets', async () => {
    const late = () => connection.run(() => new Promise<string>(() => undefined)).catch(() => 'late');
    expect(await connection.run(late, 10_000)).toBe('late');
    await expect(connection.run(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});
