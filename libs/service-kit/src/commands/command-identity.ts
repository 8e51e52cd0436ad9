import { createHmac } from 'node:crypto';
import { idFrom, newId, type CallContext, type DomainEvent } from '@rapport/kernel';
import type { CommandOrder } from './run-command.js';

export interface CommandIdentity {
  readonly commandId: string;
  /** Digest of what was asked; only where the command may come again. */
  readonly hash?: string;
  /** Whether the same command may be sent again under the same id. */
  readonly repeatable: boolean;
}

/** The command id that a client's `Idempotency-Key` stands for: the same for the same caller, method and key. */
export const commandIdOf = (call: CallContext, method: string): string | undefined =>
  call.idempotencyKey === undefined
    ? undefined
    : idFrom(call.principal.tenant, call.principal.actor.id, method, call.idempotencyKey);

/**
 * The digest is keyed with the client's own key, which is not stored: whoever reads the log cannot try contents out. A
 * command id that a service made itself stands for one content only and needs none.
 */
export const identify = (order: CommandOrder<unknown, DomainEvent>): CommandIdentity => {
  const { steps, call, commandId } = order;
  if (commandId !== undefined && call.idempotencyKey === undefined) return { commandId, repeatable: true };
  const given = commandId ?? commandIdOf(call, steps[0]?.name ?? '');
  if (given === undefined) return { commandId: newId(), repeatable: false };
  const content = steps.map(({ name, input, occurredAt }) => [name, input, occurredAt]);
  const hash = createHmac('sha256', call.idempotencyKey!)
    .update(JSON.stringify(content))
    .digest('base64url')
    .slice(0, 22);
  return { commandId: given, hash, repeatable: true };
};
