import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { type FileId, WrongOffset } from '@rapport/files';
import { fileStoreSuite } from '@rapport/files/conformance';
import { MongoFileStore } from '@rapport/mongo';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

fileStoreSuite('MongoDB', {
  features: { restart: true },
  async open() {
    const database = newDatabase();
    return {
      store: new MongoFileStore(await database.connect()),
      reopen: async () => new MongoFileStore(await database.connect()),
      close: () => database.drop(),
    };
  },
});

describe('files in MongoDB', () => {
  let database: MongoDatabase;
  let store: MongoFileStore;
  const file = (): FileId => ({ tenant: 'acme', id: newId() });
  const contentOf = async (id: FileId, from?: number): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of store.read(id, from)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  beforeEach(async () => {
    database = newDatabase();
    store = new MongoFileStore(await database.connect());
  });
  afterEach(() => database.drop());

  it('hold what was accepted and nothing else, in order, however two processes race', async () => {
    const shared = file();
    const stores = [store, new MongoFileStore(await database.connect())];
    const accepted: { readonly at: number; readonly text: string }[] = [];
    await Promise.all(
      stores.map(async (mine, writer) => {
        let at = 0;
        for (let n = 0; n < 30; n += 1) {
          const text = `${writer}${'x'.repeat(n)}.`;
          try {
            const end = await mine.append(shared, at, Buffer.from(text));
            accepted.push({ at, text });
            at = end;
          } catch (error) {
            expect(error).toBeInstanceOf(WrongOffset);
            at = (error as WrongOffset).size;
          }
        }
      }),
    );
    const text = accepted.sort((a, b) => a.at - b.at).map((each) => each.text);
    expect((await contentOf(shared)).toString()).toBe(text.join(''));
  });

  it('take more at once than a document holds', async () => {
    const large = file();
    const bytes = randomBytes(17 * 1024 * 1024);
    expect(await store.append(large, 0, bytes)).toBe(bytes.length);
    expect((await contentOf(large, 9_000_000)).equals(bytes.subarray(9_000_000))).toBe(true);
  });

  it.each(['a/b', 'a', 'ä €', '%2F'])('may have any name: %s', async (id) => {
    const odd = { tenant: 'acme', id };
    await store.append({ tenant: 'acme', id: `${id}/0` }, 0, Buffer.from('other'));
    await store.append(odd, 0, Buffer.from('abc'));
    expect(await contentOf(odd)).toEqual(Buffer.from('abc'));
    await store.remove(odd);
    expect(await store.size({ tenant: 'acme', id: `${id}/0` })).toBe(5);
  });
});
