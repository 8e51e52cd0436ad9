import { isCustomName } from '@rapport/custom-fields';
import { DomainError, type FieldProblem } from '@rapport/kernel';
import type { FileFacts, ImportSettings } from '../domain/import-settings.js';
import type { ImportKind } from '../engine/import-kind.js';
import { encodingNamed } from '../reading/encoding.js';

/** @param locked fields that the caller may not set. @throws DomainError `bad-settings` with every setting at fault */
export const checkSettings = (
  kind: ImportKind,
  settings: ImportSettings,
  file?: FileFacts,
  locked: ReadonlySet<string> = new Set(),
): void => {
  const fields = [
    ...columnProblems(kind, settings, file),
    ...lockProblems(locked, settings.columns ?? file?.suggested ?? {}),
    ...fieldProblems(kind, settings),
    ...scaleProblems(kind, settings),
    ...creationProblems(kind, settings),
    ...readingProblems(settings),
  ];
  if (fields.length === 0) return;
  const message = fields.map((problem) => problem.message).join(' ');
  throw new DomainError('invalid', 'bad-settings', message, { fields });
};

const problem = (path: string, code: string, message: string): FieldProblem => ({
  pointer: `/settings/${path}`,
  code,
  message,
});

/** Which fields a tenant has of its own is told by `/v1/fields` alone, to whoever may see them. */
const unknownField = (kind: ImportKind, path: string, name: string): FieldProblem[] => {
  const names = kind.fields.map((field) => field.name);
  if (names.includes(name)) return [];
  const known = names.filter((each) => !isCustomName(each)).join(', ');
  const own = kind.custom ? '; fields of your own are called custom.<key>, see /v1/fields' : '';
  return [problem(path, 'unknown-field', `${kind.kind} have no field "${name}"; they have ${known}${own}.`)];
};

function* columnProblems(
  kind: ImportKind,
  { columns = {} }: ImportSettings,
  file?: FileFacts,
): Generator<FieldProblem> {
  const used = new Map<string, string>();
  for (const [column, field] of Object.entries(columns)) {
    yield* unknownField(kind, 'columns', field);
    if (file && !file.columns.includes(column)) {
      yield problem(
        'columns',
        'unknown-column',
        `The file has no column "${column}"; it has ${file.columns.slice(0, 50).join(', ')}.`,
      );
    }
    const other = used.get(field);
    if (other !== undefined)
      yield problem(
        'columns',
        'field-mapped-twice',
        `"${other}" and "${column}" are both mapped to ${field}. Choose one.`,
      );
    used.set(field, column);
  }
}

/** What somebody may not set is not set by way of a file. */
function* lockProblems(
  locked: ReadonlySet<string>,
  columns: Readonly<Record<string, string>>,
): Generator<FieldProblem> {
  for (const [column, field] of Object.entries(columns)) {
    if (!locked.has(field)) continue;
    const message = `Your roles do not let you set "${field}", so "${column}" cannot be mapped to it. Leave the column out.`;
    yield problem('columns', 'read-only-field', message);
  }
}

function* fieldProblems(
  kind: ImportKind,
  { values = [], required = [], matchBy }: ImportSettings,
): Generator<FieldProblem> {
  for (const { field } of values) yield* unknownField(kind, 'values', field);
  for (const field of required) yield* unknownField(kind, 'required', field);
  if (matchBy !== undefined && !kind.matchBy.includes(matchBy)) {
    const possible = kind.matchBy.join(', ') || 'no field';
    yield problem('matchBy', 'bad-match', `${kind.kind} cannot be matched by "${matchBy}"; they can by ${possible}.`);
  }
}

const SCALED: ReadonlySet<string> = new Set(['number', 'percent', 'money']);

function* scaleProblems(kind: ImportKind, { scales = {} }: ImportSettings): Generator<FieldProblem> {
  for (const [name, factor] of Object.entries(scales)) {
    const field = kind.fields.find((candidate) => candidate.name === name);
    if (!field) yield* unknownField(kind, 'scales', name);
    else if (!SCALED.has(field.type))
      yield problem('scales', 'no-number', `${name} holds no number, so it has no scale.`);
    if (!Number.isFinite(factor) || factor <= 0)
      yield problem('scales', 'bad-scale', `The scale of ${name} must be a number above 0.`);
  }
}

function* creationProblems(kind: ImportKind, { createMissing = [] }: ImportSettings): Generator<FieldProblem> {
  const possible = kind.fields.filter((field) => field.type === 'reference' && field.missing).map(({ name }) => name);
  for (const name of createMissing) {
    if (possible.includes(name)) continue;
    const what = possible.length > 0 ? `only ${possible.join(', ')}` : 'nothing here';
    const message = `An import of ${kind.kind} can create ${what}, not "${name}". Bring in what is missing first.`;
    yield problem('createMissing', 'not-created', message);
  }
}

function* readingProblems({
  encoding,
  separator,
  mode,
  empty,
  dates,
  unknownReferences,
  possibleDuplicates,
}: ImportSettings): Generator<FieldProblem> {
  const oneOf = (path: string, value: string | undefined, values: readonly string[]): FieldProblem[] =>
    value === undefined || values.includes(value)
      ? []
      : [problem(path, 'not-a-choice', `${path} must be one of ${values.join(', ')}.`)];
  if (encoding !== undefined && encodingNamed(encoding) === undefined) {
    const message = `"${encoding}" is no encoding of the WHATWG list. Give one of it, such as windows-1251, or leave it out.`;
    yield problem('encoding', 'not-a-choice', message);
  }
  yield* oneOf('mode', mode, ['upsert', 'create', 'update']);
  yield* oneOf('empty', empty, ['keep', 'clear']);
  yield* oneOf('dates', dates, ['auto', 'iso', 'mdy', 'dmy']);
  yield* oneOf('unknownReferences', unknownReferences, ['refuse', 'empty']);
  yield* oneOf('possibleDuplicates', possibleDuplicates, ['create', 'report', 'refuse']);
  if (separator !== undefined && (separator.length !== 1 || /["\r\n\w]/.test(separator))) {
    yield problem(
      'separator',
      'bad-separator',
      'separator must be one character that is no letter, digit, quote or line break.',
    );
  }
}
