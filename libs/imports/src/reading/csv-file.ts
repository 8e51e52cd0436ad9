import type { FileFormat } from './detect-format.js';
import { fileProblem } from './file-problem.js';
import { columnNames } from './header.js';
import { type FileRow, readCsv } from './read-csv.js';

export interface CsvFile {
  readonly columns: readonly string[];
  /** The header's cells as they stand in the file. */
  readonly header: readonly string[];
  /** The rows below the header; to be iterated once, or left by {@link close}. */
  readonly rows: AsyncIterable<FileRow>;
  close(): Promise<void>;
}

/** Reads the header. @throws DomainError what {@link readCsv} and {@link columnNames} throw, and `file-empty` */
export const openCsv = async (bytes: AsyncIterable<Uint8Array>, format: FileFormat): Promise<CsvFile> => {
  const rows = readCsv(bytes, format);
  const first = await rows.next();
  if (first.done) throw fileProblem('file-empty', 'The file holds no line. Upload a CSV file with a header line.');
  const header = first.value.cells;
  try {
    return { columns: columnNames(header), header, rows, close: async () => void (await rows.return()) };
  } catch (error) {
    await rows.return();
    throw error;
  }
};

/** Rows in groups, for what is done in bulk. */
export async function* inBatches<T>(rows: AsyncIterable<T>, size: number): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
