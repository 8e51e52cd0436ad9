import type { typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { HandlersOf, ServiceIn } from '../contract/contract-types.js';
import { type BatchRow, runBatch } from './batch.js';
import type { DefinedRecord } from './define-record.js';
import type { NounOf, PlainMethods, RecordMessage } from './record-definition.js';
import type { PlainRecords } from './records.js';

/** What a kind of record does in a way of its own where all others do it alike. */
export interface SpecialCommands<Message> {
  /** Creates one, also as a row of a batch. */
  create?(message: Message, call: CallContext): Promise<Message>;
  /** Changes one, also as a row of a batch. */
  edit?(id: string, message: Message, mask: readonly string[], call: CallContext): Promise<Message>;
  /** Puts into what a write answers with what the record itself does not know: names behind ids. */
  written?(message: Message, call: CallContext): Promise<Message>;
}

/**
 * What only one kind of record can do: the methods of its service that not every record has, and what it does in a way of
 * its own, be it a whole method.
 */
export type RecordApi<Defined> =
  Defined extends DefinedRecord<infer R, infer C, infer Plural>
    ? SpecialCommands<RecordMessage<R, C>> &
        Omit<HandlersOf<ServiceIn<C, Plural>>, PlainMethods<NounOf<R>, Plural>> &
        Partial<HandlersOf<ServiceIn<C, Plural>>>
    : never;

type Handler = (request: never, call: CallContext) => Promise<object>;
type Update<Message> = { readonly id: string; readonly updateMask: readonly string[] } & Of<Message>;
/** A request about a record: its field is called as the aggregate is. */
type Of<Message> = Readonly<Record<string, Message | undefined>>;
type Rows<Message> = { readonly rows: readonly BatchRow<Message, Update<Message>>[] };

/** Answers the methods that the service of every record has, by their names. */
export const recordHandlers = <Message extends { readonly id: string }>(
  { aggregate, noun, plural }: { readonly aggregate: string; readonly noun: string; readonly plural: string },
  records: PlainRecords<Message>,
  special: SpecialCommands<Message>,
): Readonly<Record<string, Handler>> => {
  const many = plural[0]!.toUpperCase() + plural.slice(1);
  const create = special.create?.bind(special) ?? records.create.bind(records);
  const edit = special.edit?.bind(special) ?? records.edit.bind(records);
  const written = special.written?.bind(special);
  const answering = <Q>(write: (request: Q, call: CallContext) => Promise<Message>) =>
    written ? async (request: Q, call: CallContext) => written(await write(request, call), call) : write;
  const update = (request: Update<Message>, call: CallContext) =>
    edit(request.id, request[aggregate] ?? ({} as Message), request.updateMask, call);
  const archive = records.archive.bind(records);
  const restore = records.restore.bind(records);
  return {
    [`create${noun}`]: answering((request: Of<Message>, call) => create(request[aggregate]!, call)),
    [`get${noun}`]: (request: typesV1.GetRecordRequest, call) => records.get(request, call),
    [`list${many}`]: (request: typesV1.ListRecordsRequest, call) => records.list(request, call),
    [`update${noun}`]: answering(update),
    [`archive${noun}`]: answering(archive),
    [`restore${noun}`]: answering(restore),
    [`undo${noun}Change`]: answering((request: typesV1.UndoRequest, call) => records.undo(request, call)),
    [`list${noun}History`]: (request: typesV1.ListHistoryRequest, call) => records.history(request, call),
    [`batch${many}`]: (request: Rows<Message>, call) =>
      runBatch(request.rows, { create, update, archive, restore }, call),
  };
};
