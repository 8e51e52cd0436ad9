import { type ImportField, sameWord } from '../values/import-field.js';

/**
 * Column → field for the columns whose header is a field's label, name or synonym. Each field is suggested for one column and
 * each column for one field; where several could be, the one that says it best wins: "Job Title" before "Title".
 */
export const suggestColumns = (
  columns: readonly string[],
  fields: readonly ImportField[],
): Readonly<Record<string, string>> => {
  const meanings = meaningsOf(fields);
  const fits = columns.flatMap((column) =>
    (meanings.get(wordOf(column)) ?? []).map((meaning) => ({ column, ...meaning })),
  );
  const suggested: Record<string, string> = {};
  const used = new Set<string>();
  for (const { column, field } of fits.sort((one, other) => one.rank - other.rank)) {
    if (Object.hasOwn(suggested, column) || used.has(field)) continue;
    suggested[column] = field;
    used.add(field);
  }
  return Object.fromEntries(
    columns.filter((column) => Object.hasOwn(suggested, column)).map((column) => [column, suggested[column]!]),
  );
};

interface Meaning {
  readonly field: string;
  /** How well a word says it, 0 is best. */
  readonly rank: number;
}

const meaningsOf = (fields: readonly ImportField[]): ReadonlyMap<string, readonly Meaning[]> => {
  const meanings = new Map<string, Meaning[]>();
  for (const { name, label, synonyms = [] } of fields)
    [label, name, ...synonyms].forEach((word, rank) => {
      const key = sameWord(word);
      meanings.set(key, [...(meanings.get(key) ?? []), { field: name, rank }]);
    });
  return meanings;
};

/** Fields that somebody added to Salesforce end in `__c`. */
const wordOf = (column: string): string => sameWord(column.replace(/__c$/i, ''));
