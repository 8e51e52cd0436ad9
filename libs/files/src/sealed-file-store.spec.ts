import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryKeyStore } from '@rapport/privacy';
import { fileStoreSuite } from './conformance/index.js';
import { InMemoryFileStore } from './in-memory-file-store.js';
import { SealedFileStore } from './sealed-file-store.js';

fileStoreSuite('sealed', {
  features: { restart: true },
  open: async () => {
    const [files, keys] = [new InMemoryFileStore(), new InMemoryKeyStore()];
    return {
      store: new SealedFileStore(files, keys),
      reopen: async () => new SealedFileStore(files, keys),
      close: async () => undefined,
    };
  },
});

describe('a sealed file', () => {
  const file = { tenant: 'acme', id: 'file' };
  const other = { tenant: 'acme', id: 'other' };
  let inner: InMemoryFileStore;
  let keys: InMemoryKeyStore;
  let store: SealedFileStore;
  beforeEach(() => {
    inner = new InMemoryFileStore();
    keys = new InMemoryKeyStore();
    store = new SealedFileStore(inner, keys);
  });

  const bytesOf = async (
    from: { read: InMemoryFileStore['read'] | SealedFileStore['read'] },
    id = file,
  ): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of from.read(id)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const read = (id = file) => bytesOf(store, id);

  it('holds no plain byte', async () => {
    await store.append(file, 0, Buffer.from('Ada Lovelace,ada@example.com\n'.repeat(100)));
    const stored = await bytesOf(inner);
    for (const text of ['Ada', 'Lovelace', 'example.com']) expect(stored.includes(text)).toBe(false);
    expect((await read()).toString()).toContain('Ada Lovelace');
  });

  it('is read on from near where it was read last', async () => {
    const bytes = randomBytes(3_000_000);
    await store.append(file, 0, bytes);
    const reading = inner.read.bind(inner);
    const begun: number[] = [];
    inner.read = (id, from = 0) => {
      begun.push(from);
      return reading(id, from);
    };
    const firstFrom = async (from: number): Promise<Buffer> => {
      for await (const piece of store.read(file, from)) return Buffer.from(piece);
      return Buffer.alloc(0);
    };
    await read();
    for (const from of [2_400_000, 2_000_000, 0]) {
      const piece = await firstFrom(from);
      expect(piece).toEqual(bytes.subarray(from, from + piece.length));
    }
    const [whole, last, earlier, again] = begun;
    expect([whole, again]).toEqual([0, 0]);
    for (const [at, from] of [
      [last!, 2_400_000],
      [earlier!, 2_000_000],
    ] as const) {
      expect(at).toBeGreaterThan(from - 600_000);
      expect(at).toBeLessThanOrEqual(from + 1_000);
    }
  });

  it('is gone once it is forgotten, also from a copy', async () => {
    await store.append(file, 0, Buffer.from('Ada'));
    const copy = await bytesOf(inner);
    await store.forget(file, '2017-01-01T00:00:00.000Z');
    expect(await inner.size(file)).toBe(0);
    await inner.append(file, 0, copy);
    await expect(read()).rejects.toMatchObject({ kind: 'gone', code: 'file-forgotten' });
    await expect(store.append(file, await store.size(file), Buffer.from('x'))).rejects.toMatchObject({ kind: 'gone' });
  });

  it.each([
    ['changed', (bytes: Buffer) => bytes.fill(bytes[40]! ^ 1, 40, 41)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      'out of order',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)]),
    ],
  ])('that was %s is not read', async (_, damage) => {
    await store.append(file, 0, randomBytes(1_000));
    await store.append(file, 1_000, randomBytes(1_000));
    const bytes = damage(await bytesOf(inner));
    await inner.remove(file);
    await inner.append(file, 0, bytes);
    await expect(read()).rejects.toMatchObject({ code: 'file-damaged' });
  });

  it('does not open as another file', async () => {
    await store.append(file, 0, Buffer.from('Ada'));
    await store.append(other, 0, Buffer.from('Bob'));
    const bytes = await bytesOf(inner);
    await inner.remove(other);
    await inner.append(other, 0, bytes);
    await expect(read(other)).rejects.toMatchObject({ code: 'file-damaged' });
  });

  describe('that another process adds to', () => {
    let elsewhere: SealedFileStore;
    beforeEach(async () => {
      elsewhere = new SealedFileStore(inner, keys);
      await store.append(file, 0, Buffer.from('Ada '));
      await elsewhere.append(file, 4, Buffer.from('and '));
    });

    it('goes on where it ends now', async () => {
      expect(await store.size(file)).toBe(8);
      await store.append(file, 8, Buffer.from('Bob'));
      expect(await elsewhere.size(file)).toBe(11);
      expect((await read()).toString()).toBe('Ada and Bob');
    });

    it('takes the next piece without being asked for its size', async () => {
      expect(await store.append(file, 8, Buffer.from('Bob'))).toBe(11);
    });

    it('says where it ends, in plain bytes, to whom knew it shorter', async () => {
      await expect(store.append(file, 4, Buffer.from('x'))).rejects.toMatchObject({ code: 'wrong-offset', size: 8 });
      expect((await read()).toString()).toBe('Ada and ');
    });

    it('is begun again after it was removed there', async () => {
      await elsewhere.remove(file);
      expect(await store.size(file)).toBe(0);
      expect(await store.append(file, 0, Buffer.from('Eve'))).toBe(3);
    });

    it('is counted from its beginning when it was begun again with other pieces', async () => {
      await elsewhere.remove(file);
      await elsewhere.append(file, 0, Buffer.from('Eve and Mallory, who came later'));
      await elsewhere.append(file, 31, Buffer.from('.'));
      expect(await store.append(file, 32, Buffer.from('!'))).toBe(33);
    });
  });
});
