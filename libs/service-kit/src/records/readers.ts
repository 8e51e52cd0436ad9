import type { CommandBus } from '@nestjs/cqrs';
import type { CallContext, Protection } from '@rapport/kernel';
import type { Document } from '@rapport/read-models';
import { note } from '../audit/notes.js';

interface Reading {
  readonly object: string;
  readonly method: string;
  readonly documents: readonly Document[];
}

/** Whoever reads records that are on hold or restricted is in the audit trail before the answer. */
export const noteReaders = async (
  commands: CommandBus,
  { object, method, documents }: Reading,
  call: CallContext,
): Promise<void> => {
  const recordIds = documents.filter(isMarked).map(({ id }) => id);
  if (recordIds.length === 0) return;
  await note(commands, { type: 'RecordsRead', data: { object, recordIds, method } }, call);
};

const isMarked = (document: Document & Protection): boolean =>
  document.hold !== undefined || document.restriction !== undefined;
