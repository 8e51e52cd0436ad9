import {
  type Appended,
  type Bookkeeping,
  type Change,
  type Entry,
  type EntryKey,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  type Page,
  type ReadOptions,
  type RemovedStreams,
} from '@rapport/event-store';
import type { FileId, FileStore } from '@rapport/files';
import type { NewEvent, Position, RecordedEvent } from '@rapport/kernel';
import type { KeyEntry, KeyStore, Subject, SubjectKey } from '@rapport/privacy';
import type { SqliteEventReader, SqliteFileReader, SqliteKeyReader } from '@rapport/sqlite';
import type { DoorCalls } from './calls.js';
import type { Line } from './line.js';

/** Stores that read for themselves and have another thread write. */

export class EventsElsewhere implements EventStore {
  constructor(
    private readonly context: string,
    private readonly reader: SqliteEventReader,
    private readonly door: Line<DoorCalls>,
  ) {}

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    return this.door.call('append', this.context, stream, events, expected);
  }

  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    return this.reader.read(stream, options);
  }

  follow(options: FollowOptions): AsyncIterable<Page> {
    return this.reader.follow(options);
  }

  end(): Promise<Position> {
    return this.reader.end();
  }

  lacks(position: Position): Promise<boolean> {
    return this.reader.lacks(position);
  }

  removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    return this.door.call('removeStreams', this.context, tenant, kept);
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}

export class BooksElsewhere implements Bookkeeping {
  constructor(
    private readonly context: string,
    private readonly door: Line<DoorCalls>,
  ) {}

  checkpoint(follower: string): Promise<Position | undefined> {
    return this.door.call('checkpoint', this.context, follower);
  }

  saveCheckpoint(follower: string, position: Position): Promise<void> {
    return this.door.call('saveCheckpoint', this.context, follower, position);
  }

  entries<E extends Entry>(list: string, tenant?: string): Promise<readonly E[]> {
    return this.door.call('entries', this.context, list, tenant) as Promise<readonly E[]>;
  }

  entry<E extends Entry>(list: string, key: EntryKey): Promise<E | undefined> {
    return this.door.call('entry', this.context, list, key) as Promise<E | undefined>;
  }

  /** A change cannot be sent: what it makes is, as long as what it was made of is still there. */
  async change<E extends Entry>(list: string, { tenant, id }: EntryKey, change: Change<E>): Promise<void> {
    for (;;) {
      const present = await this.entry<E>(list, { tenant, id });
      const next = change(present);
      if (next === present) return;
      if (await this.door.call('replaceEntry', this.context, list, { tenant, id }, { present, next })) return;
    }
  }
}

export class FilesElsewhere implements FileStore {
  constructor(
    private readonly context: string,
    private readonly reader: SqliteFileReader,
    private readonly door: Line<DoorCalls>,
  ) {}

  append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    return this.door.call('appendFile', this.context, file, offset, bytes);
  }

  size(file: FileId): Promise<number> {
    return this.reader.size(file);
  }

  read(file: FileId, from?: number): AsyncIterable<Uint8Array> {
    return this.reader.read(file, from);
  }

  remove(file: FileId): Promise<void> {
    return this.door.call('removeFile', this.context, file);
  }

  removeTenant(tenant: string): Promise<number> {
    return this.door.call('removeFiles', this.context, tenant);
  }

  async close(): Promise<void> {}
}

export class KeysElsewhere implements KeyStore {
  constructor(
    private readonly reader: SqliteKeyReader,
    private readonly door: Line<DoorCalls>,
  ) {}

  async create(subject: Subject, key?: SubjectKey): Promise<SubjectKey> {
    return Buffer.from(await this.door.call('createKey', subject, key));
  }

  find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined> {
    return this.reader.find(subject);
  }

  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]> {
    return this.reader.findMany(subjects);
  }

  destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    return this.door.call('destroyKey', subject, at);
  }

  destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }> {
    return this.door.call('destroyKeys', tenant, at);
  }

  destroyedTenants(): Promise<readonly string[]> {
    return this.reader.destroyedTenants();
  }

  entries(): AsyncIterable<readonly KeyEntry[]> {
    return this.reader.entries();
  }

  note(name: string): Promise<string | undefined> {
    return this.reader.note(name);
  }

  setNote(name: string, text: string): Promise<void> {
    return this.door.call('noteOfKeys', name, text);
  }

  async close(): Promise<void> {}
}
