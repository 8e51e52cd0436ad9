import { compile } from '../filter/predicate.js';
import type { Collection, CollectionDeclaration, Document } from '../read-model-store.js';
import { keyOf } from '../read-model-store.js';
import { checkScope, type Scope } from './scope.js';
import { checkRows } from './scoped-filter.js';

/** A document as a reader sees it; undefined for one out of sight, which nothing tells from a missing one. */
export const visible = <D extends object>(
  scope: Scope,
  { fields }: Pick<CollectionDeclaration, 'fields'>,
  document: D | null | undefined,
): D | undefined => {
  const { rows } = checkScope(scope);
  if (document === null || document === undefined) return undefined;
  if (rows && !compile(checkRows(rows, fields), fields)(document)) return undefined;
  return shown(scope, document);
};

/** A document that is in sight, without its hidden fields. The same object where nothing is hidden. */
export const shown = <D extends object>({ hidden }: Scope, document: D): D =>
  hidden.length === 0 ? document : hidden.reduce((rest, path) => without(rest, path.split('.')) as D, document);

/** Lists are looked through: a field that is hidden is so in each of their elements. */
const without = (value: unknown, path: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((element) => without(element, path));
  const [name, ...rest] = path as readonly [string, ...string[]];
  if (typeof value !== 'object' || value === null) return value;
  if (!Object.hasOwn(value, name)) return withoutOpen(value, name, rest);
  const { [name]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...value, [name]: without(inner, rest) };
};

/** Fields of tenants are properties of two names: `custom.priority`, and all of them where `custom` is hidden. */
const withoutOpen = (value: object, name: string, [second, ...rest]: readonly string[]): unknown => {
  const start = `${name}.`;
  if (second !== undefined)
    return Object.hasOwn(value, start + second) ? without(value, [start + second, ...rest]) : value;
  const names = Object.keys(value);
  if (!names.some((each) => each.startsWith(start))) return value;
  return Object.fromEntries(Object.entries(value).filter(([each]) => !each.startsWith(start)));
};

/** {@link Documents.getMany} for engines: in one read. */
export const getMany = async <D extends Document>(
  collection: Pick<Collection<D>, 'declaration' | 'load'>,
  scope: Scope,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, D>> => {
  const { tenant } = checkScope(scope);
  const wanted = [...new Set(ids)];
  const found = new Map<string, D>();
  if (wanted.length === 0) return found;
  const stored = await collection.load(wanted.map((id) => ({ tenant, id })));
  for (const id of wanted) {
    const document = visible(scope, collection.declaration, stored.get(keyOf({ tenant, id }))?.document);
    if (document) found.set(id, document);
  }
  return found;
};
