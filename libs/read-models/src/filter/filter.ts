/**
 * The one filter language, after AIP-160, as a syntax tree: `stage = "Won" AND (amount.minor > 100000 OR tags:"vip")`.
 *
 * | written | means |
 * |---|---|
 * | `field = value`, `!=`, `<`, `<=`, `>`, `>=` | compares; text exactly, dates and times as such. `!=` is also true of a missing field |
 * | `field:"text"` | text contains it, without regard to case and accents; a list has that element |
 * | `field:*` | the field is present and not null |
 * | `name = "Ac*"` | text starts with "Ac", without regard to case and accents (only a last `*` is special; `\*` is a star) |
 * | `NOT x`, `-x`, `AND`, `OR`, `( )` | AND may be left out between terms; as AIP-160 has it, OR binds tighter than AND |
 *
 * Values: quoted text, bare words, numbers, `true`, `false`, `null`. Parsed once, compiled to SQL, to MongoDB, to a predicate.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | Comparison;

export interface Comparison {
  readonly kind: 'compare';
  readonly field: string;
  readonly operator: Operator;
  readonly value: FilterValue;
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'has' | 'starts-with' | 'present';

export type FilterValue = string | number | boolean | null;

export const and = (...terms: readonly Filter[]): Filter => (terms.length === 1 ? terms[0]! : { kind: 'and', terms });
export const or = (...terms: readonly Filter[]): Filter => (terms.length === 1 ? terms[0]! : { kind: 'or', terms });
export const not = (term: Filter): Filter => ({ kind: 'not', term });
export const where = (field: string, operator: Operator, value: FilterValue): Filter => ({
  kind: 'compare',
  field,
  operator,
  value,
});
