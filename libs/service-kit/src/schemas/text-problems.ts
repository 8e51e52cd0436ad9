import { type FieldProblem, illFormedAt } from '@rapport/kernel';

/** What is wrong with the texts of a value, wherever in it they stand. Mostly nothing. */
export const textProblems = (value: unknown, pointer = ''): readonly FieldProblem[] => {
  if (typeof value === 'string') return illFormedAt(value) === undefined ? NONE : [problemAt(pointer, value)];
  if (typeof value !== 'object' || value === null) return NONE;
  let found: FieldProblem[] | undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'string' && typeof inner !== 'object') continue;
    const problems = textProblems(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (problems.length > 0) (found ??= []).push(...problems);
  }
  return found ?? NONE;
};

const NONE: readonly FieldProblem[] = [];

const problemAt = (pointer: string, text: string): FieldProblem => {
  const place = illFormedAt(text)! + 1;
  const what = text[place - 1] === '\0' ? 'U+0000' : 'half a character (a surrogate without its other half)';
  const message = `"${pointer.slice(pointer.lastIndexOf('/') + 1)}" holds ${what} at place ${place}. Take it out.`;
  return { pointer, code: 'ill-formed-text', message };
};
