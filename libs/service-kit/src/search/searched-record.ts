import type { MergeStatus } from '@rapport/kernel';
import type { FieldType } from '@rapport/read-models';
import { recordKeysOf, type SearchedBy, type SearchedField } from '@rapport/search';

/** What of a record people look for, by the names of its fields; `address.city` is one in another. */
export interface SearchDefinition<Path extends string = string> {
  /** What people call it by, in this order. */
  readonly title: readonly Path[];
  /** What tells it from others of the same title. */
  readonly subtitle?: readonly Path[];
  /** Every field that is looked through, and how. */
  readonly by: { readonly [F in Path]?: SearchedBy };
}

/** A kind of record that is searched. */
export interface SearchedRecord {
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  readonly fields: readonly SearchedField[];
}

/** The first name of what documents are found by: `search.lastName`. No list can be asked for it by a caller. */
export const SEARCH = 'search';

export const searchedRecord = ({ title, subtitle = [], by }: SearchDefinition): SearchedRecord => ({
  title,
  subtitle,
  fields: Object.entries(by).map(([name, how]) => ({
    ...{ name, by: how!, keys: `${SEARCH}.${name}` },
    isTitle: title.includes(name),
  })),
});

/**
 * What a document is found by; undefined for fields that say nothing, so that nothing is left of what they said before. A record that
 * is a part of another is found as that one.
 */
export const keysOfRecord = (
  { fields }: SearchedRecord,
  state: object & MergeStatus,
): Readonly<Record<string, readonly string[] | undefined>> =>
  Object.fromEntries(
    fields.map(({ name, by, keys }) => {
      const found = state.mergedInto === undefined ? recordKeysOf(by, valueIn(state, name)) : [];
      return [keys, found.length > 0 ? found : undefined];
    }),
  );

/** The fields under which lists are asked for them. */
export const keyFields = (fields: readonly SearchedField[]): Readonly<Record<string, FieldType>> =>
  Object.fromEntries(fields.map(({ keys }) => [keys, 'texts']));

export const valueIn = (record: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      record,
    );
