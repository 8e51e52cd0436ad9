import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { openCsv } from './csv-file.js';
import { detectFormat } from './detect-format.js';
import { MAX_COLUMNS } from './header.js';
import { csvLine } from './write-csv.js';

async function* pieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (bytes: Uint8Array, size?: number, given: { encoding?: string; separator?: string } = {}) => {
  const format = await detectFormat(() => pieces(bytes, size ?? 4096), given);
  const file = await openCsv(pieces(bytes, size ?? 4096), format);
  const rows: { line: number; cells: readonly string[] }[] = [];
  for await (const { line, cells } of file.rows) rows.push({ line, cells });
  return { ...format, columns: file.columns, rows, cells: rows.map((row) => row.cells) };
};
const text = (content: string): Buffer => Buffer.from(content);

const MARKS = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
  'utf-32le': [0xff, 0xfe, 0, 0],
  'utf-32be': [0, 0, 0xfe, 0xff],
} as const;
const UNICODE = Object.keys(MARKS) as (keyof typeof MARKS)[];

describe('what is found in a file', () => {
  it.each(UNICODE)('%s by its byte-order mark', async (encoding) => {
    const content = 'name,city\r\nZoë,"Łódź, 東京 🎉"\r\n';
    const bytes = Buffer.concat([Buffer.from(MARKS[encoding]), iconv.encode(content, encoding, { addBOM: false })]);
    for (const size of [4096, 1_000, 13]) {
      expect(await read(bytes, size)).toMatchObject({
        encoding,
        columns: ['name', 'city'],
        cells: [['Zoë', 'Łódź, 東京 🎉']],
      });
    }
  });

  it.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const)('%s without a mark', async (encoding) => {
    const bytes = iconv.encode('name,city\nAda,London\n', encoding, { addBOM: false });
    expect(await read(bytes)).toMatchObject({ encoding, cells: [['Ada', 'London']] });
  });

  it.each([
    ['le', 'le'],
    ['be', 'be'],
    ['le', 'be'],
  ] as const)('utf-32%s behind the short mark of UTF-16%s', async (order, mark) => {
    const body = iconv.encode('"name","city"\n"Ada","London"\n', `utf-32${order}`, { addBOM: false });
    const bytes = Buffer.concat([Buffer.from(MARKS[`utf-16${mark}`]), body]);
    expect(await read(bytes)).toMatchObject({
      encoding: `utf-32${order}`,
      columns: ['name', 'city'],
      cells: [['Ada', 'London']],
    });
  });

  it.each([
    [',', 'a,b;c,d\n1,2,3\n'],
    [';', 'a;b;c\n"1,5;6";2,5;3,5\n'],
    ['\t', 'a\tb, c\n1\t2\n'],
    ['|', 'a|b|c\r1|2|3\r'],
    [',', 'only\none\n'],
  ])('the separator %j', async (separator, content) => {
    expect((await read(text(content))).separator).toBe(separator);
  });
});

describe('rows', () => {
  it('keep their place over quoted line breaks, blank lines and any line ends', async () => {
    const { rows } = await read(text('a,b\r\n"x\ny",1\n\n\rz,"say ""hi"""\r\n5" disk,2'));
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['x\ny', '1'],
      ['z', 'say "hi"'],
      ['5" disk', '2'],
    ]);
    expect(rows[0]!.line).toBe(3);
  });

  it.each(['sep=;', '"sep=;"', 'SEP=;'])('begin behind a first line %s', async (announcement) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const content = text([announcement, 'a;b', '"x,y",;1', ''].join(end));
      const found = await read(content, 3);
      expect(found).toMatchObject({ separator: ';', columns: ['a', 'b'], rows: [{ line: 3 }] });
      expect((await read(content, 4096, { separator: ',' })).columns).toEqual(['a;b']);
    }
    const tabs = text('sep=\t\na;x\tb\n1\t2\n');
    expect(await read(tabs)).toMatchObject({ separator: '\t', columns: ['a;x', 'b'] });
    expect((await read(iconv.encode('sep=;\na;b\n', 'utf-16le', { addBOM: true }))).columns).toEqual(['a', 'b']);
    expect((await read(text('september\nx\n'))).columns).toEqual(['september']);
  });

  it('are given as they are when they are ragged', async () => {
    expect((await read(text('a,b\n1\n1,2,3\n'))).cells).toEqual([['1'], ['1', '2', '3']]);
  });

  it('come back as they were written', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'Ü', '"', ',', ';', '\t', '|', '\n', '\r', ' ', '🎉', "'") });
    const separator = fc.constantFrom(',', ';', '\t', '|');
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { maxLength: 5 }));
    const encoding = fc.constantFrom(...UNICODE);
    await fc.assert(
      fc.asyncProperty(
        table,
        separator,
        encoding,
        fc.integer({ min: 16, max: 64 }),
        async (rows, separator, encoding, size) => {
          const header = (rows[0] ?? ['', '']).map((_, n) => `column ${n}`);
          const content = [header, ...rows].map((cells) => csvLine(cells, separator)).join('');
          const bytes = Buffer.concat([
            Buffer.from(MARKS[encoding]),
            iconv.encode(content, encoding, { addBOM: false }),
          ]);
          const found = await read(bytes, size, { separator });
          expect(found.encoding).toBe(encoding);
          expect(found.columns).toEqual(header);
          expect(found.cells).toEqual(rows);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the header', () => {
  it('names empty and repeated columns by their place', async () => {
    expect((await read(text(' name ,,name,name\n1,2,3,4\n'))).columns).toEqual([
      'name',
      'Column 2',
      'name (2)',
      'name (3)',
    ]);
  });

  it.each([
    ['file-empty', Buffer.alloc(0)],
    ['file-empty', text('\n\r\n')],
    ['no-header', text(',,\n1,2,3\n')],
    ['not-a-csv', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6])],
    ['not-a-csv', Buffer.from([1, 2, 0, 4, 0, 0, 9, 0, 7, 7, 7, 7])],
    ['unclosed-quote', text('a,b\n1,2\n"3,4\n5,6\n')],
    ['too-many-columns', text(`${Array.from({ length: MAX_COLUMNS + 1 }, (_, n) => `c${n}`).join()}\n`)],
    ['too-many-columns', text(`${Array.from({ length: 50_000 }, (_, n) => `column number ${n}`).join()}\n`)],
  ])('or its lack is refused: %s', async (code, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it('says where an unclosed quote begins, without reading the file into memory', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield text('a,b\n1,"2\n');
      for (; given < 400; given += 1) yield text('3,4\n'.repeat(16_384));
    }
    const reading = async () => {
      const file = await openCsv(endless(), { encoding: 'utf-8', separator: ',' });
      for await (const row of file.rows) expect(row.row).toBe(1);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'row-too-long', message: expect.stringContaining('row 1') });
    expect(given).toBeLessThan(100);
  });
});
