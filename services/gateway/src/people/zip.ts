import { crc32, deflateRawSync } from 'node:zlib';

/** Files by their names in an archive. */
export type Entries = Readonly<Record<string, string>>;

/** A ZIP archive of a few small files (APPNOTE 6.3.10: deflate, names in UTF-8, no ZIP64). */
export const zip = (entries: Entries, at: Date): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const head = headOf(name, Buffer.from(text), at);
    const local = Buffer.concat([signature(0x04034b50), head.common, head.name, head.packed]);
    directory.push(centralOf(head, offset));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endOf(directory.length, central.length, offset)]);
};

interface Head {
  /** From the version needed to the length of the extra field, as both headers have it. */
  readonly common: Buffer;
  readonly name: Buffer;
  readonly packed: Buffer;
}

const DEFLATE = 8;
const UTF8_NAMES = 0x0800;
const VERSION = 20;

const headOf = (name: string, content: Buffer, at: Date): Head => {
  const [packed, bytes] = [deflateRawSync(content), Buffer.from(name)];
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(UTF8_NAMES, 2);
  common.writeUInt16LE(DEFLATE, 4);
  common.writeUInt16LE((at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1), 6);
  common.writeUInt16LE(((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(), 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(bytes.length, 22);
  return { common, name: bytes, packed };
};

const centralOf = ({ common, name }: Head, offset: number): Buffer => {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(VERSION);
  // No comment, the first disk, no attributes; then where the file is.
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, common, rest, name]);
};

const endOf = (entries: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries, 4);
  end.writeUInt16LE(entries, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
};

const signature = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
