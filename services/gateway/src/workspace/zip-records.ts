/** What the format says of one file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  /** As it is, and as it lies in the archive. */
  readonly size: number;
  readonly packed: number;
  /** Of its header in the archive. */
  readonly offset: number;
  /** Its sizes are written with eight bytes: said before they are known. */
  readonly isLarge: boolean;
}

const MOST = 0xffffffff;
const MOST_FILES = 0xffff;
/** 4.5, which knows ZIP64; sizes follow the content, and names are UTF-8; deflated. */
const [VERSION, FLAGS, DEFLATED] = [45, 0x0808, 8];
const BLOCK = 0xffff;

/** Whether a file, and the little that packing adds, may not fit into four bytes. */
export const isLarge = (size: number): boolean => size + Math.ceil(size / BLOCK) * 5 + 64 >= MOST;

/** Content that is packed already, in blocks as it is; `isLast` ends the file. */
export const blocksOf = (data: Uint8Array, isLast: boolean): Buffer => {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < data.length; from += BLOCK) {
    const part = data.subarray(from, from + BLOCK);
    parts.push(numbers([0, 1], [part.length, 2], [part.length ^ BLOCK, 2]), part);
  }
  if (isLast) parts.push(numbers([1, 1], [0, 2], [BLOCK, 2]));
  return Buffer.concat(parts);
};

export const headerOf = ({ name, isLarge: large }: Pick<ZipEntry, 'name' | 'isLarge'>, at: Date): Buffer => {
  const text = Buffer.from(name);
  const extra = large ? numbers([1, 2], [16, 2], [0, 8], [0, 8]) : Buffer.alloc(0);
  const size = large ? MOST : 0;
  return Buffer.concat([
    numbers([0x04034b50, 4], [VERSION, 2], [FLAGS, 2], [DEFLATED, 2], ...timeOf(at), [0, 4], [size, 4], [size, 4]),
    numbers([text.length, 2], [extra.length, 2]),
    text,
    extra,
  ]);
};

/** Behind its content. */
export const descriptorOf = ({ crc, size, packed, isLarge: large }: ZipEntry): Buffer => {
  const width = large ? 8 : 4;
  return numbers([0x08074b50, 4], [crc, 4], [packed, width], [size, width]);
};

/** What an archive ends with. @param offset where that begins */
export const directoryOf = (entries: readonly ZipEntry[], offset: number, at: Date): Buffer => {
  const listed = Buffer.concat(entries.map((entry) => listedAs(entry, at)));
  const count = entries.length;
  const isBig = count >= MOST_FILES || offset >= MOST || listed.length >= MOST;
  const [many, length, begin] = isBig ? [MOST_FILES, MOST, MOST] : [count, listed.length, offset];
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [many, 2], [many, 2], [length, 4], [begin, 4], [0, 2]);
  if (!isBig) return Buffer.concat([listed, end]);
  const large = numbers(
    ...([
      [0x06064b50, 4],
      [44, 8],
      [VERSION, 2],
      [VERSION, 2],
      [0, 4],
      [0, 4],
    ] as const),
    ...([
      [count, 8],
      [count, 8],
      [listed.length, 8],
      [offset, 8],
    ] as const),
  );
  const place = numbers([0x07064b50, 4], [0, 4], [offset + listed.length, 8], [1, 4]);
  return Buffer.concat([listed, large, place, end]);
};

const listedAs = ({ name, crc, size, packed, offset }: ZipEntry, at: Date): Buffer => {
  const text = Buffer.from(name);
  const tooLarge = [size, packed, offset].filter((value) => value >= MOST);
  const extra =
    tooLarge.length === 0
      ? Buffer.alloc(0)
      : numbers([1, 2], [8 * tooLarge.length, 2], ...tooLarge.map((value): Width => [value, 8]));
  const fitting = (value: number): Width => [Math.min(value, MOST), 4];
  return Buffer.concat([
    numbers([0x02014b50, 4], [VERSION, 2], [VERSION, 2], [FLAGS, 2], [DEFLATED, 2], ...timeOf(at), [crc, 4]),
    numbers(fitting(packed), fitting(size), [text.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [0, 4]),
    numbers(fitting(offset)),
    text,
    extra,
  ]);
};

type Width = readonly [value: number, bytes: 1 | 2 | 4 | 8];

/** As old systems count, in steps of two seconds. */
const timeOf = (at: Date): readonly [Width, Width] => [
  [(at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1), 2],
  [((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(), 2],
];

/** One behind the other, the lowest byte first. */
const numbers = (...all: readonly Width[]): Buffer =>
  Buffer.concat(
    all.map(([value, bytes]) => {
      const part = Buffer.alloc(bytes);
      if (bytes === 8) part.writeBigUInt64LE(BigInt(value));
      else part.writeUIntLE(value, 0, bytes);
      return part;
    }),
  );
