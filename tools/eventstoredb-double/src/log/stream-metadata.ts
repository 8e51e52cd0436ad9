import { DELETED } from './system-names.js';

/** What of a stream's metadata decides which events are given. */
export interface StreamMetadata {
  readonly truncateBefore: number;
  readonly maxCount: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** The whole document as it was written. */
  readonly document: Readonly<Record<string, unknown>>;
}

export const NO_METADATA: StreamMetadata = { truncateBefore: 0, maxCount: Infinity, maxAge: Infinity, document: {} };

/** A metastream gives only its last event. */
export const METADATA_OF_METASTREAMS: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

/** Of an event's data; what is no JSON object counts as no metadata. */
export const parseMetadata = (json: boolean, data: Uint8Array): StreamMetadata => {
  const document = json ? parsed(data) : undefined;
  if (document === undefined) return NO_METADATA;
  return {
    truncateBefore: number(document['$tb']) ?? 0,
    maxCount: number(document['$maxCount']) ?? Infinity,
    maxAge: (number(document['$maxAge']) ?? Infinity) * 1000,
    document,
  };
};

/** The metadata of a soft-deleted stream replaces whatever there was. */
export const softDeletion = (): Buffer => Buffer.from('{"$tb":9223372036854775807}');

/** The metadata of a stream that is written to again after a soft deletion. */
export const undeletion = (metadata: StreamMetadata, firstRevision: number): Buffer =>
  Buffer.from(JSON.stringify({ ...metadata.document, $tb: firstRevision }));

export const isSoftDeleted = ({ truncateBefore }: StreamMetadata): boolean => truncateBefore >= DELETED;

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const parsed = (data: Uint8Array): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString());
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
