import { DomainError, type FieldProblem } from '@rapport/kernel';
import type { ContractMethod } from '../contract/contract.js';
import {
  type FieldShape,
  type JsonSchema,
  type Validate,
  type Validation,
  maskedField,
  refuseRequest,
  requestSchema,
  withMask,
} from '@rapport/service-kit';
import { problemOf } from '../problems/problem.js';

type Row = Readonly<Record<string, unknown>>;

/** The rows of a batch, checked one by one: a faulty row gets its own outcome and does not stop the others. */
export interface CheckedRows {
  /** Rows for the service, in order. */
  readonly sound: readonly Row[];
  /** Outcomes of faulty rows, by their place in the batch. */
  readonly refused: ReadonlyMap<number, object>;
}

export class BatchRows {
  readonly #body: Validate;
  readonly #row: Validate;
  /** Fields of a row that hold changes, each with the field inside that the mask is about. */
  readonly #masked: readonly (readonly [string, string])[];

  constructor(method: ContractMethod, validation: Validation) {
    const rows = method.request.fields.find(({ name }) => name === 'rows')!;
    const row = rows.message!;
    this.#body = validation.compile(bodySchema(rows));
    this.#row = validation.compile(requestSchema(row, 'input'));
    this.#masked = row.fields.flatMap(({ name, message }) => {
      const masked = message && maskedField(message);
      return masked ? [[name, masked.name] as const] : [];
    });
  }

  /** @throws DomainError when the body is no batch at all */
  check(body: unknown): CheckedRows {
    const problems = this.#body(body);
    if (problems.length > 0) refuseRequest(problems);
    const refused = new Map<number, object>();
    const sound: Row[] = [];
    (body as { rows: readonly Row[] }).rows.forEach((row, index) => {
      const faults = this.#row(row);
      if (faults.length > 0) refused.set(index, refusedOutcome(row, faults));
      else sound.push(this.#withMasks(row));
    });
    return { sound, refused };
  }

  #withMasks(row: Row): Row {
    let masked = row;
    for (const [name, inner] of this.#masked) {
      const change = row[name] as Row | null | undefined;
      if (change) masked = { ...masked, [name]: withMask(change, change[inner] as object) };
    }
    return masked;
  }
}

/** Outcomes in the order of the rows as they were sent. */
export const inOrder = (done: readonly object[], refused: ReadonlyMap<number, object>): readonly object[] => {
  const outcomes: object[] = [];
  let next = 0;
  while (outcomes.length < done.length + refused.size) outcomes.push(refused.get(outcomes.length) ?? done[next++]!);
  return outcomes;
};

const bodySchema = ({ rules, name }: FieldShape): JsonSchema => ({
  type: 'object',
  properties: { [name]: { type: 'array', items: {}, minItems: 1, maxItems: rules.maxItems } },
  required: [name],
  additionalProperties: false,
});

const refusedOutcome = (row: Row, fields: readonly FieldProblem[]): object => {
  const reference = (row as Row | null)?.['clientRef'];
  const error = new DomainError('invalid', 'invalid-request', fields[0]!.message, { fields });
  const problem = problemOf(error);
  return { clientRef: typeof reference === 'string' ? reference.slice(0, 200) : '', status: problem.status, problem };
};
