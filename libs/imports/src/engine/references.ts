import type { Scope } from '@rapport/read-models';
import type { FoundRecords } from '../lookup/found-records.js';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { EffectiveSettings } from '../mapping/effective-settings.js';
import { type Importer, type Made, type Making, type ReferenceField, sameWord } from '../values/import-field.js';
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
    private readonly scopeOf: (aggregate: string) => Scope,
    private readonly settings: EffectiveSettings,
    private readonly further: FurtherIds,
  ) {
    const all = columns.flatMap(({ column, field }): Column[] =>
      field.type === 'reference'
        ? [{ column, field, ids: new Map(), made: new Map(), create: further.create(field), names: undefined }]
        : [],
    );
    // What is created comes last, so that nothing is for a row that is refused anyway.
    this.#columns = all.sort((one, other) => Number(one.create !== undefined) - Number(other.create !== undefined));
  }

  async resolve(rows: readonly ParsedRow[]): Promise<void> {
    for (const column of this.#columns) {
      await this.#look(column, rows);
      await this.#make(column, rows);
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
    const found = await this.#found(field, [...names]);
    for (const name of names) ids.set(name, found.get(name) ?? this.#own(field, name));
  }

  async #found(field: ReferenceField, names: readonly string[]): Promise<FoundRecords> {
    const found = await field.find(this.#scope(field), names);
    const others = field.besides ? names.filter((name) => !found.get(name)?.length) : [];
    if (!field.besides || others.length === 0) return found;
    return new Map([...found, ...(await field.besides.find(this.scopeOf(field.besides.aggregate), others))]);
  }

  /** Names are those of records in sight. */
  #scope({ aggregate, noun }: ReferenceField): Scope {
    return this.scopeOf(aggregate ?? noun);
  }

  #own({ ownKind }: ReferenceField, name: string): readonly string[] {
    const id = ownKind && this.further.ownId(ownKind.calledBy, name);
    return id === undefined ? [] : [id];
  }

  /** Creates what sound rows name and nobody has. */
  async #make({ field, ids, made, create }: Column, rows: readonly ParsedRow[]): Promise<void> {
    if (!create) return;
    if (made.size > MOST_NAMES) made.clear();
    const missing = new Set<string>();
    for (const { values, problems } of rows) {
      const name = values[field.name] as string | null | undefined;
      if (typeof name !== 'string' || problems.length > 0) continue;
      if (!ids.get(name)?.length && !made.has(name)) missing.add(name);
    }
    if (missing.size === 0) return;
    for (const [name, outcome] of await create([...missing])) made.set(name, outcome);
  }

  async #replace(column: Column, row: ParsedRow): Promise<void> {
    const { field, ids } = column;
    const name = row.values[field.name] as string | null | undefined;
    if (typeof name !== 'string') return;
    const found = ids.get(name) ?? [];
    const id = found[0] ?? this.#madeId(column, row, name);
    if (id !== undefined && found.length < 2) row.values[field.name] = id;
    else {
      delete row.values[field.name];
      if (found.length > 0) row.problems.push(ambiguous(column, name, found));
      else if (!column.create && this.settings.unknownReferences === 'refuse')
        row.problems.push(await this.#unknown(column, name));
    }
  }

  #madeId({ column, field, made, create }: Column, row: ParsedRow, name: string): string | undefined {
    const outcome = create && made.get(name);
    if (!outcome || row.problems.length > 0) return undefined;
    if ('id' in outcome) {
      row.creates.push(field.personal ? { field: field.name } : { field: field.name, name });
      return outcome.id;
    }
    const { code, message } = outcome;
    row.problems.push({ column, code, message });
    return undefined;
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
    column.names ??= byWord((await field.names?.(this.#scope(field))) ?? []);
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

/** Where ids come from that no record has yet. */
export interface FurtherIds {
  /** The id of a record of this kind that the file itself holds. */
  readonly ownId: (field: string, name: string) => string | undefined;
  /** Creates what is missing; undefined where that is not wanted. */
  readonly create: (field: ReferenceField) => Create | undefined;
}

type Create = (names: readonly string[]) => Promise<ReadonlyMap<string, Made>>;

/** As the settings say; a trial only tells what would be. */
export const creationOf =
  (importer: Importer, { createMissing = [] }: EffectiveSettings, making: Making | undefined): FurtherIds['create'] =>
  ({ name: field, missing }) => {
    if (!missing || !createMissing.includes(field)) return undefined;
    if (making) return (names) => missing.create(importer, names, making);
    return (names) => missing.foresee(importer, names);
  };

interface Column {
  readonly column: string;
  readonly field: ReferenceField;
  readonly ids: Map<string, readonly string[]>;
  /** What was created by this import, or would be, or was refused. */
  readonly made: Map<string, Made>;
  readonly create: Create | undefined;
  names: ReadonlyMap<string, string> | undefined;
}

const byWord = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [sameWord(name), name]));
