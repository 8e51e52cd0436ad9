import { contexts } from '@rapport/contexts';
import { optionsV1 } from '@rapport/contracts';
import type { FieldShape, MessageShape } from '@rapport/service-kit';
import fc from 'fast-check';
import { kinds, namedBy, type Path } from './contract-paths.js';

const { Route, Transfer } = optionsV1;

/** The id of a record that each world has one of; worlds say which id that is there. */
export class Ref {
  constructor(
    /** Of which kind; of any where it is none that is known. */
    readonly kind: string,
    readonly n: number,
  ) {}
}

/** What is asked, the same in every world. */
export interface DrawnRequest {
  /** By its name. */
  readonly to: string;
  /** Of path and query. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Says which part of the contract the test cannot ask for: whoever adds a method tells in its rules what a value looks like. */
export class Unclassified extends Error {}

const TEXTS = ['seen', 'unseen-a', 'unseen-b'] as const;
const DAYS = ['2000-01-01', '2030-01-01', '2100-01-01'] as const;
/** What stands in lists and searches for records. */
const PAGING = new Set(['cursor', 'after', 'page']);
const MOST_DEPTH = 4;

/** A request of a path, from nothing but what the contract says of it. */
export const requestTo = (path: Path): fc.Arbitrary<DrawnRequest> => {
  const { method, binding } = path;
  const inPath = new Set(binding.path.variables);
  const fields = method.request.fields.filter(({ name }) => !PAGING.has(name));
  const isBody = (field: FieldShape): boolean =>
    !inPath.has(field.name) && (binding.body === '*' || binding.body === field.name);
  const parameters = fields.filter((field) => !isBody(field) && field.name !== 'updateMask' && field.kind !== 'bytes');
  const inQuery = path.isRead ? parameters : parameters.filter(({ name }) => inPath.has(name));
  const draw = (field: FieldShape) => valueOf(field, path, isNeeded(field) || inPath.has(field.name));
  const drawnOf = (named: readonly FieldShape[]) =>
    fc.record(Object.fromEntries(named.map((field) => [field.name, draw(field)])));
  const whole = binding.body === '*' ? drawnOf(fields.filter(isBody)) : undefined;
  const one = fields.find(({ name }) => name === binding.body && name !== '')?.message;
  const body = isUpload(path)
    ? fc.constantFrom('name\nunseen-a\n')
    : (whole ?? (one ? messageOf(one, path) : fc.constant(undefined)));
  return fc.record({ to: fc.constant(path.name), parameters: drawnOf(inQuery), body });
};

export const isUpload = ({ method }: Path): boolean => method.transfer === Transfer.TRANSFER_UPLOAD;
export const isStream = ({ method }: Path): boolean => method.transfer === Transfer.TRANSFER_SERVER_SENT_EVENTS;

const isNeeded = ({ rules }: FieldShape): boolean => rules.required;

const messageOf = (shape: MessageShape, path: Path, depth = 0): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      shape.fields
        .filter(({ rules }) => !rules.outputOnly)
        .map((field) => [field.name, valueOf(field, path, isNeeded(field), depth + 1)]),
    ),
  );

const valueOf = (field: FieldShape, path: Path, needed: boolean, depth = 0): fc.Arbitrary<unknown> => {
  if (depth > MOST_DEPTH) return fc.constant(undefined);
  const one = oneOf(field, path, depth);
  const many = field.map
    ? fc.constant({})
    : field.repeated
      ? fc.array(one, { minLength: needed ? 1 : 0, maxLength: 2 })
      : one;
  return needed ? many : fc.option(many, { nil: undefined, freq: 2 });
};

