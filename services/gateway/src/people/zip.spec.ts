import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32, inflateRawSync } from 'node:zlib';
import { personFiles } from './person-files.js';
import { zip } from './zip.js';

/** What a reader finds by the archive's own directory. */
const unzipped = (archive: Buffer): Record<string, string> => {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, string> = {};
  for (let n = archive.readUInt16LE(end + 10); n > 0; n -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [checksum, packed, size, length] = [16, 20, 24]
      .map((o) => archive.readUInt32LE(at + o))
      .concat(archive.readUInt16LE(at + 28));
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(begin, begin + packed!));
    expect([crc32(content), content.length]).toEqual([checksum, size]);
    files[archive.toString('utf8', at + 46, at + 46 + length!)] = content.toString();
    at += 46 + length!;
  }
  return files;
};

it('gives every file back as it was', () => {
  const name = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => text !== '__proto__' && text.isWellFormed());
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (files) => {
      expect(unzipped(Buffer.from(zip(files, new Date('2026-11-29T10:00:00Z'))))).toEqual({ ...files });
    }),
  );
});

it('tells everything as tables, too, and no formula', () => {
  const actor = { kind: 'user', id: 'ada', onBehalfOf: undefined };
  const at = '2026-11-29T10:00:00.000Z';
  const data = { set: { lastName: '=cmd|"x"', address: { city: 'Bath,\nEngland' } }, tags: ['a'] };
  const fact = { eventId: 'e', type: 'ContactEdited', occurredAt: at, recordedAt: at, actor, data };
  const place = {
    context: 'contacts',
    object: 'contact',
    id: 'c',
    purpose: 'To sell',
    since: at,
    fields: {},
    facts: [fact],
    erased: false,
  };
  const files = personFiles('c', [place]);
  expect(files['places.csv']).toBe(
    `context,object,id,purpose,since,facts,erased\r\ncontacts,contact,c,To sell,${at},1,false\r\n`,
  );
  const start = `contacts,contact,c,${at},${at},ContactEdited,user:ada`;
  expect(files['facts.csv']).toBe(
    [
      'context,object,id,recordedAt,occurredAt,type,actor,field,value',
      `${start},set.lastName,"'=cmd|""x"""`,
      `${start},set.address.city,"Bath,\nEngland"`,
      `${start},tags.0,a`,
      '',
    ].join('\r\n'),
  );
});
