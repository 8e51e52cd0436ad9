/** One configuration variable: how its text is read and how it is described. */
export interface Setting<T> {
  /** Name in the environment: `RAPPORT_HTTP_PORT`. */
  readonly variable: string;
  /** One sentence for the documentation table. */
  readonly description: string;
  /** Used when the variable is unset or empty; null says that there is none, undefined that the variable must be set. */
  readonly default: T | undefined;
  /** What is allowed, for people: `a whole number from 1 to 65535`. */
  readonly allowed: string;
  /** Never shown, neither in errors nor in tables. */
  readonly secret: boolean;
  /** The value, or undefined when the text is not allowed. */
  readonly parse: (text: string) => NonNullable<T> | undefined;
  /** The default as one would write it; empty when there is none. */
  readonly written: string;
}

export type Schema = Readonly<Record<string, Setting<unknown>>>;

/** The typed object that a schema gives. */
export type Config<S extends Schema> = { readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never };