const oneOf = (field: FieldShape, path: Path, depth: number): fc.Arbitrary<unknown> => {
  const { kind, message, rules } = field;
  if (kind === 'message') return messageOf(message!, path, depth);
  if (kind === 'boolean') return fc.boolean();
  if (kind === 'json' || kind === 'object') return fc.constant({});
  if (kind === 'bytes') return fc.constant('');
  if (kind === 'string') return textOf(field, path);
  const min = Math.max(rules.minimum ?? 0, 0);
  return fc.integer({ min, max: Math.min(rules.maximum ?? Infinity, min + 500) });
};

const textOf = (field: FieldShape, path: Path): fc.Arbitrary<unknown> => {
  const { name, rules, route } = field;
  if (route === Route.ROUTE_CONTEXT) return fc.constantFrom(...contexts.map((context) => context.name));
  if (route === Route.ROUTE_IMPORT_KIND) return fc.constantFrom(...contexts.flatMap(({ importKinds }) => importKinds));
  if (name === 'filter') return filterOf(path);
  if (name === 'sort') return fc.constantFrom(...listed(path)).chain((by) => fc.constantFrom(by, `-${by}`));
  if (rules.in.length > 0) return fc.constantFrom(...rules.in);
  if (rules.format !== '') return formatted(field, path);
  if (rules.example !== '') return fc.constant(rules.example);
  if (rules.maxLength > 0 && rules.pattern === '')
    return fc.constantFrom(...TEXTS.map((text) => text.slice(0, rules.maxLength)));
  if (OPAQUE.has(name)) return fc.constantFrom('unknown');
  throw new Unclassified(
    `${path.method.service}/${path.method.name} asks for "${name}" and says nothing of what that looks like: give the field a ` +
      'format, an example, a length or the values that there are (rapport.options.v1.rules).',
  );
};

/** Names that only what is answered tells, and no rule. */
const OPAQUE = new Set(['projection', 'follower', 'updateMask', 'id', 'columns']);

const formatted = ({ name, rules: { format } }: FieldShape, path: Path): fc.Arbitrary<unknown> => {
  if (format === 'uuid') {
    const ofPath = kinds.find((kind) => path.name.includes(` ${kind.path}/`))?.name ?? 'any';
    const kind =
      name === 'id'
        ? ofPath
        : kinds.some((each) => each.name === namedBy({ name } as FieldShape))
          ? namedBy({ name } as FieldShape)
          : 'any';
    return fc.nat({ max: 11 }).map((n) => new Ref(name === 'eventId' ? 'event' : kind, n));
  }
  const drawn: Readonly<Record<string, readonly string[]>> = {
    date: DAYS,
    instant: [...DAYS, '2100-01-01T00:00:00Z'],
    'date-time': ['2100-01-01T00:00:00Z'],
    email: ['seen@example.com', 'unseen-a@example.com', 'unseen-b@example.com'],
    phone: ['+1 212 555 0100'],
    uri: ['https://example.com'],
    currency: ['USD', 'EUR'],
  };
  const values = drawn[format];
  if (!values) throw new Unclassified(`The test knows no "${format}" (field "${name}").`);
  return fc.constantFrom(...values);
};

const filterOf = (path: Path): fc.Arbitrary<string> =>
  fc
    .constantFrom(...listed(path))
    .chain((field) =>
      fc.constantFrom(
        `${field}:*`,
        `NOT ${field}:*`,
        ...TEXTS.flatMap((text) => [`${field}:"${text}"`, `${field} != "${text}"`]),
        `${field} > 2`,
        `${field} <= 3`,
      ),
    );

/** What its lists can be asked by; for figures, what lists of records can. */
const listed = ({ shows }: Path): readonly string[] => {
  const known = shows ? fieldsIn(shows) : [];
  return known.length > 0
    ? [...known, 'emailKey', 'createdAt']
    : kinds.filter(({ isOwned }) => isOwned).flatMap(({ shape }) => fieldsIn(shape));
};

export const fieldsIn = ({ fields }: MessageShape): readonly string[] =>
  fields.flatMap(({ name, message }) =>
    name === 'info' ? [] : message ? message.fields.map((inner) => `${name}.${inner.name}`) : [name],
  );
