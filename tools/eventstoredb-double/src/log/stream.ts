import { isMetastream } from './system-names.js';
import { METADATA_OF_METASTREAMS, NO_METADATA, type StreamMetadata, isSoftDeleted } from './stream-metadata.js';

/** Where one event is, and what has to be known without reading it. */
export interface Entry {
  /** Offset of its record in the storage: what clients call both commit and prepare position. */
  readonly position: number;
  /** Bytes of its record. */
  readonly length: number;
  readonly stream: Stream;
  /** {@link DELETED} for a tombstone. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** All events of one stream, those included that are hidden by its metadata. The index of an entry is its revision. */
export class Stream {
  readonly entries: Entry[] = [];
  tombstone: Entry | undefined;
  metadata: StreamMetadata;

  constructor(readonly name: string) {
    this.metadata = isMetastream(name) ? METADATA_OF_METASTREAMS : NO_METADATA;
  }

  /** The last revision, whatever is hidden; -1 without events. */
  get last(): number {
    return this.entries.length - 1;
  }

  get softDeleted(): boolean {
    return isSoftDeleted(this.metadata);
  }
}
