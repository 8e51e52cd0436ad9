import { ErrorType, isCommandError } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';

const isOfType = (failure: unknown, ...types: readonly ErrorType[]): boolean =>
  failure instanceof Error && isCommandError(failure) && types.includes(failure.type);

/** Deleted streams are missing streams. */
export const isMissing = (failure: unknown): boolean =>
  isOfType(failure, ErrorType.STREAM_NOT_FOUND, ErrorType.STREAM_DELETED);

export const isDenied = (failure: unknown): boolean => isOfType(failure, ErrorType.ACCESS_DENIED);

/** Of 23.10, which ends a live subscription as soon as its own buffer is full: everyday life, the next one goes on. */
export const isTooSlow = (failure: unknown): boolean =>
  isOfType(failure, ErrorType.TIMEOUT) && (failure as Error).message.includes('too slow');

/** Nobody by that name, or another password. */
export const isUnknownUser = (failure: unknown): boolean =>
  failure instanceof Error && 'code' in failure && failure.code === status.UNAUTHENTICATED;

/** The connection is of no more use: nobody answers, or the client does not even try. */
export const isLost = (failure: unknown): boolean =>
  !(failure instanceof Error && isCommandError(failure)) ||
  isOfType(failure, ErrorType.UNAVAILABLE, ErrorType.CANCELLED);
