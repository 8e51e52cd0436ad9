import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { openCsv } from './csv-file.js';
import { detectFormat } from './detect-format.js';
import { encodingNamed } from './encoding.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (bytes: Uint8Array, encoding?: string, size = 4096) => {
  const format = await detectFormat(() => pieces(bytes, size), encoding === undefined ? {} : { encoding });
  const file = await openCsv(pieces(bytes, size), format);
  const cells: (readonly string[])[] = [];
  const damage: object[] = [];
  for await (const row of file.rows) {
    cells.push(row.cells);
    for (const { cell, byte } of row.damaged ?? []) damage.push({ line: row.line, cell, byte });
  }
  return { format, columns: file.columns, cells, damage };
};

const PEOPLE = {
  'windows-1251': 'Имя;Фамилия;Город\nАлексей;Смирнов;Москва\nМария;Кузнецова;Казань\n',
  'koi8-r': 'Имя;Фамилия;Город\nАлексей;Смирнов;Москва\nМария;Кузнецова;Казань\n',
  'windows-1252': 'Vorname;Nachname;Ort\nJürgen;Müller;Köln\nFrançois;Lefèvre;Orléans\n',
  'windows-1250':
    'Imię;Nazwisko;Miasto\nŁukasz;Wiśniewski;Łódź\nMałgorzata;Kowalczyk;Kraków\nGrzegorz;Brzęczyk;Gdańsk\n',
  'iso-8859-2': 'Jméno;Příjmení\nJiří;Dvořák\nŠárka;Nováková\nTomáš;Hájek\nŽofie;Černá\n',
  'iso-8859-7': 'Όνομα;Επώνυμο\nΓιώργος;Παπαδόπουλος\nΜαρία;Νικολάου\n',
  'windows-1254': 'Ad;Soyad;Şehir\nAyşe;Yıldız;İstanbul\nMehmet;Öztürk;İzmir\n',
  'windows-1256': 'الاسم;العائلة\nمحمد;العلي\nفاطمة;الحسن\n',
  shift_jis: '名前;会社\n山田太郎;株式会社テスト\n鈴木花子;東京商事\n',
  'euc-jp': '名前;会社\n山田太郎;株式会社テスト\n鈴木花子;東京商事\n',
  'euc-kr': '이름;회사\n김철수;서울전자\n이영희;부산무역\n',
  gb18030: '姓名;公司\n张伟;北京科技有限公司\n王芳;上海贸易\n',
  big5: '姓名;公司\n陳大文;台灣科技公司\n林小明;台北貿易\n',
};

describe('an encoding that the file does not say', () => {
  it.each(Object.entries(PEOPLE))('is guessed by the language: %s', async (encoding, text) => {
    const { format, cells } = await read(iconv.encode(text, encoding));
    const rows = text.trimEnd().split('\n');
    expect(format).toEqual({ encoding, separator: ';', sample: rows.find((row) => /[^\0-\x7f]/.test(row)) });
    expect(cells).toEqual(rows.slice(1).map((row) => row.split(';')));
  });

  it('is guessed by the names alone, where the rest is English', async () => {
    const bytes = iconv.encode('First Name;Last Name\nИван;Петров\n', 'windows-1251');
    const { format, cells } = await read(bytes);
    expect(format).toMatchObject({ encoding: 'windows-1251', sample: 'Иван;Петров' });
    expect(cells).toEqual([['Иван', 'Петров']]);
  });

  it('is windows-1252 where a byte far into the file is no UTF-8', async () => {
    const { format, cells } = await read(iconv.encode(`name\n${'plain\n'.repeat(5_000)}Müller\n`, 'windows-1252'));
    expect(format).toMatchObject({ encoding: 'windows-1252', sample: 'Müller' });
    expect(cells.at(-1)).toEqual(['Müller']);
  });

  it('is not guessed where it is given, or where all is UTF-8', async () => {
    expect((await read(Buffer.from('Ім’я\nОлена\n'))).format).toEqual({ encoding: 'utf-8', separator: ',' });
    const given = iconv.encode('Имя\nИван\n', 'cp866');
    expect(await read(given, 'ibm866')).toMatchObject({
      format: { encoding: 'ibm866', separator: ',' },
      cells: [['Иван']],
    });
  });
});

describe('an encoding that is chosen', () => {
  it.each([
    ['latin1', 'windows-1252'],
    ['CP1251', 'windows-1251'],
    ['x-sjis', 'shift_jis'],
    ['UTF-32BE', 'utf-32be'],
    ['iso-8859-16', 'iso-8859-16'],
    ['x-mac-cyrillic', 'x-mac-cyrillic'],
    ['iso-2022-jp', 'iso-2022-jp'],
    ['utf-7', undefined],
    ['replacement', undefined],
  ])('%s is %s', (label, name) => expect(encodingNamed(label)).toBe(name));

  it.each(['windows-1258', 'macintosh', 'windows-874', 'koi8-u', 'iso-8859-15'])('reads %s', async (encoding) => {
    const letters = new TextDecoder(encoding).decode(Uint8Array.from([0xc4, 0xc8, 0xe1]));
    const bytes = Buffer.concat([Buffer.from('name\n'), Buffer.from([0xc4, 0xc8, 0xe1, 0x0a])]);
    expect((await read(bytes, encoding)).cells).toEqual([[letters]]);
  });
});

