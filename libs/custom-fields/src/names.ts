/** What the contract calls all of a record's custom fields together. */
export const CUSTOM = 'custom';

const START = `${CUSTOM}.`;

type Values = Readonly<Record<string, unknown>>;

/**
 * What events and states call one of them: `custom.priority`, a field of the record like any other. So each is edited, undone,
 * hidden, and told of in a history by itself.
 */
export const customName = (key: string): string => START + key;

export const isCustomName = (name: string): boolean => name.startsWith(START);

/** `priority` of `custom.priority`. */
export const keyOfName = (name: string): string => name.slice(START.length);

/** Of values by their keys, as records keep them. */
export const flat = (custom: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(custom).map(([key, value]) => [customName(key), value]));

/** As the contract shows them, under `custom`. The same object where there are none. */
export const nested = <T extends object>(fields: T, isShown: (key: string) => boolean = () => true): T => {
  let custom: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) if (isCustomName(name)) custom ??= {};
  if (custom === undefined) return fields;
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!isCustomName(name)) rest[name] = value;
    else if (isShown(keyOfName(name))) custom[keyOfName(name)] = value;
  }
  return (Object.keys(custom).length === 0 ? rest : { ...rest, [CUSTOM]: custom }) as T;
};

/** `address.city`, or `custom.priority`, of what there is of it; of `custom` all that is there. */
export const valueAt = (state: unknown, path: string): unknown => {
  if (typeof state !== 'object' || state === null) return undefined;
  if (path === CUSTOM) return allIn(state);
  const [first, second, ...rest] = path.split('.') as [string, ...string[]];
  const isCustom = first === CUSTOM && second !== undefined;
  const steps = isCustom ? [customName(second), ...rest] : [first, ...(second === undefined ? [] : [second]), ...rest];
  return steps.reduce<unknown>((value, name) => (value as Values | null | undefined)?.[name], state);
};

const allIn = (state: object): Values | undefined => {
  const entries = Object.entries(state).filter(([name]) => isCustomName(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};
