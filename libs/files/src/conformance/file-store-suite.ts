import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FileId, type FileStore, MAX_PIECE_BYTES } from '../file-store.js';

/** What an adapter gives the suite: a store for each test; no test needs it empty. */
export interface FileStoreUnderTest {
  readonly store: FileStore;
  /** Stops the store and starts it again on the same data, as a new process would. */
  reopen?(): Promise<FileStore>;
  close(): Promise<void>;
}

export interface FileStoreAdapter {
  open(): Promise<FileStoreUnderTest>;
  /** What was appended outlives the process; then `reopen` is given. */
  readonly features: { readonly restart: boolean };
}

const newFile = (): FileId => ({ tenant: 'acme', id: randomUUID() });

const contentOf = async (store: FileStore, file: FileId, from?: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(file, from)) pieces.push(piece);
  return Buffer.concat(pieces);
};

/** Defines the tests that make something a {@link FileStore}. Every adapter runs all of them. */
export const fileStoreSuite = (name: string, adapter: FileStoreAdapter): void => {
  describe(`file store: ${name}`, () => {
    let current: FileStoreUnderTest;
    beforeEach(async () => {
      current = await adapter.open();
    });
    afterEach(() => current.close());
    const store = () => current.store;

    describeAppending(store);
    describeReading(store);
    describeRemoving(store);
    describeTenants(store);
    it(adapter.features.restart ? 'keeps files over a restart' : 'declares that it keeps nothing', async () => {
      expect(typeof current.reopen).toBe(adapter.features.restart ? 'function' : 'undefined');
      if (!current.reopen) return;
      const file = newFile();
      await store().append(file, 0, Buffer.from('first '));
      const again = await current.reopen();
      expect(await again.append(file, 6, Buffer.from('second'))).toBe(12);
      expect(await contentOf(again, file)).toEqual(Buffer.from('first second'));
    });
  });
};

const describeTenants = (store: () => FileStore): void => {
  it('removes all files of a tenant, and nobody else’s', async () => {
    const tenant = `t${randomUUID().replaceAll('-', '')}`;
    const theirs = [1, 2].map(() => ({ ...newFile(), tenant }));
    const [near, other] = [{ ...newFile(), tenant: `${tenant}0` }, newFile()];
    for (const file of [...theirs, near, other]) await store().append(file, 0, randomBytes(MAX_PIECE_BYTES + 1));
    expect(await store().removeTenant(tenant)).toBe(2);
    for (const file of theirs) expect(await store().size(file)).toBe(0);
    for (const file of [near, other]) expect(await store().size(file)).toBe(MAX_PIECE_BYTES + 1);
    expect(await store().removeTenant(tenant)).toBe(0);
  });
};

const describeAppending = (store: () => FileStore): void => {
  describe('append', () => {
    it('adds at the end and answers with the size', async () => {
      const file = newFile();
      expect(await store().append(file, 0, Buffer.from('abc'))).toBe(3);
      expect(await store().append(file, 3, Buffer.from('de'))).toBe(5);
      expect(await store().size(file)).toBe(5);
      expect(await contentOf(store(), file)).toEqual(Buffer.from('abcde'));
    });

    it.each([0, 2, 4, 1_000_000])(
      'refuses a piece at %i of a file of 3 bytes and says where to go on',
      async (offset) => {
        const file = newFile();
        await store().append(file, 0, Buffer.from('abc'));
        await expect(store().append(file, offset, Buffer.from('x'))).rejects.toMatchObject({
          code: 'wrong-offset',
          size: 3,
        });
        expect(await contentOf(store(), file)).toEqual(Buffer.from('abc'));
      },
    );

    it('lets one of two writers at the same place win', async () => {
      const file = newFile();
      const pieces = [Buffer.from('first'), Buffer.from('other')];
      const outcomes = await Promise.allSettled(pieces.map((piece) => store().append(file, 0, piece)));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await store().size(file)).toBe(5);
    });

    it('takes an empty piece as nothing', async () => {
      const file = newFile();
      expect(await store().append(file, 0, Buffer.alloc(0))).toBe(0);
      expect(await store().size(file)).toBe(0);
    });

    it('keeps its own copy of the bytes', async () => {
      const file = newFile();
      const bytes = Buffer.from('abc');
      await store().append(file, 0, bytes);
      bytes.fill(0);
      expect(await contentOf(store(), file)).toEqual(Buffer.from('abc'));
    });
  });
};

const describeReading = (store: () => FileStore): void => {
  describe('read', () => {
    it('gives large files back in bounded pieces, from any offset', async () => {
      const file = newFile();
      const bytes = randomBytes(3 * MAX_PIECE_BYTES + 17);
      await store().append(file, 0, bytes.subarray(0, 1_000));
      await store().append(file, 1_000, bytes.subarray(1_000));
      for await (const piece of store().read(file)) expect(piece.length).toBeLessThanOrEqual(MAX_PIECE_BYTES);
      for (const from of [0, 1, 999, 1_000, MAX_PIECE_BYTES, bytes.length - 1, bytes.length, bytes.length + 5]) {
        expect((await contentOf(store(), file, from)).equals(bytes.subarray(from))).toBe(true);
      }
    });

    it('gives nothing of a missing file', async () => {
      expect(await contentOf(store(), newFile())).toHaveLength(0);
      expect(await store().size(newFile())).toBe(0);
    });

    it('can be left early and goes on to take writes', async () => {
      const file = newFile();
      await store().append(file, 0, randomBytes(2 * MAX_PIECE_BYTES));
      for await (const piece of store().read(file)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect(await store().append(file, 2 * MAX_PIECE_BYTES, Buffer.from('x'))).toBe(2 * MAX_PIECE_BYTES + 1);
    });
  });
};

const describeRemoving = (store: () => FileStore): void => {
  describe('remove', () => {
    it('removes one file and no other, as often as asked', async () => {
      const [file, other] = [newFile(), newFile()];
      const namesake = { tenant: 'other_tenant', id: file.id };
      for (const each of [file, other, namesake]) await store().append(each, 0, Buffer.from('abc'));
      await store().remove(file);
      await store().remove(file);
      expect(await Promise.all([file, other, namesake].map((each) => store().size(each)))).toEqual([0, 3, 3]);
      expect(await contentOf(store(), file)).toHaveLength(0);
      expect(await store().append(file, 0, Buffer.from('again'))).toBe(5);
    });
  });
};
