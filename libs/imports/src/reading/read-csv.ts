import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CsvError, parse, type Parser } from 'csv-parse';
import { decodeText } from './decode-text.js';
import type { FileFormat } from './detect-format.js';
import { fileProblem } from './file-problem.js';
import { DAMAGED, DamagedBytes } from './piece-decoder.js';
import { type Place, TextPlaces } from './places.js';
import { ANNOUNCEMENT_CHARACTERS, announcedSeparator, withoutAnnouncement } from './separator.js';

export const MAX_CELL_CHARACTERS = 100_000;

/** A quote that is never closed must not swallow the rest of the file into memory. */
const MAX_ROW_CHARACTERS = 4_000_000;

export interface CsvRow {
  /** 0 is the header, 1 the first row below it. Blank lines are not counted. */
  readonly row: number;
  /** The line in the file on which the row ends, from 1; quoted line breaks count. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Cells that hold U+FFFD in the place of bytes that mean nothing in the file's encoding. */
  readonly damaged?: readonly DamagedCell[];
}

/** As it is read. */
export interface FileRow extends CsvRow {
  /** Where it ends. */
  readonly place: () => Place;
}

export interface DamagedCell {
  readonly cell: number;
  /** Where in the file, from 0. */
  readonly byte: number;
}

/**
 * The rows of a CSV file after RFC 4180, as it is met in the wild: every kind of line end, quotes inside unquoted cells, rows of
 * unequal length (the caller's to judge), a first line that only names the separator. Streaming: a slow consumer slows the
 * reading.
 * @param behind the row that was read last; the bytes begin where its place says
 * @throws DomainError `unclosed-quote` | `row-too-long` | `not-a-csv`
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  { encoding, separator }: FileFormat,
  behind?: Place,
): AsyncGenerator<FileRow, void, undefined> {
  const damaged = new DamagedBytes();
  const places = new TextPlaces();
  const text = new TableText(behind);
  let parsed = behind ? behind.row + 1 : 0;
  const parser = parse({
    delimiter: separator,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
    // The declared types know no records other than arrays of cells.
    on_record: (cells: string[], info) => {
      const [row, line] = [parsed++, info.lines + text.linesBefore];
      const place = (): Place => ({ row, line, ...places.of(info.bytes + text.bytesBefore) });
      return { row, line, place, ...sound(cells, damaged) } as unknown as string[];
    },
  });
  const decoded = decodeText(bytes, encoding, { damaged, places, from: behind?.byte ?? 0 });
  const source = Readable.from(text.of(decoded), { highWaterMark: 1 });
  const reading = pipeline(source, parser);
  reading.catch(() => undefined);
  try {
    yield* parser as AsyncIterable<FileRow>;
    await reading;
  } catch (error) {
    throw asFileProblem(error, parsed);
  } finally {
    leave(source, parser);
  }
}

/** Text from the header on, or from behind a row. */
class TableText {
  /** What was left out before it, in lines of the file. */
  linesBefore: number;
  /** Likewise of the text, in bytes of UTF-8. */
  bytesBefore: number;

  constructor(private readonly behind?: Place) {
    this.linesBefore = behind?.line ?? 0;
    this.bytesBefore = behind?.skip ?? 0;
  }

  of(text: AsyncIterable<string>): AsyncIterable<string> {
    return this.behind ? passedOver(text, this.behind.skip) : this.#fromHeader(text);
  }

  async *#fromHeader(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
    let beginning: string | undefined = '';
    for await (const piece of text) {
      if (beginning === undefined) yield piece;
      else if ((beginning += piece).length >= ANNOUNCEMENT_CHARACTERS) {
        yield this.#header(beginning);
        beginning = undefined;
      }
    }
    if (beginning) yield this.#header(beginning);
  }

  #header(beginning: string): string {
    if (announcedSeparator(beginning) === undefined) return beginning;
    this.linesBefore = 1;
    const table = withoutAnnouncement(beginning);
    this.bytesBefore = Buffer.byteLength(beginning.slice(0, beginning.length - table.length));
    return table;
  }
}

/** The text behind its first bytes, in UTF-8. */
async function* passedOver(text: AsyncIterable<string>, bytes: number): AsyncGenerator<string, void, undefined> {
  let left = bytes;
  for await (const piece of text) {
    const encoded = left > 0 ? Buffer.from(piece) : undefined;
    const rest = encoded ? encoded.subarray(left).toString() : piece;
    left -= encoded ? Math.min(left, encoded.length) : 0;
    if (rest !== '') yield rest;
  }
}

/** Cells without marks of damage; their places are taken from the file's, which come in the same order. */
const sound = (cells: string[], damage: DamagedBytes): Pick<CsvRow, 'cells' | 'damaged'> => {
  if (!damage.areThere || !cells.some((cell) => cell.includes(DAMAGED))) return { cells };
  const damaged: DamagedCell[] = [];
  const replaced = cells.map((text, cell) =>
    text.replaceAll(DAMAGED, () => {
      damaged.push({ cell, byte: damage.take() });
      return '\ufffd';
    }),
  );
  return { cells: replaced, damaged };
};

const leave = (source: Readable, parser: Parser): void => {
  source.destroy();
  parser.destroy();
};

const asFileProblem = (error: unknown, row: number): unknown => {
  const { code, lines } = error as Partial<CsvError> & { lines?: number };
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    const where = row === 0 ? 'the header' : `row ${row}`;
    const message = `A quotation mark in ${where} is opened and never closed; the file ends at line ${lines ?? '?'}. Close or remove it.`;
    return fileProblem('unclosed-quote', message, error);
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    const limit = MAX_ROW_CHARACTERS.toLocaleString('en');
    const message = `What begins as ${row === 0 ? 'the header' : `row ${row}`} is longer than ${limit} characters. Look for a quotation mark that is never closed.`;
    return fileProblem('row-too-long', message, error);
  }
  return error;
};
