import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { Place } from './places.js';
import { type FileRow, readCsv } from './read-csv.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const collect = async (rows: AsyncIterable<FileRow>): Promise<FileRow[]> => {
  const all: FileRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
};
const shown = (rows: readonly FileRow[]) => rows.map(({ place: _, ...row }) => row);

const cell = fc.oneof(
  fc.constantFrom('', 'a', 'Zoë', '"two\nlines"', '東京', '🎉', '"a ""b"""'),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/["\r\n;]/g, '')),
);
const table = fc
  .array(fc.tuple(fc.array(cell, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n', '\n\n')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((lines) => lines.map(([cells, end]) => cells.join(';') + end).join(''));
const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'windows-1252', 'shift_jis', 'gb18030'];

describe('a file that is read on behind a row', () => {
  it('has the rows that follow, with their numbers, lines and damage', async () => {
    const file = fc.record({
      text: table,
      announced: fc.boolean(),
      encoding: fc.constantFrom(...encodings),
      isMarked: fc.boolean(),
      damageAt: fc.option(fc.nat(60)),
      size: fc.integer({ min: 4, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ text, announced, encoding, isMarked, damageAt, size }) => {
        // Wide characters without a mark are told by more than these small pieces.
        const addBOM = /^utf-(16|32)/.test(encoding) || (isMarked && encoding === 'utf-8');
        const bytes = iconv.encode(`${announced ? 'sep=;\n' : ''}${text}`, encoding, { addBOM });
        if (damageAt !== null && damageAt > 4 && damageAt < bytes.length && bytes[damageAt]! > 0x3f)
          bytes[damageAt] = 0xff;
        const format = { encoding, separator: ';' };
        const whole = await collect(readCsv(pieces(bytes, size), format));
        for (const [n, row] of whole.entries()) {
          const place: Place = row.place();
          const rest = await collect(readCsv(pieces(bytes.subarray(place.byte), size), format, place));
          expect(shown(rest)).toEqual(shown(whole.slice(n + 1)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is read from nearby, however long it is', async () => {
    const bytes = Buffer.from('name;city\n' + 'Ada;Łódź\n'.repeat(10_000));
    for await (const row of readCsv(pieces(bytes, 4_096), { encoding: 'utf-8', separator: ';' })) {
      const { byte, skip } = row.place();
      expect(byte + skip).toBeLessThanOrEqual(bytes.length);
      expect(skip).toBeLessThanOrEqual(4_096 + 20);
    }
  });
});
