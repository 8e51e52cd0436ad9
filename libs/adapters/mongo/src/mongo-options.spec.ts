import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { mongoSettings } from './mongo-options.js';

/** What the driver makes of a URL and our options beside it. */
const effective = (settings: string) => {
  const given = mongoSettings({ url: `mongodb://ada:p%3Fw@one:1,two:2/${settings}`, database: 'sales' });
  const { bufferCommands: _, autoIndex: __, autoCreate: ___, ...options } = given.options;
  return {
    ...new mongo.MongoClient(given.url, options).options,
    call: given.longestCallMs,
  };
};

describe('the settings of a connection', () => {
  it('are ours where the URL says nothing', () => {
    expect(effective('')).toMatchObject({
      dbName: 'sales',
      appName: 'rapport',
      serverSelectionTimeoutMS: 4_000,
      connectTimeoutMS: 4_000,
      waitQueueTimeoutMS: 4_000,
      socketTimeoutMS: 60_000,
      call: 60_000,
      ignoreUndefined: false,
      readPreference: { mode: 'primary' },
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', j: true },
    });
  });

  it('are the URL’s where it says something, in any case', () => {
    const settings = 'replicaSet=rs0&serverSelectionTimeoutMS=9000&CONNECTTIMEOUTMS=8000&maxPoolSize=3&appName=mine';
    expect(effective(`?${settings}&waitQueueTimeoutMS=7000&socketTimeoutMS=6000&retryWrites=false`)).toMatchObject({
      replicaSet: 'rs0',
      serverSelectionTimeoutMS: 9_000,
      connectTimeoutMS: 8_000,
      waitQueueTimeoutMS: 7_000,
      socketTimeoutMS: 6_000,
      call: 60_000,
      appName: 'mine',
      maxPoolSize: 3,
      retryWrites: false,
      dbName: 'sales',
    });
  });

  it.each([
    '?timeoutMS=500',
    '?timeoutMS=500&appName=a',
    '?appName=a&timeoutMS=500',
    '?appName=a&TIMEOUTMS=500&tls=true',
  ])('have the time for a call from the URL, of which the driver is not told: %s', (settings) => {
    expect(effective(settings)).toMatchObject({ call: 500, socketTimeoutMS: 500 });
    expect(mongoSettings({ url: `mongodb://one/${settings}`, database: 'sales' }).url).not.toMatch(/timeoutMS|[?&]$/i);
    expect(effective(settings).tls ?? false).toBe(settings.includes('tls'));
  });

  it.each(['0', '-1', 'x', '1e3', ''])('take %j for no time', (time) => {
    expect(() => effective(`?timeoutMS=${time}`)).toThrow(expect.objectContaining({ code: 'bad-configuration' }));
  });

  it('promise what is promised, said by the URL or not', () => {
    expect(effective('?w=majority&readPreference=primary&journal=true&readConcernLevel=majority')).toMatchObject({
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', j: true },
    });
    for (const weaker of ['w=1', 'readPreference=secondaryPreferred', 'journal=false', 'readConcernLevel=local']) {
      const name = weaker.slice(0, weaker.indexOf('='));
      expect(() => effective(`?retryWrites=true&${weaker}`)).toThrow(
        expect.objectContaining({
          kind: 'invalid',
          code: 'bad-configuration',
          message: expect.stringContaining(`Leave ${name.toLowerCase()} out`) as unknown,
        }),
      );
    }
  });
});
