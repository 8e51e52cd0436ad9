import type { Calendar, RecordedEvent, TimeZone } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from '@rapport/read-models';
import type { CellProjection } from './cells.js';

/**
 * How events become documents: a fold per document. The runtime loads the documents that a page of events touches, folds
 * in memory and writes them back with the checkpoint; the same definition rebuilds the collection from the first event.
 */
export interface Projection<D extends Document = Document> {
  /** Collection of the documents; its name names the follower too. */
  readonly declaration: CollectionDeclaration<D>;
  /** Raise it when `fold` or `contributions` gives something else than before: the next start builds everything anew. */
  readonly version?: number;
  /** Streams it reads, by prefix. */
  readonly prefixes: readonly string[];
  /** Its documents belong to no tenant ({@link NO_TENANT}): they are about what a context does by itself, for all of them. */
  readonly tenantless?: boolean;
  /** The ids of the documents that an event belongs to; undefined ignores the event. The aggregate's id when left out. */
  readonly key?: (event: RecordedEvent) => string | readonly string[] | undefined;
  /**
   * The document after the event; null removes it, the same object means that nothing changed. Pure: never changes the
   * document it is given. Total: a stored fact cannot be refused.
   * @param id which of the event's documents it is
   * @param zone by whose days the event's tenant is; UTC when left out
   */
  fold(document: D | null, event: RecordedEvent, id: string, zone?: TimeZone): D | null;
  /** By whose days its cells count, or its fold; UTC for everybody when left out. Another one builds everything anew. */
  readonly calendar?: Calendar;
  /** Sums that follow from the documents, kept per day. */
  readonly cells?: readonly CellProjection<D>[];
  /** What documents say about people: forgotten in every generation once a person's erasure is told. */
  readonly about?: readonly AboutPeople<D>[];
}

/** What a document says about the person whose id one of its fields holds, or about several whose ids it holds. */
export interface AboutPeople<D extends Document> {
  /** Declared, and indexed where it holds one id; or `id`, where the document itself is the person. */
  readonly field: string;
  /**
   * The document without that; the same object when it says nothing, null where nothing is left of it. Nothing that cells count may
   * depend on it.
   */
  forget(document: D): D | null;
}

/** In place of a tenant, where a document belongs to none. */
export const NO_TENANT = '_';

type FoldOf<D> = (document: D | null, event: never) => D | null;

/** A fold from one function per event type; other events leave the document as it is. */
export const foldBy =
  <D extends Document>(
    on: Readonly<Record<string, FoldOf<D>>>,
  ): ((document: D | null, event: RecordedEvent) => D | null) =>
  (document, event) => {
    const fold = on[event.type] as ((document: D | null, event: RecordedEvent) => D | null) | undefined;
    return fold ? fold(document, event) : document;
  };
