import type { Appended, Entry, EntryKey, ExpectedRevision, RemovedStreams } from '@rapport/event-store';
import type { FileId } from '@rapport/files';
import type { NewEvent, Position } from '@rapport/kernel';
import type { Subject } from '@rapport/privacy';
import type { FollowerNews, Rebuild } from '@rapport/processing';
import type { Dependency } from '@rapport/service-kit';
import type { StandaloneConfig } from '../settings.js';
import type { PlainFailure } from './failure.js';
import type { Calls } from './line.js';

/** What the thread that follows asks of the one with the door, which alone writes facts and keys. */
export interface DoorCalls extends Calls {
  append(context: string, stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;

  checkpoint(context: string, follower: string): Promise<Position | undefined>;
  saveCheckpoint(context: string, follower: string, position: Position): Promise<void>;
  entries(context: string, list: string, tenant?: string): Promise<readonly Entry[]>;
  entry(context: string, list: string, key: EntryKey): Promise<Entry | undefined>;
  /** False where another entry than the present one was found: nothing was changed. */
  replaceEntry(
    context: string,
    list: string,
    key: EntryKey,
    entries: { readonly present: Entry | undefined; readonly next: Entry | undefined },
  ): Promise<boolean>;

  appendFile(context: string, file: FileId, offset: number, bytes: Uint8Array): Promise<number>;
  removeFile(context: string, file: FileId): Promise<void>;

  removeStreams(context: string, tenant: string, kept: readonly string[]): Promise<RemovedStreams>;
  removeFiles(context: string, tenant: string): Promise<number>;
  destroyKeys(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }>;

  createKey(subject: Subject, key?: Uint8Array): Promise<Uint8Array>;
  destroyKey(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }>;
  noteOfKeys(name: string, text: string): Promise<void>;

  /** Followers have moved: the last news of each. */
  moved(context: string, news: readonly (readonly [lease: string, news: FollowerNews])[]): void;
  goneOver(context: string, lease: string): Promise<void>;

  /** Everything follows. */
  following(): void;
  /** It cannot be started. */
  failed(failure: PlainFailure): void;
}

/** What the thread with the door asks of the one that follows. */
export interface ThreadCalls extends Calls {
  /** Follows from now on. Of each context, up to where its facts are on the disk. */
  begin(config: StandaloneConfig, durable: Readonly<Record<string, Position>>): void;
  /** Everything up to here is on the disk. */
  durable(context: string, position: Position): void;
  /** Resolves once the key is not used here any more. */
  forgetKey(subject: Subject): void;
  rebuild(context: string, projection: string): Promise<Rebuild>;
  purge(context: string): Promise<void>;
  /** Whether its views can be written to. */
  viewsFile(context: string): Dependency;
  /** As Prometheus reads them. */
  metrics(): Promise<string>;
  /** Resolves once everything that was in hand is done and stored; the thread then ends. */
  stop(): Promise<void>;
}
