import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { blocksOf, descriptorOf, directoryOf, headerOf, isLarge, type ZipEntry } from './zip-records.js';

const AT = new Date('2026-11-29T21:30:42Z');
const GIB = 2 ** 30;

/** An archive of files that come in pieces. */
const archiveOf = (files: Readonly<Record<string, readonly Uint8Array[]>>, large: boolean): Buffer => {
  const parts: Buffer[] = [];
  const entries: ZipEntry[] = [];
  let offset = 0;
  for (const [name, pieces] of Object.entries(files)) {
    const packed = pieces.map((piece, n) => blocksOf(piece, n === pieces.length - 1));
    const content = Buffer.concat(pieces);
    const sizes = { size: content.length, packed: packed.reduce((sum, each) => sum + each.length, 0) };
    const entry = { name, crc: crc32(content), ...sizes, offset, isLarge: large };
    const own = [headerOf(entry, AT), ...packed, descriptorOf(entry)];
    offset += own.reduce((sum, each) => sum + each.length, 0);
    parts.push(...own);
    entries.push(entry);
  }
  return Buffer.concat([...parts, directoryOf(entries, offset, AT)]);
};

describe('an archive of files that are packed already', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.constantFrom(65_535, 65_536, 200_000).map((n) => new Uint8Array(n).fill(7)),
  );
  const pieces = fc.array(piece, { minLength: 1, maxLength: 4 });

  it.each([false, true])('is read by others, however its files come in pieces (sizes of eight bytes: %s)', (large) =>
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('contacts.zip', 'Größe.zip', 'c'), pieces), (files) => {
        const read = unzipSync(archiveOf(files, large));
        expect(Object.keys(read).sort()).toEqual(Object.keys(files).sort());
        for (const [name, content] of Object.entries(files))
          expect(Buffer.from(read[name]!).equals(Buffer.concat(content))).toBe(true);
      }),
      { numRuns: 50 },
    ),
  );

  it('says in eight bytes what does not fit into four', () => {
    expect([isLarge(GIB), isLarge(4 * GIB - 1), isLarge(5 * GIB)]).toEqual([false, true, true]);
    const entry = { name: 'a', crc: 1, size: 5 * GIB, packed: 5 * GIB + 400_000, offset: 6 * GIB, isLarge: true };
    const end = directoryOf([entry], 12 * GIB, AT);
    const extra = 46 + 1;
    expect([20, 24, 42].map((at) => end.readUInt32LE(at))).toEqual([0xffffffff, 0xffffffff, 0xffffffff]);
    expect([end.readUInt16LE(extra), end.readUInt16LE(extra + 2)]).toEqual([1, 24]);
    expect([4, 12, 20].map((at) => Number(end.readBigUInt64LE(extra + at)))).toEqual([
      entry.size,
      entry.packed,
      entry.offset,
    ]);
    const record = extra + 28;
    expect(end.readUInt32LE(record)).toBe(0x06064b50);
    expect(Number(end.readBigUInt64LE(record + 48))).toBe(12 * GIB);
    expect(Number(end.readBigUInt64LE(record + 56 + 8))).toBe(12 * GIB + record);
    expect(descriptorOf(entry)).toHaveLength(24);
  });
});
