import { resolve } from 'node:path';
import type { Setting } from './setting.js';

/** `default: null` makes a setting optional: its value is null when unset. */
interface Options<D> {
  readonly default: D;
}

interface Bounds<D> extends Options<D> {
  readonly min?: number;
  readonly max?: number;
}

type Optional<T, D> = D extends null ? T | null : T;

export const string = <D extends string | null>(variable: string, description: string, options: Options<D>) =>
  setting<string, D>(variable, description, options, { allowed: 'any text', parse: (text) => text });

/** A setting without which there is no start. */
export const required = <T>(optional: Setting<T | null>): Setting<T> => ({
  ...optional,
  default: undefined,
  written: '',
});

/** Like {@link string}, but its value never appears in an error or a table. */
export const secret = <D extends string | null>(
  variable: string,
  description: string,
  options: Options<D> & { readonly minLength?: number },
) => {
  const { minLength } = options;
  const allowed = minLength === undefined ? 'any text' : `${minLength} or more visible characters`;
  const isAllowed = (text: string): boolean =>
    minLength === undefined || (text.length >= minLength && /^[!-~]+$/.test(text));
  const parse = (text: string): string | undefined => (isAllowed(text) ? text : undefined);
  return {
    ...setting<string, D>(variable, description, options, { allowed: `${allowed}, kept secret`, parse }),
    secret: true,
  };
};

/** A file or folder; a relative one starts from the working directory. The value is absolute. */
export const path = <D extends string | null>(variable: string, description: string, options: Options<D>) => {
  const given = setting<string, D>(variable, description, options, {
    allowed: 'a path',
    parse: (text) => resolve(text),
  });
  const absolute = (options.default === null ? null : resolve(options.default)) as Optional<string, D>;
  return { ...given, default: absolute };
};

const TRUE = new Set(['true', 'on', 'yes', '1']);
const FALSE = new Set(['false', 'off', 'no', '0']);

export const boolean = <D extends boolean | null>(variable: string, description: string, options: Options<D>) =>
  setting<boolean, D>(variable, description, options, {
    allowed: 'on or off (also true, yes, 1, false, no, 0)',
    parse: (text) => (TRUE.has(text.toLowerCase()) ? true : FALSE.has(text.toLowerCase()) ? false : undefined),
    write: (value) => (value ? 'on' : 'off'),
  });

export const oneOf = <const T extends string, const D extends T | null>(
  variable: string,
  description: string,
  options: Options<D> & { readonly values: readonly T[] },
) =>
  setting<T, D>(variable, description, options, {
    allowed: `one of ${options.values.join(', ')}`,
    parse: (text) => options.values.find((value) => value === text),
  });

/** Where days begin and end. */
export const timeZone = (variable: string, description: string, options: Options<string>) =>
  setting<string, string>(variable, description, options, {
    allowed: 'a name of the IANA time zone database, such as America/Los_Angeles or UTC',
    parse: (text) => (isTimeZone(text) ? text : undefined),
  });

export const integer = <D extends number | null>(variable: string, description: string, options: Bounds<D>) =>
  setting<number, D>(variable, description, options, {
    allowed: `a whole number${bounds(options, String)}`,
    parse: (text) => within(/^-?\d{1,15}$/.test(text) ? Number(text) : undefined, options),
  });

const isTimeZone = (name: string): boolean => {
  // Offsets are none: they know no summer.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const DURATIONS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZES = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const;

/** `250ms`, `30s`, `5m`, `2h`, `7d`; the value is in milliseconds. */
export const duration = <D extends number | null>(variable: string, description: string, options: Bounds<D>) =>
  measure<D>({ variable, description, options, units: DURATIONS, kind: 'a duration such as 250ms, 30s, 5m, 2h or 7d' });

/** `512B`, `64KiB`, `64MiB`, `2GiB`; the value is in bytes. */
export const size = <D extends number | null>(variable: string, description: string, options: Bounds<D>) =>
  measure<D>({ variable, description, options, units: SIZES, kind: 'a size such as 512B, 64KiB, 64MiB or 2GiB' });

interface Measure<D> {
  readonly variable: string;
  readonly description: string;
  readonly options: Bounds<D>;
  readonly units: Readonly<Record<string, number>>;
  readonly kind: string;
}

const measure = <D extends number | null>({ variable, description, options, units, kind }: Measure<D>) => {
  const write = (value: number): string => {
    const [unit, factor] = Object.entries(units).findLast(([, each]) => value % each === 0) ?? ['', 1];
    return `${value / factor}${unit}`;
  };
  const parse = (text: string): number | undefined => {
    const [, amount, unit = ''] = /^(\d{1,12})([a-zA-Z]+)$/.exec(text) ?? [];
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    return within(factor === undefined ? undefined : Number(amount) * factor, options);
  };
  return setting<number, D>(variable, description, options, {
    allowed: `${kind}${bounds(options, write)}`,
    parse,
    write,
  });
};

interface Reading<T> {
  readonly allowed: string;
  readonly parse: (text: string) => T | undefined;
  readonly write?: (value: T) => string;
}

const setting = <T, D extends T | null>(
  variable: string,
  description: string,
  options: Options<D>,
  { allowed, parse, write = String }: Reading<T>,
): Setting<Optional<T, D>> => ({
  variable,
  description,
  default: options.default as unknown as Optional<T, D>,
  allowed,
  secret: false,
  parse: parse as Setting<Optional<T, D>>['parse'],
  written: options.default === null ? '' : write(options.default),
});

const within = (value: number | undefined, { min, max }: Bounds<unknown>): number | undefined =>
  value === undefined || value < (min ?? -Infinity) || value > (max ?? Infinity) ? undefined : value;

const bounds = ({ min, max }: Bounds<unknown>, write: (value: number) => string): string => {
  if (min !== undefined && max !== undefined) return ` from ${write(min)} to ${write(max)}`;
  if (min !== undefined) return `, at least ${write(min)}`;
  return max === undefined ? '' : `, at most ${write(max)}`;
};
