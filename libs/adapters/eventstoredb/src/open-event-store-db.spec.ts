import { describe, expect, it } from '@jest/globals';
import { openEventStoreDb } from './open-event-store-db.js';

describe('opening', () => {
  it.each([
    'esdb://localhost:2113?tls=false',
    'esdb://localhost',
    'esdb+discover://user:pass@cluster.example:2113?tls=true&nodePreference=follower',
    'kurrentdb://localhost:2113/?tls=false',
    'kurrentdb+discover://cluster.example',
  ])('takes %s', async (url) => {
    await expect(openEventStoreDb({ url }).close()).resolves.toBeUndefined();
  });

  it.each(['', 'localhost:2113', 'http://user:secret@host', 'esdb://user:secret@host?tls=perhaps'])(
    'refuses "%s" without quoting it',
    (url) => {
      expect(() => openEventStoreDb({ url })).toThrow('The address of EventStoreDB cannot be read.');
    },
  );

  it('refuses everything once closed', async () => {
    const store = openEventStoreDb({ url: 'esdb://localhost:1?tls=false' });
    await store.close();
    await expect(store.append('note-acme-1', [], 'any')).rejects.toThrow('closed');
    await expect(store.read('note-acme-1').next()).rejects.toThrow('closed');
    const follower = store.follow({ prefixes: [], after: '0'.repeat(20), signal: new AbortController().signal });
    await expect(follower.next()).rejects.toThrow('closed');
  });
});
