/** Where a client thinks that a stream ends; a number is a revision. */
export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;
