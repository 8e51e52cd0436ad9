import type { CommandBus } from '@nestjs/cqrs';
import { type CallContext, newId } from '@rapport/kernel';
import { RunCommand } from '../commands/run-command.js';
import { auditEntry, type AuditEntryEvent } from './audit-entry.js';

/** Adds an entry to the audit trail, and resolves once it is stored. */
export const note = async (
  commands: CommandBus,
  event: AuditEntryEvent,
  { principal, correlationId, traceparent }: CallContext,
): Promise<void> => {
  const call = { principal, correlationId, answer: {}, ...(traceparent === undefined ? {} : { traceparent }) };
  const decide = (state: AuditEntryEvent | null) => (state ? [] : [event]);
  const steps = [{ name: 'NoteInTrail', input: event, decide }];
  const order = { decider: auditEntry, id: newId(), steps, call, fresh: true };
  await commands.execute(new RunCommand<AuditEntryEvent | null, AuditEntryEvent>(order));
};
