import { sameValue } from '@rapport/kernel';
import { type Attribute, attributesOn, named, type Resource, type ResourceType } from './attribute.js';
import { type Filter, parseFilter } from './filter.js';
import { matches, pathsWithin } from './matching.js';
import { isObject, readValue, requireComplete, requireSchema, valueCalled, withOnePrimary } from './reading.js';
import { invalid } from './scim-error.js';

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Op = 'add' | 'replace' | 'remove';

/** Where an operation does something. */
interface Target {
  readonly on: readonly Attribute[];
  /** Which values of the last attribute, and which part of them: `emails[type eq "work"].value`. */
  readonly filter?: Filter;
  readonly part?: Attribute;
}

/**
 * A resource with all operations of a body done, in their order (RFC 7644, section 3.5.2). The given one stays as it is: one that
 * cannot be done leaves everything undone.
 * @throws ScimError
 */
export const patched = (resource: Resource, body: unknown, type: ResourceType): Resource => {
  if (!isObject(body)) throw invalid('invalidSyntax', 'The body has to be a JSON object.');
  requireSchema(body, PATCH_OP);
  const operations = valueCalled(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0)
    throw invalid('invalidSyntax', '"Operations" has to be a list of at least one.');
  const after = operations.reduce<Resource>((each, operation) => withOperation(each, operation, type), resource);
  requireComplete(after, type);
  return after;
};

const withOperation = (resource: Resource, operation: unknown, type: ResourceType): Resource => {
  if (!isObject(operation)) throw invalid('invalidSyntax', 'Each operation has to be a JSON object.');
  const op = String(valueCalled(operation, 'op')).toLowerCase();
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw invalid('invalidSyntax', '"op" has to be add, replace or remove.');
  const [path, value] = [valueCalled(operation, 'path'), valueCalled(operation, 'value')];
  if (op !== 'remove' && value === undefined) throw invalid('invalidValue', `"${op}" needs a "value".`);
  if (path !== undefined && path !== null && path !== '') return at(targetOf(path, type), op, value, resource);
  if (op === 'remove') throw invalid('noTarget', '"remove" needs a "path".');
  return withAll(resource, op, value, type);
};

/** Without a path the value is a part of a resource; what it repeats of what is read-only is no change. */
const withAll = (resource: Resource, op: Op, value: unknown, type: ResourceType): Resource => {
  if (!isObject(value)) throw invalid('invalidValue', 'Without a "path" the value has to be an object.');
  return Object.entries(value).reduce((each, [name, given]) => {
    const on = attributesOn(name, type);
    return on && isWritable(on) ? at({ on }, op, given, each) : each;
  }, resource);
};

const isWritable = (on: readonly Attribute[]): boolean => on.every(({ mutability }) => mutability !== 'readOnly');

const VALUE_PATH = /^([^[\]]+)\[(.*)\](?:\.([\w$-]+))?$/s;

const targetOf = (path: unknown, type: ResourceType): Target => {
  const text = String(path).trim();
  const [, outer, inner, part] = VALUE_PATH.exec(text) ?? [];
  const on = attributesOn(outer ?? text, type);
  const last = on?.at(-1);
  if (!on || !last) throw invalid('invalidPath', `There is no attribute ${text.slice(0, 200)}.`);
  if (!isWritable(on)) throw invalid('mutability', `${text.slice(0, 200)} is read-only.`);
  if (inner === undefined) return { on };
  const filter = parseFilter(inner);
  const sub = part === undefined ? undefined : named(last.subAttributes ?? [], part);
  if (!last.multiValued || (part !== undefined && !sub))
    throw invalid('invalidPath', `${text.slice(0, 200)} leads nowhere.`);
  return { on, filter, ...(sub && { part: sub }) };
};

/** Goes down to the last attribute of the path, and makes what is missing on the way. */
const at = ({ on, ...which }: Target, op: Op, value: unknown, container: Resource): Resource => {
  const [attribute, ...below] = on as [Attribute, ...Attribute[]];
  const { name } = attribute;
  const before = container[name];
  if (below.length === 0) return withPart(container, attribute, changed(attribute, op, value, before, which));
  const inner = (each: Resource): Resource => at({ on: below, ...which }, op, value, each);
  if (!attribute.multiValued) return withPart(container, attribute, inner((before ?? {}) as Resource));
  const values = (before ?? (op === 'remove' ? [] : [{}])) as readonly Resource[];
  return withPart(container, attribute, values.map(inner));
};

