import type { Scope } from '@rapport/read-models';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { EffectiveSettings } from '../mapping/effective-settings.js';
import { type ReferenceField, sameWord } from '../values/import-field.js';
import type { MappedColumn } from './mapped-columns.js';
import { listed } from './listed.js';
import { type ParsedRow, shown } from './parse-row.js';

/** Names whose ids are remembered, per column. */
const MOST_NAMES = 20_000;

/** Turns the names in reference columns into ids, in bulk; what no record has is refused or left empty. */
export class References {
  readonly #columns: readonly Column[];

  constructor(
    columns: readonly MappedColumn[],
    private readonly scope: Scope,
    private readonly settings: EffectiveSettings,
    /** The id of a record of this kind that the file itself holds. */
    private readonly ownId: (field: string, name: string) => string | undefined,
  ) {
    this.#columns = columns.flatMap(({ column, field }) =>
      field.type === 'reference'
        ? [{ column, field, ids: new Map<string, readonly string[]>(), names: undefined }]
        : [],
    );
  }

  async resolve(rows: readonly ParsedRow[]): Promise<void> {
    for (const column of this.#columns) {
      await this.#look(column, rows);
      for (const row of rows) await this.#replace(column, row);
    }
  }

  async #look({ field, ids }: Column, rows: readonly ParsedRow[]): Promise<void> {
    if (ids.size > MOST_NAMES) ids.clear();
    const names = new Set<string>();
    for (const { values } of rows) {
      const name = values[field.name] as string | null | undefined;
      if (typeof name === 'string' && !ids.has(name)) names.add(name);
    }
    if (names.size === 0) return;
    const found = await field.find(this.scope, [...names]);
    for (const name of names) ids.set(name, found.get(name) ?? this.#own(field, name));
  }

  #own({ ownKind }: ReferenceField, name: string): readonly string[] {
    const id = ownKind && this.ownId(ownKind, name);
    return id === undefined ? [] : [id];
  }

  async #replace(column: Column, row: ParsedRow): Promise<void> {
    const { field, ids } = column;
    const name = row.values[field.name] as string | null | undefined;
    if (typeof name !== 'string') return;
    const [id, ...others] = ids.get(name) ?? [];
    if (id !== undefined && others.length === 0) row.values[field.name] = id;
    else {
      delete row.values[field.name];
      if (id !== undefined) return void row.problems.push(ambiguous(column, name, [id, ...others]));
      if (this.settings.unknownReferences === 'refuse') row.problems.push(await this.#unknown(column, name));
    }
  }

  async #unknown(column: Column, name: string): Promise<RowProblem> {
    const { field } = column;
    const code = `unknown-${field.noun.replaceAll(' ', '-')}`;
    if (field.personal)
      return {
        column: column.column,
        code,
        message: `No ${field.noun} has this name. Create it first, or map the value.`,
      };
    column.names ??= byWord((await field.names?.(this.scope)) ?? []);
    const similar = column.names.get(sameWord(name));
    const hint = similar === undefined ? '' : `; did you mean "${similar}"? Map the value`;
    const message = `No ${field.noun} is called ${shown(field, name)}${hint || '. Map the value'} or create it first.`;
    return { column: column.column, code, message };
  }
}

const ambiguous = ({ column, field }: Column, name: string, ids: readonly string[]): RowProblem => {
  const { noun, personal } = field;
  const called = personal ? 'has this name' : `is called ${shown(field, name)}`;
  const message = `More than one ${noun} ${called}: ${listed(ids)}. Map the value to the id of the one that is meant.`;
  return { column, code: `ambiguous-${noun.replaceAll(' ', '-')}`, message };
};

interface Column {
  readonly column: string;
  readonly field: ReferenceField;
  readonly ids: Map<string, readonly string[]>;
  names: ReadonlyMap<string, string> | undefined;
}

const byWord = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [sameWord(name), name]));
