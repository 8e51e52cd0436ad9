import type { typesV1 } from '@rapport/contracts';
import { DomainError, idBeside, type CallContext } from '@rapport/kernel';
import { problemOf } from '../problem.js';

/** One row of a batch, as the contracts' `Batch…Row` messages have it. */
export interface BatchRow<Message, Update> {
  readonly clientRef: string;
  readonly create?: Message | undefined;
  readonly update?: Update | undefined;
  readonly archive?: typesV1.RecordRequest | undefined;
  readonly restore?: typesV1.RecordRequest | undefined;
}

export interface BatchMethods<Message, Update> {
  create(message: Message, call: CallContext): Promise<{ readonly id: string }>;
  update(request: Update, call: CallContext): Promise<{ readonly id: string }>;
  archive(request: typesV1.RecordRequest, call: CallContext): Promise<{ readonly id: string }>;
  restore(request: typesV1.RecordRequest, call: CallContext): Promise<{ readonly id: string }>;
}

/** Runs all rows, each for itself; rows run side by side, so that they share the store's commits. */
export const runBatch = async <Message, Update>(
  rows: readonly BatchRow<Message, Update>[],
  methods: BatchMethods<Message, Update>,
  call: CallContext,
): Promise<{ data: typesV1.BatchOutcome[] }> => {
  const calls = rows.map((row, index) => rowCall(call, row.clientRef || String(index), index));
  const data = await Promise.all(rows.map((row, index) => outcomeOf(row, methods, calls[index]!)));
  const latest = calls
    .map(({ answer }) => answer.consistency ?? '')
    .sort()
    .at(-1);
  if (latest) call.answer.consistency = latest;
  return { data };
};

/** Each row is a command of its own: with its own idempotency key or request id, and no revision but its own. */
const rowCall = (
  { idempotencyKey, requestId, ...call }: CallContext,
  reference: string,
  index: number,
): CallContext => ({
  ...call,
  ...(idempotencyKey === undefined ? {} : { idempotencyKey: `${idempotencyKey}/${reference}` }),
  ...(requestId === undefined ? {} : { requestId: idBeside(requestId, 'row', index) }),
  expectedRevision: undefined,
  answer: {},
});

const outcomeOf = async <Message, Update>(
  row: BatchRow<Message, Update>,
  methods: BatchMethods<Message, Update>,
  call: CallContext,
): Promise<typesV1.BatchOutcome> => {
  const { clientRef } = row;
  try {
    const { id } = await runRow(row, methods, call);
    return { clientRef, status: row.create ? 201 : 200, id, revision: call.answer.revision, problem: undefined };
  } catch (failure) {
    const problem = problemOf(failure);
    return { clientRef, status: problem.status, id: undefined, revision: undefined, problem };
  }
};

const runRow = <Message, Update>(
  row: BatchRow<Message, Update>,
  methods: BatchMethods<Message, Update>,
  call: CallContext,
): Promise<{ readonly id: string }> => {
  const asked = [row.create, row.update, row.archive, row.restore].filter((part) => part !== undefined);
  if (asked.length !== 1) {
    const message = `A row needs exactly one of create, update, archive, restore; this one has ${asked.length}.`;
    throw new DomainError('invalid', 'bad-row', message);
  }
  if (row.create) return methods.create(row.create, call);
  if (row.update) return methods.update(row.update, call);
  return row.archive ? methods.archive(row.archive, call) : methods.restore(row.restore!, call);
};