const withPart = (container: Resource, { name, required }: Attribute, value: unknown): Resource => {
  const isEmpty = value === undefined || (isObject(value) && Object.keys(value).length === 0);
  const isNone = isEmpty || (Array.isArray(value) && value.length === 0);
  if (isNone && required) throw invalid('mutability', `"${name}" is required and cannot be removed.`);
  const { [name]: _, ...rest } = container;
  return isNone ? rest : { ...rest, [name]: value };
};

/** What the attribute at the end of a path has afterwards. */
const changed = (
  attribute: Attribute,
  op: Op,
  value: unknown,
  before: unknown,
  { filter, part }: Omit<Target, 'on'>,
): unknown => {
  const values = (before ?? []) as readonly Resource[];
  if (filter) return withChosen(values, attribute, op, value, { filter, ...(part && { part }) });
  if (op === 'remove') return value === undefined || value === null ? undefined : without(values, attribute, value);
  const given = readValue(value, attribute);
  if (attribute.multiValued) return op === 'replace' ? given : joined(values, (given ?? []) as readonly Resource[]);
  return isObject(given) && isObject(before) ? { ...before, ...given, ...emptied(value, attribute) } : given;
};

/** Parts that are given as null are taken away. */
const emptied = (value: unknown, { subAttributes = [] }: Attribute): Resource =>
  Object.fromEntries(
    Object.entries(value as Resource).flatMap(([name, given]) => {
      const part = named(subAttributes, name);
      return part && given === null ? [[part.name, undefined]] : [];
    }),
  );

/** Some directories name the values that go in `value`, not in the path. */
const without = (values: readonly Resource[], attribute: Attribute, value: unknown): unknown => {
  if (!attribute.multiValued) return undefined;
  const given = (readValue(value, attribute) ?? []) as readonly Resource[];
  return values.filter((each) => !given.some((gone) => isLike(each, gone)));
};

const isLike = (value: Resource, other: Resource): boolean =>
  Object.entries(other).every(
    ([name, part]) => name.startsWith('$') || name === 'display' || sameValue(value[name], part),
  );

const joined = (values: readonly Resource[], given: readonly Resource[]): readonly Resource[] => {
  const added = given.filter((each) => !values.some((known) => isSame(known, each)));
  return withOnePrimary([...values, ...added]);
};

/** A member is one however it is described. */
const isSame = (one: Resource, other: Resource): boolean =>
  sameValue(one, other) || (isObject(one) && one['$ref'] !== undefined && isLike(one, other));

type Chosen = Required<Pick<Target, 'filter'>> & Pick<Target, 'part'>;

const withChosen = (
  values: readonly Resource[],
  attribute: Attribute,
  op: Op,
  value: unknown,
  { filter, part }: Chosen,
): unknown => {
  const isChosen = (each: Resource): boolean => matches(filter, each, pathsWithin(attribute));
  if (op === 'remove' && !part) return values.filter((each) => !isChosen(each));
  const present = values.some(isChosen) || op === 'remove' ? values : [...values, made(filter, attribute, op)];
  let preferred: number | undefined;
  const after = present.map((each, n) => {
    if (!isChosen(each)) return each;
    preferred = n;
    if (part) return withPart(each, part, op === 'remove' ? undefined : readValue(value, part));
    const [given = {}] = (readValue(value, attribute) ?? []) as readonly Resource[];
    return op === 'add' ? { ...each, ...given } : given;
  });
  return withOnePrimary(
    after.filter((each) => Object.keys(each).length > 0),
    preferred,
  );
};

/** A new value that is what the filter asks for: directories add a work address by `emails[type eq "work"].value`. */
const made = (filter: Filter, attribute: Attribute, op: Op): Resource => {
  const parts = filter.is === 'and' ? filter.parts : [filter];
  const said = parts.flatMap((each) => (each.is === 'compared' && each.by === 'eq' ? [[each.path, each.value]] : []));
  if (op === 'replace' || said.length < parts.length)
    throw invalid('noTarget', `No value of "${attribute.name}" is what the path asks for.`);
  const [value = {}] = (readValue(Object.fromEntries(said), attribute) ?? []) as readonly Resource[];
  return value;
};
