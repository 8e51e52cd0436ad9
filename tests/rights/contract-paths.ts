import { SELF } from '@rapport/access';
import { type Binding, type ContractMethod, pathWith, readContract, routerPath } from '@rapport/gateway';
import { contractRegistry, type FieldShape, type MessageShape } from '@rapport/service-kit';

/** One way to one method of the contract. */
export interface Path {
  readonly method: ContractMethod;
  readonly binding: Binding;
  /** `GET /v1/contacts/:id` */
  readonly name: string;
  readonly isRead: boolean;
  /** What its answers show one of, or a list of. */
  readonly shows: MessageShape | undefined;
}

/** A kind of record, as its service makes it known: it can be created. */
export interface Kind {
  /** `contact` */
  readonly name: string;
  /** `/v1/contacts` */
  readonly path: string;
  readonly shape: MessageShape;
  /** Has an owner and a team: what somebody sees of it may be a part. */
  readonly isOwned: boolean;
}

const methods = readContract(contractRegistry).services.flatMap((service) => service.methods);

/** Only services call these, and none of them with what a client said. */
export const inside: readonly ContractMethod[] = methods.filter(({ bindings }) => bindings.length === 0);

const shownBy = ({ fields, name }: MessageShape): MessageShape | undefined => {
  const data = fields.find((field) => field.name === 'data' && field.repeated)?.message;
  return data ?? (name.endsWith('Response') ? undefined : ({ fields } as MessageShape));
};

/** Every way that `proto/` declares. */
export const paths: readonly Path[] = methods.flatMap((method) =>
  method.bindings.map((binding) => ({
    method,
    binding,
    name: `${binding.httpMethod} ${routerPath(binding.path)}${verbBehindVariable(binding)}`,
    isRead: binding.httpMethod === 'GET',
    shows: shownBy(method.response),
  })),
);

function verbBehindVariable({ path }: Binding): string {
  return path.verb !== undefined && path.segments.at(-1)?.variable !== undefined ? `:${path.verb}` : '';
}

export const pathNamed = (name: string): Path => paths.find((path) => path.name === name)!;

/** Whom it is about in other messages: `account` in `accountId`. */
export const namedBy = (field: FieldShape): string => field.name.replace(/Ids?$/, '');

/** Every kind of record whose sight roles decide, those first that others speak of. What is one's own anyway asks for no role. */
export const kinds: readonly Kind[] = inOrder(
  methods.flatMap(({ name, response, bindings, request, permission }): Kind[] => {
    const noun = /^Create(\w+)$/.exec(name)?.[1];
    const [binding] = bindings;
    // Beside the record a request may say what the answer is to tell of it.
    const isRecord =
      request.fields[0]?.message === response && request.fields.slice(1).every(({ message }) => !message);
    if (permission === SELF || noun === undefined || !binding || !isRecord || binding.path.variables.length > 0)
      return [];
    const has = (field: string): boolean => response.fields.some((each) => each.name === field);
    return [
      {
        name: noun[0]!.toLowerCase() + noun.slice(1),
        path: pathWith(binding.path, {}),
        shape: response,
        isOwned: has('ownerId') && has('teamId'),
      },
    ];
  }),
);

/** `{ kind, id }` of records of several kinds. */
function relatesTo({ message }: FieldShape, { name }: Kind): boolean {
  return message?.fields.some((field) => field.name === 'kind' && field.rules.in.includes(name)) ?? false;
}

function inOrder(all: readonly Kind[]): readonly Kind[] {
  const isAfter = ({ name, shape }: Kind, other: Kind): boolean =>
    name !== other.name && shape.fields.some((field) => namedBy(field) === other.name || relatesTo(field, other));
  const ordered: Kind[] = [];
  const add = (kind: Kind): void => {
    if (ordered.includes(kind)) return;
    for (const other of all) if (isAfter(kind, other)) add(other);
    ordered.push(kind);
  };
  for (const kind of all) add(kind);
  return ordered;
}
