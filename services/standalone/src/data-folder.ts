import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DomainError } from '@rapport/kernel';

/** The folder with all data, held by one process at a time. The hold ends with the process, however it ends. */
export class DataFolder {
  private constructor(
    readonly path: string,
    private readonly lock: DatabaseSync,
  ) {}

  /** @throws DomainError when the folder cannot be made or written, or another process holds it */
  static take(path: string): DataFolder {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw unusable(path, cause);
    }
    return new DataFolder(path, hold(path));
  }

  file(name: string): string {
    return fileIn(this.path, name);
  }

  /** Files that are not needed any more; those that are not there are left out. */
  remove(...names: readonly string[]): void {
    for (const name of names) rmSync(this.file(name), { force: true });
  }

  release(): void {
    this.lock.close();
  }
}

export const fileIn = (folder: string, name: string): string => join(folder, name);

/** The file is locked, by whomever. */
const SQLITE_BUSY = 5;

const unusable = (path: string, cause: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'no-data-folder',
    `Cannot use the data folder ${path}: ${(cause as Error).message}. Make it writable, or set RAPPORT_DATA to another one.`,
    { cause },
  );

const hold = (path: string): DatabaseSync => {
  const lock = new DatabaseSync(join(path, 'lock.db'));
  try {
    lock.exec('PRAGMA busy_timeout = 2000; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw unusable(path, cause);
    throw new DomainError(
      'unavailable',
      'data-folder-in-use',
      `Another Rapport runs on ${path}. Stop it, or set RAPPORT_DATA to another folder.`,
      { cause },
    );
  }
};
