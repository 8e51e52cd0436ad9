import {
  EventTooLarge,
  OutcomeUnknown,
  StorageFull,
  StoreUnavailable,
  WrongExpectedRevision,
} from '@rapport/event-store';
import { WrongOffset } from '@rapport/files';
import { DomainError, type ErrorDetails, type ErrorKind } from '@rapport/kernel';
import { KeyDestroyed } from '@rapport/privacy';

/** A failure as it goes from thread to thread. */
export interface PlainFailure {
  readonly className: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Of a {@link DomainError}. */
  readonly domain?: { readonly kind: ErrorKind; readonly code: string; readonly details: ErrorDetails };
  /** What its class adds. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Failures that callers tell apart by their class. */
const CLASSES: ReadonlyMap<string, { readonly prototype: DomainError }> = new Map(
  [EventTooLarge, KeyDestroyed, OutcomeUnknown, StorageFull, StoreUnavailable, WrongExpectedRevision, WrongOffset].map(
    (each) => [each.name, each],
  ),
);

const OF_EVERY_ERROR = new Set(['name', 'message', 'stack', 'cause', 'kind', 'code', 'details']);

export const plainFailure = (failure: unknown): PlainFailure => {
  if (!(failure instanceof Error)) return { className: 'Error', message: String(failure), more: {} };
  const { message, stack } = failure;
  const more = Object.fromEntries(Object.entries(failure).filter(([name]) => !OF_EVERY_ERROR.has(name)));
  const className = failure.constructor.name;
  if (!(failure instanceof DomainError)) return { className, message, stack, more: {} };
  const { cause: _, ...details } = failure.details;
  const { kind, code } = failure;
  return { className, message, stack, domain: { kind, code, details }, more };
};

/** The failure again, of its own class where callers may ask for that. */
export const failureOf = ({ className, message, stack, domain, more }: PlainFailure): Error => {
  const failure = domain ? new DomainError(domain.kind, domain.code, message, domain.details) : new Error(message);
  const known = domain && CLASSES.get(className);
  if (known) Object.setPrototypeOf(failure, known.prototype);
  Object.assign(failure, more);
  if (stack !== undefined) failure.stack = stack;
  return failure;
};
