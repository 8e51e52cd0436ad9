import type { Position } from '@rapport/kernel';

/** How far a follower has come, as told to those who do not follow themselves. */
export interface FollowerNews {
  readonly follower: string;
  readonly position: Position;
  readonly caughtUp: boolean;
  readonly handled: number;
  readonly lastRecordedAt?: string | undefined;
  readonly lastFailure?: string | undefined;
  /** Of a projection: the generation that readers are to be served from, once something complete is there. */
  readonly generation?: string | undefined;
}
