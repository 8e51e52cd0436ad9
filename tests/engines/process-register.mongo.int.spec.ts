import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { MongoProcessRegister } from '@rapport/mongo';
import { describeWhere } from '../journeys/support/host-tools.js';
import { startProcesses } from '../journeys/support/processes/process-assembly.js';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

jest.setTimeout(120_000);

const berlin = { RAPPORT_TIME_ZONE: 'Europe/Berlin' };

describe('the register of processes in MongoDB', () => {
  let database: MongoDatabase;
  beforeEach(() => void (database = newDatabase()));
  afterEach(() => database.drop());

  it('knows those that are heard of, forgets one that leaves and one that has long been silent', async () => {
    const connection = await database.connect();
    const register = new MongoProcessRegister(connection);
    const [one, other] = [
      { process: 'sales@a/1', settings: { RAPPORT_TIME_ZONE: 'UTC' } },
      { process: 'contacts@a/2', settings: berlin },
    ];
    expect(await register.announce(one)).toEqual([]);
    expect(await register.announce(other)).toEqual([one]);
    expect(await register.announce(one)).toEqual([other]);
    await register.leave(other.process);
    const silent = { _id: 'sales@b/1', settings: berlin, at: new Date(Date.now() - 3_600_000) };
    await connection.collection<typeof silent>('processes').insertOne(silent);
    expect(await register.announce(one)).toEqual([]);
    expect(await connection.collection('processes').countDocuments()).toBe(1);
  });
});

describeWhere(missingEngines('kafka', 'mongodb', 'eventstoredb'), 'processes of one installation', () => {
  it('do not start where they count days by different zones', async () => {
    await expect(startProcesses({ each: { sales: [berlin] } })).rejects.toThrow(
      /RAPPORT_TIME_ZONE is \S+ here and \S+ in \S+, which runs\. Set it alike/,
    );
  });
});
