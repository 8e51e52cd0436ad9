import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { DomainError, idFrom } from '@rapport/kernel';
import type { ImportMode } from '../domain/import-settings.js';
import type { RowCreation, RowProblem } from '../domain/import-rows.events.js';
import { type EffectiveSettings, requiredFields } from '../mapping/effective-settings.js';
import { Family, type Placed } from './family.js';
import type { FoundRecords } from '../lookup/found-records.js';
import type { CsvRow } from '../reading/read-csv.js';
import { isShortenedKey } from '../values/doubts.js';
import { type ImportField, matchValueOf } from '../values/import-field.js';
import type { OrderedStep } from './commands.js';
import { type ImportContext, type ImportKind, isRefusedPlan, type RowStep } from './import-kind.js';
import type { MappedColumn } from './mapped-columns.js';
import type { ParsedRow, RowParser } from './parse-row.js';
import { listed } from './listed.js';
import { PossibleDuplicates } from './possible-duplicates.js';
import type { References } from './references.js';

/** A row that is ready to be written, or what is wrong with it. */
export type PlannedRow = ReadyRow | RefusedRow;

export interface ReadyRow {
  readonly row: number;
  readonly recordId: string;
  readonly work: RowWork;
  readonly warnings: readonly RowProblem[];
  readonly creates: readonly RowCreation[];
}

export interface RefusedRow {
  readonly row: number;
  readonly problems: readonly RowProblem[];
  /** The record that it is about, where there is one already. */
  readonly recordId?: string | undefined;
  /** The others that it may be about. */
  readonly alsoAbout?: readonly string[];
}

const refusedRow = (
  row: number,
  problems: readonly RowProblem[],
  [recordId, ...others]: readonly string[],
): RefusedRow => ({ row, problems, recordId, ...(others.length > 0 ? { alsoAbout: others } : {}) });

export interface RowWork {
  readonly steps: readonly OrderedStep[];
  /** After the steps were decided: whether the mode left the row out. */
  skipped(): boolean;
  /** Likewise: import fields that stay as somebody has made them since. */
  kept(): readonly string[];
}

export interface RowPlannerParts {
  readonly kind: ImportKind;
  readonly context: ImportContext;
  readonly settings: EffectiveSettings;
  readonly columns: readonly MappedColumn[];
  readonly parser: RowParser;
  readonly references: References;
  /** Keys the ids that are made from rows: nobody can try out whose id one is. */
  readonly secret: Buffer;
  /** Whether rows without a key are recognised in this import alone. */
  readonly keylessApart: true | undefined;
}

/** Rows to plans, in groups: parsed, references and existing records looked up in bulk, planned by the kind. */
export class RowPlanner {
  readonly #matchField: ImportField | undefined;
  readonly #required: readonly { readonly field: string; readonly column: string }[];
  readonly #duplicates: PossibleDuplicates;
  readonly #family: Family | undefined;
  /** Node takes five times as long over a key that comes as bytes. */
  readonly #secret: KeyObject;

  constructor(
    private readonly parts: RowPlannerParts,
    private readonly prepared: unknown,
  ) {
    const { kind, settings, columns } = parts;
    this.#matchField = kind.fields.find(({ name }) => name === settings.matchBy);
    const columnOf = new Map(columns.map(({ column, field }) => [field.name, column]));
    this.#secret = createSecretKey(parts.secret);
    this.#duplicates = new PossibleDuplicates(kind, parts.context);
    this.#family = Family.of(columns, parts.context.scope);
    this.#required = requiredFields(kind, settings).map((field) => ({ field, column: columnOf.get(field) ?? field }));
  }

