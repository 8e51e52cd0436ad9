import { fileProblem } from './file-problem.js';

/** An encoding's name in the WHATWG Encoding Standard, or one of {@link WIDER}. */
export type Encoding = string;

/** Read as well, though the standard has dropped them. */
const WIDER: readonly string[] = ['utf-32le', 'utf-32be'];

/** The encoding that a label of the standard means (`latin1`, `cp1251`); `undefined` where it means none. */
export const encodingNamed = (label: string): Encoding | undefined => {
  const name = label.trim().toLowerCase();
  if (WIDER.includes(name)) return name;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
};

/** Bytes of the unit that characters are made of. */
export const unitOf = (encoding: Encoding): 1 | 2 | 4 =>
  encoding.startsWith('utf-32') ? 4 : encoding.startsWith('utf-16') ? 2 : 1;

export interface Beginning {
  /** `undefined`: no mark and nothing else to tell by; UTF-8 if the whole file is valid UTF-8. */
  readonly encoding?: Encoding;
  /** Length of the byte-order mark. */
  readonly mark: number;
}

/** Bytes that {@link inspectBeginning} looks at. */
export const BEGINNING_BYTES = 4096;

/**
 * What the first bytes say: a byte-order mark, or the pattern of zeros that wide characters leave.
 * @throws DomainError `file-empty` | `not-a-csv`
 */
export const inspectBeginning = (bytes: Uint8Array): Beginning => {
  if (bytes.length === 0) throw fileProblem('file-empty', 'The file is empty. Upload a CSV file with a header line.');
  refuseKnownFormats(bytes);
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? { encoding: 'utf-32le', mark: 4 } : afterShortMark(bytes, 'le');
  if (a === 0xfe && b === 0xff) return afterShortMark(bytes, 'be');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf-32be', mark: 4 };
  const encoding = wideWithoutMark(bytes);
  return encoding ? { encoding, mark: 0 } : { mark: 0 };
};

/** Some writers put the short mark of UTF-16, in either order of bytes, before characters of four bytes. */
const afterShortMark = (bytes: Uint8Array, order: 'le' | 'be'): Beginning => {
  const rest = bytes.subarray(2, 2 + Math.floor((Math.min(bytes.length, BEGINNING_BYTES) - 2) / 4) * 4);
  if (zerosAt(rest, 4, [2, 3]) === 1) return { encoding: 'utf-32le', mark: 2 };
  if (zerosAt(rest, 4, [0, 1]) === 1) return { encoding: 'utf-32be', mark: 2 };
  return { encoding: `utf-16${order}`, mark: 2 };
};

const wideWithoutMark = (bytes: Uint8Array): Encoding | undefined => {
  const sample = bytes.subarray(0, BEGINNING_BYTES & ~3);
  if (!sample.includes(0)) return undefined;
  if (sample.length >= 4 && zerosAt(sample, 4, [1, 2, 3]) > 0.9) return 'utf-32le';
  if (sample.length >= 4 && zerosAt(sample, 4, [0, 1, 2]) > 0.9) return 'utf-32be';
  if (zerosAt(sample, 2, [1]) > 0.5 && zerosAt(sample, 2, [0]) < 0.1) return 'utf-16le';
  if (zerosAt(sample, 2, [0]) > 0.5 && zerosAt(sample, 2, [1]) < 0.1) return 'utf-16be';
  throw fileProblem(
    'not-a-csv',
    'The file holds binary data, not text. Save the table as CSV (UTF-8) and upload that.',
  );
};

/** The share of units in which all the given bytes are zero. */
const zerosAt = (bytes: Uint8Array, unit: number, places: readonly number[]): number => {
  const units = Math.floor(bytes.length / unit);
  let found = 0;
  for (let n = 0; n < units; n += 1) if (places.every((place) => bytes[n * unit + place] === 0)) found += 1;
  return units === 0 ? 0 : found / units;
};

const FORMATS: readonly (readonly [string, readonly number[]])[] = [
  ['a ZIP or Excel (.xlsx) file', [0x50, 0x4b, 0x03, 0x04]],
  ['an old Excel (.xls) file', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF file', [0x25, 0x50, 0x44, 0x46]],
  ['a gzip file', [0x1f, 0x8b]],
];

const refuseKnownFormats = (bytes: Uint8Array): void => {
  const found = FORMATS.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte));
  if (found)
    throw fileProblem('not-a-csv', `This is ${found[0]}, not CSV. Save the table as CSV (UTF-8) and upload that.`);
};
