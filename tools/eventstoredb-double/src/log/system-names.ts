/** 2^63 - 1 on the wire: revision of a tombstone, and `$tb` of a soft-deleted stream. */
export const DELETED = 2 ** 63;

export const SystemType = { metadata: '$metadata', tombstone: '$streamDeleted', link: '$>' } as const;

/** Name of the stream that keeps a stream's metadata. */
export const metastreamOf = (stream: string): string => `$$${stream}`;

export const isMetastream = (stream: string): boolean => stream.startsWith('$$');

/** The stream that a metastream is about. */
export const subjectOf = (metastream: string): string => metastream.slice(2);