  async plan(rows: readonly CsvRow[]): Promise<readonly PlannedRow[]> {
    const parsed = rows.map((row) => this.parts.parser.parse(row));
    const matches = parsed.map(({ values }) => this.#matchValue(values));
    const digests = parsed.map(({ values }, n) => (matches[n] === undefined ? digestOf(values) : ''));
    await this.parts.references.resolve(parsed);
    const ids = await this.#existing(matches);
    const keyless = parsed.filter((_, n) => matches[n] === undefined);
    const alike = await this.#suspect(keyless);
    const idAt = (n: number): string => {
      const match = matches[n];
      if (match === undefined) return this.#contentId(digests[n]!);
      return ids.get(match)?.[0] ?? this.ownId(match);
    };
    await this.#family?.know(parsed.flatMap((row, n) => this.#placed(row, () => idAt(n))));
    return parsed.map((row, n) => {
      for (const { field, column } of this.#required)
        if (isMissing(row, field, column)) row.problems.push(missing(column));
      const match = matches[n];
      const found = match === undefined ? [] : (ids.get(match) ?? []);
      if (match !== undefined && isShortenedKey(match)) row.problems.push(this.#shortened());
      if (found.length > 1) row.problems.push(this.#ambiguous(found));
      for (const placed of this.#placed(row, () => idAt(n))) {
        const problem = this.#family!.problemOf(placed);
        if (problem) row.problems.push(problem);
      }
      if (row.problems.length > 0) return refusedRow(row.row, row.problems, [...found, ...(alike.get(row) ?? [])]);
      return this.#planned(row, idAt(n), found);
    });
  }

  /** Where a row that is sound so far puts its record; none where it says nothing of that. */
  #placed({ values, problems }: ParsedRow, id: () => string): readonly Placed[] {
    const parent = this.#family && values[this.#family.field];
    return typeof parent === 'string' && problems.length === 0 ? [{ id: id(), parent }] : [];
  }

  /** The id of a record that this file holds and nobody has created yet. */
  ownId(match: string): string {
    return this.#id(this.#matchField?.name ?? '', match);
  }

  #planned(row: ParsedRow, recordId: string, found: readonly string[]): PlannedRow {
    try {
      const plan = this.parts.kind.plan(row.values, this.prepared);
      if (isRefusedPlan(plan)) return refusedRow(row.row, plan.problems, found);
      const work = rowWork(plan, this.parts.settings.mode, row.row);
      return { row: row.row, recordId, work, warnings: row.warnings, creates: row.creates };
    } catch (error) {
      if (error instanceof DomainError) return refusedRow(row.row, problemsOf(error, this.parts.columns), found);
      throw error;
    }
  }

  /** What other records rows without a key may be about, as far as anybody wants to know. */
  async #suspect(rows: readonly ParsedRow[]): Promise<ReadonlyMap<ParsedRow, readonly string[]>> {
    const { mode, possibleDuplicates } = this.parts.settings;
    if (rows.length === 0 || mode === 'update' || possibleDuplicates === 'create') return new Map();
    const found = await this.#duplicates.of(rows.map(({ values }) => values));
    rows.forEach(({ problems, warnings }, n) => {
      if (found[n]!.length === 0) return;
      const there = `What looks the same is there already: ${listed(found[n]!)}.`;
      if (possibleDuplicates === 'report')
        warnings.push({ code: 'possible-duplicate', message: `${there} Look whether it is.` });
      else problems.push({ code: 'possible-duplicate', message: `${there} Give the row a key, or leave it out.` });
    });
    return new Map(rows.map((row, n) => [row, found[n]!]));
  }

  #ambiguous(ids: readonly string[]): RowProblem {
    const { label } = this.#matchField!;
    const message = `More than one record has this ${label}: ${listed(ids)}. Archive all but one, or match by another field.`;
    return { column: this.#matchColumn, code: 'ambiguous-match', message };
  }

  /** Rows of different records would all be taken for one. */
  #shortened(): RowProblem {
    const message = `A spreadsheet has shortened this ${this.#matchField!.label}: its last digits are lost. Take it from the source again, or match by another field.`;
    return { column: this.#matchColumn, code: 'shortened-key', message };
  }

  get #matchColumn(): string {
    const { name } = this.#matchField!;
    return this.parts.columns.find(({ field }) => field.name === name)?.column ?? name;
  }

  #matchValue(values: ParsedRow['values']): string | undefined {
    const field = this.#matchField;
    const value = field && values[field.name];
    return value === undefined || value === null ? undefined : matchValueOf(field!, value);
  }

  #existing(matches: readonly (string | undefined)[]): Promise<FoundRecords> {
    const distinct = new Set(matches);
    distinct.delete(undefined);
    if (!this.#matchField || distinct.size === 0) return Promise.resolve(new Map());
    const { kind, context } = this.parts;
    return kind.find(context.scope, this.#matchField.name, [...(distinct as Set<string>)]);
  }

  /** Rows that say the same are one record, in one import. */
  #contentId(digest: string): string {
    return this.parts.keylessApart
      ? this.#id('content', `${this.parts.context.importId}\0${digest}`)
      : this.#id('content', digest);
  }

  #id(by: string, value: string): string {
    const { kind } = this.parts;
    return idFrom(createHmac('sha256', this.#secret).update(`${kind.kind}\0${by}\0${value}`).digest('hex'));
  }
}

const digestOf = (values: object): string => hash('sha256', JSON.stringify(values), 'base64url');

/** A cell that could not be read is not also said to be missing. */
const isMissing = ({ values, problems }: ParsedRow, field: string, column: string): boolean =>
  (values[field] ?? undefined) === undefined &&
  !problems.some((problem) => problem.column === column || problem.column === undefined);

const missing = (column: string): RowProblem => ({
  column,
  code: 'required',
  message: `${column} is empty. Fill it in.`,
});

/** Steps that the mode may leave out; their content is the row's, so that a repeated row is an honest retry. */
const rowWork = (steps: readonly RowStep[], mode: ImportMode, row: number): RowWork => {
  let skipped = false;
  let kept = new Set<string>();
  const guarded = steps.map((step, n): OrderedStep => ({
    name: step.name,
    input: row,
    ...(step.occurredAt === undefined ? {} : { occurredAt: step.occurredAt }),
    whenTooEarly: 'clamp',
    decide: (state, circumstances, history) => {
      if (n === 0) {
        skipped = mode === 'create' ? history.length > 0 : mode === 'update' && history.length === 0;
        kept = new Set();
      }
      return skipped ? [] : step.decide(state, circumstances, history, (field) => void kept.add(field));
    },
  }));
  return { steps: guarded, skipped: () => skipped, kept: () => [...kept] };
};

/** A refusal of the domain as problems of the row's columns. */
export const problemsOf = (error: DomainError, columns: readonly MappedColumn[]): readonly RowProblem[] => {
  const { fields } = error.details;
  if (!fields || fields.length === 0) return [{ code: error.code, message: error.message }];
  return fields.map(({ pointer, code, message }) => {
    const name = pointer.split('/')[1];
    const isMeant = ({ field: { name: own, path = own } }: MappedColumn) => path.split('.')[0] === name;
    const column = columns.find(isMeant)?.column ?? name;
    return { ...(column === undefined ? {} : { column }), code, message };
  });
};
