/**
 * How a release of the server behaves where releases differ: seen on real servers of 23.10.8 and 24.2.0, read from the
 * descriptions of the others.
 */
export interface Release {
  /** As the server calls itself. */
  readonly version: string;
  /** What a filtered subscription says when it goes live after pages in which nothing matched. */
  readonly firstCheckpoint: 'none' | 'minus one' | 'the beginning';
  /** Whether an empty page makes it say the place to which the next event will be written. */
  readonly saysEndOfLog: boolean;
  /** Whether a page that reached the end of history counts as one after which a checkpoint is due. */
  readonly checkpointAtEndOfHistory: boolean;
  /** What becomes of a live subscription whose client reads too slowly. */
  readonly slowClient: 'is ended' | 'catches up';
  /** Whether the names of types and the metadata count towards the size of an append. */
  readonly countsMetadata: boolean;
  /** Whether a start beyond the end hides what comes before that place. */
  readonly skipsBeforeStart: boolean;
  /** Whether a subscription to a stream that is missing is told that it has caught up. */
  readonly missingStreamCatchesUp: boolean;
  /** Whether a subscription to a tombstoned stream is confirmed before it fails. */
  readonly confirmsTombstoned: boolean;
  /** Status of reading from a place between two records. */
  readonly noRecord: 'UNKNOWN' | 'INVALID_ARGUMENT';
  /** What an insecure server writes before anybody else does. */
  readonly firstRecords: 'scavenges' | 'users';
}

const LATEST: Release = {
  version: '26.0.3',
  firstCheckpoint: 'the beginning',
  saysEndOfLog: false,
  checkpointAtEndOfHistory: true,
  slowClient: 'catches up',
  countsMetadata: true,
  skipsBeforeStart: true,
  missingStreamCatchesUp: true,
  confirmsTombstoned: true,
  noRecord: 'INVALID_ARGUMENT',
  firstRecords: 'users',
};

const MINUS_ONE: Release = { ...LATEST, version: '24.10.4', firstCheckpoint: 'minus one' };

const OF_24_2: Release = {
  ...MINUS_ONE,
  version: '24.2.0',
  checkpointAtEndOfHistory: false,
  countsMetadata: false,
  confirmsTombstoned: false,
  noRecord: 'UNKNOWN',
  firstRecords: 'scavenges',
};

const OF_23_10: Release = {
  ...OF_24_2,
  version: '23.10.8',
  firstCheckpoint: 'none',
  slowClient: 'is ended',
  skipsBeforeStart: false,
  missingStreamCatchesUp: false,
};

/** By the names that people have for them. */
export const RELEASES: Readonly<Record<string, Release>> = {
  '23.10': OF_23_10,
  '24.2': OF_24_2,
  '24.10': MINUS_ONE,
  '25.0': { ...LATEST, version: '25.0.0', saysEndOfLog: true },
  '26.0': LATEST,
};

export const LATEST_RELEASE = '26.0';

/** @throws Error naming the releases that there are */
export const releaseOf = (name = LATEST_RELEASE): Release => {
  const release = RELEASES[name];
  if (release) return release;
  throw new Error(`There is no release "${name}" to behave as; there are ${Object.keys(RELEASES).join(', ')}.`);
};
