import { type ImportField, sameWord } from '../values/import-field.js';

/** Column → field for the columns whose header is a field's name, label or synonym. A field is suggested once. */
export const suggestColumns = (
  columns: readonly string[],
  fields: readonly ImportField[],
): Readonly<Record<string, string>> => {
  const byWord = new Map<string, string>();
  for (const words of [nameOf, labelOf, synonymsOf]) {
    for (const field of fields)
      for (const word of words(field)) if (!byWord.has(sameWord(word))) byWord.set(sameWord(word), field.name);
  }
  const suggested: Record<string, string> = {};
  const used = new Set<string>();
  for (const column of columns) {
    const field = byWord.get(sameWord(column.replace(/__c$/i, '')));
    if (field === undefined || used.has(field)) continue;
    suggested[column] = field;
    used.add(field);
  }
  return suggested;
};

const nameOf = (field: ImportField): readonly string[] => [field.name];
const labelOf = (field: ImportField): readonly string[] => [field.label];
const synonymsOf = (field: ImportField): readonly string[] => field.synonyms ?? [];
