import { DomainError } from '@rapport/kernel';
import { StorageFull, StoreUnavailable } from '@rapport/event-store';

/** SQLite's primary result codes that an operator can do something about. */
const [READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB] = [8, 10, 11, 13, 14, 26];

/** SQLite's primary result code behind an error, or `undefined` when SQLite had nothing to do with it. */
export const sqliteCode = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

/** True when the disk itself failed: a commit may or may not have reached it. */
export const isDiskFailure = (error: unknown): boolean => sqliteCode(error) === IOERR;

/** True when the disk, or who owns it, refuses what is written: no fault of the work. */
export const isStorageFailure = (error: unknown): boolean =>
  [READONLY, IOERR, FULL, CANTOPEN].includes(sqliteCode(error) ?? 0);

/** An SQLite error in words an operator can act on; any other error as it is. */
export const storageProblem = (error: unknown, file: string): unknown => {
  switch (sqliteCode(error)) {
    case undefined:
      return error;
    case FULL:
      return new StorageFull(file, error);
    case CORRUPT:
    case NOTADB:
      return new DomainError(
        'internal',
        'storage-corrupt',
        `${file} is damaged or is no SQLite database. It was left as it is: put it aside and restore the last backup.`,
        { cause: error },
      );
    case READONLY:
    case CANTOPEN:
      return new StoreUnavailable(
        `${file} cannot be opened for writing. Give this user write access to it and to its folder.`,
        error,
      );
    case IOERR:
      return new StoreUnavailable(
        `The disk failed while ${file} was used. Check the disk and the system's log.`,
        error,
      );
    default:
      return new StoreUnavailable(`SQLite refused to work on ${file}: ${(error as Error).message}.`, error);
  }
};
