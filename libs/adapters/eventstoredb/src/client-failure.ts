import { ErrorType, isCommandError } from '@eventstore/db-client';

const isOfType = (failure: unknown, ...types: readonly ErrorType[]): boolean =>
  failure instanceof Error && isCommandError(failure) && types.includes(failure.type);

/** Deleted streams are missing streams. */
export const isMissing = (failure: unknown): boolean =>
  isOfType(failure, ErrorType.STREAM_NOT_FOUND, ErrorType.STREAM_DELETED);

export const isDenied = (failure: unknown): boolean => isOfType(failure, ErrorType.ACCESS_DENIED);

/** The connection is of no more use: nobody answers, or the client does not even try. */
export const isLost = (failure: unknown): boolean =>
  !(failure instanceof Error && isCommandError(failure)) ||
  isOfType(failure, ErrorType.UNAVAILABLE, ErrorType.CANCELLED);
