/** Names of the personal fields of each aggregate: `{ contact: ['firstName', 'email'] }`. */
export type PersonalFields = Readonly<Record<string, readonly string[]>>;

/** An event's data in two parts: what everybody may keep, and the personal values as the JSON text of path → value. */
export interface Parted {
  readonly open: object;
  readonly personal: string;
}

/**
 * Takes out every property with one of the names, at any depth, with all that is in it. The data itself is not changed.
 * `undefined` when there is none.
 */
export const partPersonal = (data: object, names: ReadonlySet<string>): Parted | undefined => {
  const found = new Map<string, unknown>();
  const open = without(data, names, '', found);
  return found.size === 0 ? undefined : { open, personal: JSON.stringify(Object.fromEntries(found)) };
};

/** The opposite of {@link partPersonal}; a new object, which shares what it has not changed with `open`. */
export const joinPersonal = (open: object, personal: string): object => {
  const values = JSON.parse(personal) as Record<string, unknown>;
  const root = copyOf(open);
  const copies = new Set<object>([root]);
  for (const path of Object.keys(values)) put(root, path, values[path], copies);
  return root;
};

/** Puts what it leaves out into `found`, by path. */
const without = (value: object, names: ReadonlySet<string>, path: string, found: Map<string, unknown>): object => {
  if (Array.isArray(value)) {
    return value.map((inner: unknown, n) =>
      isContainer(inner) ? without(inner, names, `${path}${n}/`, found) : inner,
    );
  }
  const rest: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    if (inner !== undefined && names.has(name)) found.set(path + escaped(name), inner);
    else setOwn(rest, name, isContainer(inner) ? without(inner, names, `${path}${escaped(name)}/`, found) : inner);
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
