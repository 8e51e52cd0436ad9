import type { Schema } from './setting.js';

/** A row of the documentation's configuration table. */
export interface ConfigRow {
  readonly variable: string;
  readonly description: string;
  readonly allowed: string;
  /** As one would write it; empty when there is none, and for secrets. */
  readonly default: string;
  /** It has no default and cannot do without. */
  readonly required: boolean;
}

/** Rows in the schema's order. */
export const describeConfig = (schema: Schema): ConfigRow[] =>
  Object.values(schema).map(({ variable, description, allowed, secret, written, default: standard }) => ({
    variable,
    description,
    allowed,
    default: secret ? '' : written,
    required: standard === undefined,
  }));
