import { optionsV1 } from '@rapport/contracts';
import type { FieldProblem } from '@rapport/kernel';
import type { Binding, ContractMethod } from '../contract/contract.js';
import {
  type FieldShape,
  type Validate,
  type Validation,
  closestName,
  fieldsSchema,
  refuseRequest,
  sentFields,
} from '@rapport/service-kit';

type Texts = Readonly<Record<string, string | readonly string[]>>;

/** Reads what a request says in its path and query, by the types of the contract. */
export class Parameters {
  readonly #query: ReadonlyMap<string, FieldShape>;
  readonly #validate: Validate;

  constructor(
    method: ContractMethod,
    private readonly binding: Binding,
    validation: Validation,
  ) {
    const query = queryFields(method, binding);
    const path = pathFields(method, binding);
    this.#query = new Map(query.map((field) => [field.name, field]));
    this.#validate = validation.compile(fieldsSchema([...path, ...query], 'input', undefined));
  }

  /** @throws DomainError naming every parameter at fault */
  read(path: Texts, query: Texts): Record<string, unknown> {
    const { variables } = this.binding.path;
    const values: Record<string, unknown> = {};
    for (const name of variables) values[name] = path[name];
    const problems: FieldProblem[] = [];
    for (const name in query) {
      const field = this.#query.get(name);
      if (field) values[field.name] = converted(field, query[name]!);
      else problems.push(this.#unknown(name));
    }
    problems.push(...this.#validate(values));
    if (problems.length > 0) refuseRequest(problems);
    return values;
  }

  #unknown(name: string): FieldProblem {
    const names = [...this.#query.keys()];
    const meant = closestName(name, names);
    const known = names.length === 0 ? 'There are none here.' : `There are: ${names.join(', ')}.`;
    const advice = meant === undefined ? known : `Did you mean "${meant}"?`;
    const shown = name.slice(0, 100);
    const message = `There is no query parameter "${shown}" here. ${advice}`;
    return { pointer: `/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`, code: 'unknown-parameter', message };
  }
}

/** Fields in the path. */
export const pathFields = (method: ContractMethod, { path }: Binding): readonly FieldShape[] =>
  method.request.fields.filter(({ name }) => path.variables.includes(name));

/** Fields in the query: what is neither in the path nor in the body. */
export const queryFields = (method: ContractMethod, { path, body }: Binding): readonly FieldShape[] =>
  body === '*' || method.transfer === optionsV1.Transfer.TRANSFER_UPLOAD
    ? []
    : sentFields(method.request).filter(
        ({ name, kind }) => !path.variables.includes(name) && name !== body && kind !== 'bytes',
      );

/** Text becomes the field's type where it can; where it cannot, validation says what is wrong. */
const converted = (field: FieldShape, text: string | readonly string[]): unknown => {
  if (field.repeated) return listed(field, text).map((each) => convertedValue(field, each));
  return typeof text === 'string' ? convertedValue(field, text) : text;
};

/** What is one of a few names has no comma in it: several may be written in one. */
const listed = ({ rules }: FieldShape, text: string | readonly string[]): readonly string[] => {
  const texts = typeof text === 'string' ? [text] : text;
  return rules.in.length === 0 ? texts : texts.flatMap((each) => each.split(','));
};

const NUMBER = /^-?\d{1,17}(\.\d{1,17})?$/;

const convertedValue = ({ kind }: FieldShape, text: string): unknown => {
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (kind === 'integer' || kind === 'number') return NUMBER.test(text) ? Number(text) : text;
  return text;
};