describe('a byte that means nothing', () => {
  it('costs its cell alone, in a file that is UTF-8 otherwise, and is told by line and byte', async () => {
    const file = Buffer.from('First,Last,Notes\nJosé,Pérez,ok\nZoë,Müller,ok\nBad,Byte,\xff here\nÅsa,Öberg,ok\n');
    const at = file.indexOf(Buffer.from('ÿ'));
    const bytes = Buffer.concat([file.subarray(0, at), Buffer.from([0xff]), file.subarray(at + 2)]);
    for (const size of [4096, 17, 5]) {
      const { format, cells, damage } = await read(bytes, undefined, size);
      expect(format).toEqual({ encoding: 'utf-8', separator: ',', damage: { faults: 1, byte: at } });
      expect(cells.map((row) => row[1])).toEqual(['Pérez', 'Müller', 'Byte', 'Öberg']);
      expect(cells[2]).toEqual(['Bad', 'Byte', '\ufffd here']);
      expect(damage).toEqual([{ line: 4, cell: 2, byte: at }]);
    }
  });

  it.each([
    ['utf-8', [0xe2, 0x82, 0x2c], [[8, 0]]],
    ['utf-8', [0xe2, 0xc3, 0xa9, 0x2c], [[8, 0]]],
    ['utf-8', [0x41, 0xc3, 0xc3, 0xa9, 0xff, 0x2c], [[9, 0], [12, 0]]], // prettier-ignore
    ['utf-8', [0xef, 0xbf, 0xbd, 0x2c, 0x80], [[12, 1]]],
    [
      'shift_jis',
      [0x81, 0x2c, 0x93, 0xfa, 0x2c, 0xff],
      [
        [8, 0],
        [13, 2],
      ],
    ],
    ['windows-1253', [0xc1, 0xd2, 0x2c, 0x42], [[9, 0]]],
    ['gb18030', [0x84, 0x31, 0xa4, 0x37, 0x2c, 0xff], [[13, 1]]],
    ['gb18030', [0x81, 0x30, 0x2c, 0x42], [[8, 0]]],
  ] as const)('in %s: %j', async (encoding, row, places) => {
    const bytes = Buffer.concat([Buffer.from('a,b,c,d\n'), Buffer.from(row), Buffer.from(',x\nplain,x,,\n')]);
    const { damage, cells } = await read(bytes, encoding, 9);
    expect(damage).toEqual(places.map(([byte, cell]) => ({ line: 2, cell, byte })));
    expect(cells.at(-1)![0]).toBe('plain');
  });

  it.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const)('in %s', async (encoding) => {
    const unit = encoding.startsWith('utf-16') ? 2 : 4;
    const encode = (text: string) => iconv.encode(text, encoding, { addBOM: false });
    const lone = Buffer.alloc(unit);
    if (unit === 2) lone[encoding === 'utf-16le' ? 1 : 0] = 0xd8;
    else lone[encoding === 'utf-32le' ? 3 : 0] = 0x7f;
    const bytes = Buffer.concat([encode('a,b\n🎉\ufffd'), lone, encode('x,1\n')]);
    const { cells, damage } = await read(bytes, encoding, 7);
    expect(cells).toEqual([['🎉\ufffd\ufffdx', '1']]);
    expect(damage).toEqual([{ line: 2, cell: 0, byte: encode('a,b\n🎉\ufffd').length }]);
  });

  it('is found wherever it is, and nothing else is', async () => {
    const letter = fc.constantFrom('a', 'é', 'ł', '日', '🎉', '\ufffd', '\ufdd0');
    const word = fc.array(letter, { maxLength: 6 }).map((letters) => letters.join(''));
    const part = fc.record({ text: word, isBad: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (parts, size) => {
          const expected: object[] = [];
          let bytes = Buffer.from('name,x\n');
          parts.forEach(({ text, isBad }, n) => {
            bytes = Buffer.concat([bytes, Buffer.from(text)]);
            if (isBad) expected.push({ line: n + 2, cell: 0, byte: bytes.length });
            bytes = Buffer.concat([bytes, Buffer.from(isBad ? [0xff] : []), Buffer.from('.,\n')]);
          });
          const { damage, cells } = await read(bytes, 'utf-8', size);
          expect(damage).toEqual(expected);
          const readAs = parts.map(
            ({ text, isBad }) => `${text.replaceAll('\ufdd0', '\ufffd')}${isBad ? '\ufffd' : ''}.`,
          );
          expect(cells.map(([name]) => name)).toEqual(readAs);
        },
      ),
    );
  });

  it('is named by its line where there are very many', async () => {
    const bytes = Buffer.concat([Buffer.from('name\n'), Buffer.alloc(64 * 1024, Buffer.from([0xff, 0x0a]))]);
    const { damage } = await read(bytes, 'utf-8', 64 * 1024);
    expect(damage).toHaveLength(32 * 1024);
    expect(damage.at(-1)).toMatchObject({ byte: bytes.length - 2 });
  });
});
