import { createHmac } from 'node:crypto';
import { idBeside, idFrom, newId, type CallContext, type DomainEvent } from '@rapport/kernel';
import type { CommandOrder } from './run-command.js';

export interface CommandIdentity {
  readonly commandId: string;
  /** Digest of what was asked; only where the command may come again. */
  readonly hash?: string;
  /** Whether the same command may be sent again under the same id. */
  readonly repeatable: boolean;
}

/**
 * The command id that a client's `Idempotency-Key` stands for: the same for the same caller, method and key. Without one,
 * the id that the call itself stands for, where it may come twice.
 */
export const commandIdOf = (call: CallContext, method: string): string | undefined => {
  const { principal, idempotencyKey, requestId } = call;
  if (idempotencyKey !== undefined) return idFrom(principal.tenant, principal.actor.id, method, idempotencyKey);
  return requestId === undefined ? undefined : idBeside(requestId, method);
};

/** The id of the record that a call creates: new, or the one that the same call gave it before. */
export const recordIdOf = (call: CallContext, method: string): string => {
  if (call.idempotencyKey !== undefined) return idFrom(commandIdOf(call, method)!, 'record');
  return call.requestId ?? newId();
};

/** Ids for parts of what a call makes: new ones, or those that the same call gave them before. */
export const partIdsOf = (call: CallContext, method: string): ((n: number) => string) => {
  const { idempotencyKey, requestId } = call;
  if (idempotencyKey !== undefined) return (n) => idFrom(commandIdOf(call, method)!, 'part', n);
  return requestId === undefined ? () => newId() : (n) => idBeside(requestId, method, 'part', n);
};

/** Before every digest: one that was made otherwise, or of something else, is not compared. */
const DIGEST_VERSION = '3.';

/** Whether two digests tell that two commands ask for different things. */
export const areDifferent = (before: string | undefined, now: string | undefined): boolean =>
  before?.startsWith(DIGEST_VERSION) === true && before !== now;

/**
 * The digest is of what the caller asked for, not of what was looked up
 * for it or follows from the day. It is keyed with the client's own key, which
 * is not stored: whoever reads the log cannot try contents out. A command id that a service made itself stands for one
 * content only and needs none.
 */
export const identify = (order: CommandOrder<unknown, DomainEvent>): CommandIdentity => {
  const { steps, call } = order;
  const commandId = order.commandId ?? commandIdOf(call, steps[0]?.name ?? '');
  if (commandId === undefined) return { commandId: newId(), repeatable: false };
  // The same call sent twice has the same content.
  if (call.idempotencyKey === undefined) return { commandId, repeatable: true };
  const content = steps.map(({ name, input }) => [name, input]);
  const hash = createHmac('sha256', call.idempotencyKey)
    .update(JSON.stringify(content))
    .digest('base64url')
    .slice(0, 22);
  return { commandId, hash: DIGEST_VERSION + hash, repeatable: true };
};
