import { isDeepStrictEqual } from 'node:util';
import type { Bookkeeping, Entry, EventStore } from '@rapport/event-store';
import type { FileStore } from '@rapport/files';
import type { KeyStore } from '@rapport/privacy';
import type { DoorCalls } from './calls.js';

/** What the thread with the door writes of a context. */
export interface WrittenHere {
  readonly events: Pick<EventStore, 'append' | 'removeTenant'>;
  readonly books: Bookkeeping;
  /** As they lie on the disk, sealed. */
  readonly files: Pick<FileStore, 'append' | 'remove' | 'removeTenant'>;
}

type Writing = Pick<
  DoorCalls,
  | 'append'
  | 'checkpoint'
  | 'saveCheckpoint'
  | 'entries'
  | 'entry'
  | 'replaceEntry'
  | 'appendFile'
  | 'removeFile'
  | 'removeStreams'
  | 'removeFiles'
  | 'destroyKeys'
  | 'createKey'
  | 'destroyKey'
  | 'noteOfKeys'
>;

/** Writes what the thread that follows asks for. */
export const writingFor = (contexts: Readonly<Record<string, WrittenHere>>, keys: KeyStore): Writing => {
  const of = (context: string): WrittenHere => contexts[context]!;
  return {
    append: (context, stream, events, expected) => of(context).events.append(stream, events, expected),
    checkpoint: (context, follower) => of(context).books.checkpoint(follower),
    saveCheckpoint: (context, follower, position) => of(context).books.saveCheckpoint(follower, position),
    entries: (context, list, tenant) => of(context).books.entries(list, tenant),
    entry: (context, list, key) => of(context).books.entry(list, key),
    replaceEntry: async (context, list, key, { present, next }) => {
      let replaced = false;
      await of(context).books.change<Entry>(list, key, (found) => {
        replaced = isDeepStrictEqual(found, present);
        return replaced ? next : found;
      });
      return replaced;
    },
    appendFile: (context, file, offset, bytes) => of(context).files.append(file, offset, bytes),
    removeFile: (context, file) => of(context).files.remove(file),
    removeStreams: (context, tenant, kept) => of(context).events.removeTenant(tenant, kept),
    removeFiles: (context, tenant) => of(context).files.removeTenant(tenant),
    destroyKeys: (tenant, at) => keys.destroyTenant(tenant, at),
    createKey: (subject, key) => keys.create(subject, key && Buffer.from(key)),
    destroyKey: (subject, at) => keys.destroy(subject, at),
    noteOfKeys: (name, text) => keys.setNote(name, text),
  };
};
