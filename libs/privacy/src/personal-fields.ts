/** A personal field: about the record it belongs to, or about the person whose id another field holds; about all, where it holds several. */
export type PersonalField = string | { readonly name: string; readonly about: string };

/** Personal fields of each aggregate: `{ contact: ['firstName'], note: [{ name: 'text', about: 'contactId' }] }`. */
export type PersonalFields = Readonly<Record<string, readonly PersonalField[]>>;

/** Name of a personal field → the field with the person's id; undefined where it is about the record itself. */
export type FieldsByName = ReadonlyMap<string, string | undefined>;

export const byName = (fields: readonly PersonalField[]): FieldsByName =>
  new Map(fields.map((field) => (typeof field === 'string' ? [field, undefined] : [field.name, field.about])));

/**
 * An event's data in parts: what everybody may keep, and the personal values as the JSON text of path → value, by whom they are
 * about ({@link idsOf}).
 */
export interface Parted {
  readonly open: object;
  readonly personal: ReadonlyMap<People, string>;
}

/** Ids of one person, or of several together, each once: as one text, so that the same people are the same key. */
export type People = string;

export const peopleOf = (ids: readonly string[]): People => [...new Set(ids)].sort().join('\n');

/** Ids hold no line breaks. */
export const idsOf = (people: People): readonly [string, ...string[]] =>
  people.split('\n') as unknown as readonly [string, ...string[]];

/** The people that a field `about` names, beside which it stands; undefined where nobody is named. */
export type PersonNamed = (about: string, beside: object) => People | undefined;

/**
 * Takes out every property with one of the names, or `name.more`, at any depth, with all that is in it. The data itself is not changed.
 * `undefined` when there is none.
 * @param record whom a field is about that names nobody
 * @param inClear names of properties that are left where they are
 */
export const partPersonal = (
  data: object,
  fields: FieldsByName,
  record: string,
  named: PersonNamed = nobody,
  inClear: readonly string[] = NONE,
): Parted | undefined => {
  const found = new Map<string, Record<string, unknown>>();
  const take: Take = (name, path, value, beside) => {
    const about = fields.get(familyOf(name, fields));
    const person = (about === undefined ? undefined : named(about, beside)) ?? record;
    let values = found.get(person);
    if (values === undefined) found.set(person, (values = {}));
    setOwn(values, path, value);
  };
  const open = without(data, { fields, inClear, take }, '');
  if (found.size === 0) return undefined;
  return { open, personal: new Map([...found].map(([person, values]) => [person, JSON.stringify(values)])) };
};

const nobody: PersonNamed = () => undefined;
const NONE: readonly string[] = [];

/** `custom.nickname` is one of the fields that are personal under the name `custom`. */
const familyOf = (name: string, fields: FieldsByName): string => {
  const dot = fields.has(name) ? -1 : name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
};

type Take = (name: string, path: string, value: unknown, beside: object) => void;

/** The opposite of {@link partPersonal}; a new object, which shares what it has not changed with `open`. */
export const joinPersonal = (open: object, personal: string): object => {
  const values = JSON.parse(personal) as Record<string, unknown>;
  const root = copyOf(open);
  const copies = new Set<object>([root]);
  for (const path of Object.keys(values)) put(root, path, values[path], copies);
  return root;
};

interface Parting {
  readonly fields: FieldsByName;
  /** Names that look personal and are not. */
  readonly inClear: readonly string[];
  /** Is handed what is left out. */
  readonly take: Take;
}

const without = (value: object, parting: Parting, path: string): object => {
  if (Array.isArray(value)) {
    return value.map((inner: unknown, n) => (isContainer(inner) ? without(inner, parting, `${path}${n}/`) : inner));
  }
  const { fields, inClear, take } = parting;
  const rest: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    const isPersonal = inner !== undefined && fields.has(familyOf(name, fields)) && !inClear.includes(name);
    if (isPersonal) take(name, path + escaped(name), inner, value);
    else setOwn(rest, name, isContainer(inner) ? without(inner, parting, `${path}${escaped(name)}/`) : inner);
  }
  return rest;
};

/** What has its own JSON form (a Date) is a value, not a container. */
const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !('toJSON' in value);

const put = (root: object, path: string, value: unknown, copies: Set<object>): void => {
  const names = path.split('/');
  let container = root as Record<string, unknown>;
  for (let n = 0; n < names.length - 1; n += 1) container = ownCopy(container, unescaped(names[n]!), copies);
  setOwn(container, unescaped(names.at(-1)!), value);
};

const ownCopy = (container: Record<string, unknown>, name: string, copies: Set<object>): Record<string, unknown> => {
  const inner = container[name] as Record<string, unknown>;
  if (copies.has(inner)) return inner;
  const copy = copyOf(inner) as Record<string, unknown>;
  copies.add(copy);
  setOwn(container, name, copy);
  return copy;
};

const copyOf = (value: object): object => (Array.isArray(value) ? [...(value as unknown[])] : { ...value });

/** A plain assignment to `__proto__` would set the prototype. */
const setOwn = (object: Record<string, unknown>, name: string, value: unknown): void => {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
};

/** As in JSON pointers. */
const escaped = (name: string): string =>
  name.includes('/') || name.includes('~') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;

const unescaped = (name: string): string =>
  name.includes('~') ? name.replaceAll('~1', '/').replaceAll('~0', '~') : name;
