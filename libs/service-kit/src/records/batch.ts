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

/**
 * Runs all rows, each for itself; rows run side by side, so that they share the store's commits, but those about one record
 * one after the other, in their order.
 */
export const runBatch = async <Message, Update extends { readonly id: string }>(
  rows: readonly BatchRow<Message, Update>[],
  methods: BatchMethods<Message, Update>,
  call: CallContext,
): Promise<{ data: typesV1.BatchOutcome[] }> => {
  const references = rows.map(({ clientRef }, index) => clientRef || String(index));
  const calls = references.map((reference, index) => rowCall(call, reference, index));
  const repeated = call.idempotencyKey === undefined ? new Map<number, number>() : repeatedIn(references);
  const last = new Map<string, Promise<unknown>>();
  const outcomes = rows.map(async (row, index) => {
    const earlier = repeated.get(index);
    if (earlier !== undefined)
      return refusedOutcome(row.clientRef, referenceRepeated(references[index]!, [earlier, index]));
    const record = (row.update ?? row.archive ?? row.restore)?.id;
    const run = (): Promise<typesV1.BatchOutcome> => outcomeOf(row, methods, calls[index]!);
    if (record === undefined) return run();
    const before = last.get(record);
    const outcome = before ? before.then(run) : run();
    last.set(record, outcome);
    return outcome;
  });
  const data = await Promise.all(outcomes);
  const latest = calls
    .map(({ answer }) => answer.consistency ?? '')
    .sort()
    .at(-1);
  if (latest) call.answer.consistency = latest;
  return { data };
};

/** Rows whose reference stood in an earlier one, and which: under an `Idempotency-Key` both would be one command. */
const repeatedIn = (references: readonly string[]): ReadonlyMap<number, number> => {
  const first = new Map<string, number>();
  const repeated = new Map<number, number>();
  references.forEach((reference, index) => {
    const earlier = first.get(reference);
    if (earlier === undefined) first.set(reference, index);
    else repeated.set(index, earlier);
  });
  return repeated;
};

const referenceRepeated = (reference: string, [earlier, later]: readonly [number, number]): DomainError => {
  const message =
    `Rows ${earlier} and ${later} of this batch, counted from 0, both go by "${reference}": by their clientRef or, without ` +
    `one, by their number. Under an Idempotency-Key rows are told apart by it, so row ${later} was not done. Give every row ` +
    'a clientRef of its own.';
  return new DomainError('conflict', 'client-ref-repeated', message);
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
    return refusedOutcome(clientRef, failure);
  }
};

const refusedOutcome = (clientRef: string, failure: unknown): typesV1.BatchOutcome => {
  const problem = problemOf(failure);
  return { clientRef, status: problem.status, id: undefined, revision: undefined, problem };
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
