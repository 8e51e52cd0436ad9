import type { Circumstances, Decision, DomainEvent, RecordedEvent } from '@rapport/kernel';
import type { Scope } from '@rapport/read-models';
import type { ImportSettings } from '../domain/import-settings.js';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { FoundRecords } from '../lookup/found-records.js';
import type { ImportField, RowValues } from '../values/import-field.js';
import type { RecordTarget } from './record-target.js';

/**
 * All that the engine needs to know of a kind of record; a service describes each of its kinds once. `State` is the
 * aggregate's state, null before its creation; `Prepared` is whatever {@link prepare} looked up.
 */
export interface ImportKind<State = unknown, Prepared = unknown> {
  /** As in the API's path, plural: `accounts`. */
  readonly kind: string;
  /** The contract's message of the record: its rules hold for every row. */
  readonly message: string;
  readonly fields: readonly ImportField[];
  /**
   * Fields that may recognise a record, best first; the first that has a column is the default. They are required to be
   * texts or e-mails. Rows with no such value are recognised by their whole content.
   */
  readonly matchBy: readonly string[];
  /** Where the records are written and taken back. */
  readonly target: RecordTarget;

  /** Ids of existing records by the value of a match field, in bulk; archived ones where no other has the value. */
  find(scope: Scope, field: string, values: readonly string[]): Promise<FoundRecords>;

  readonly similar?: Similarity;

  /** Called once before the rows: what all of them need, for example the pipeline. A DomainError fails the import. */
  prepare?(context: ImportContext): Promise<Prepared>;

  /** Fields that a tenant has given these records, and what a row does that has any; undefined where there are none. */
  custom?(tenant: string): Promise<Pick<ImportKind<State, Prepared>, 'fields' | 'plan'> | undefined>;

  /** Settings that follow from others where the user gives none: the pipeline's currency. */
  defaults?(context: ImportContext): Promise<ImportSettings>;

  /**
   * What a row does to its record: steps that are decided one after the other on the record as it then is, so that one
   * plan creates, updates, or finds nothing to do. Pure. Absent values leave fields as they are, null empties them.
   */
  plan(row: RowValues, prepared: Prepared): Plan<State>;
}

export interface ImportContext {
  /** What the import may see of records of its kind. */
  readonly scope: Scope;
  /** What it may see of others. */
  readonly scopeOf: (aggregate: string) => Scope;
  readonly importId: string;
  readonly settings: ImportSettings;
}

/** Steps, or what is wrong with the row as a whole. */
export type Plan<State> = readonly RowStep<State>[] | { readonly problems: readonly RowProblem[] };

export interface RowStep<State = unknown> {
  /** The command, for logs and traces: `WinOpportunity`. */
  readonly name: string;
  /** When it happened in the world, RFC 3339 UTC; a time before the record's last change becomes that. Default: now. */
  readonly occurredAt?: string;
  decide(
    state: State,
    circumstances: Circumstances,
    history: readonly RecordedEvent[],
    keep: Keep,
  ): Decision<DomainEvent>;
}

/** To be told of import fields that stay as somebody has made them since. */
export type Keep = (field: string) => void;

/** How records are found that a row without a key may be about. */
export interface Similarity {
  /** What they would have in common with the row; undefined where it says too little. */
  by(row: RowValues): string | undefined;
  /** Some of those that have it and are not archived. */
  find(scope: Scope, common: readonly string[]): Promise<FoundRecords>;
}

/** `rapport.contacts.v1.Contact` is that of a contact. */
export const aggregateOf = ({ message }: Pick<ImportKind, 'message'>): string => {
  const name = message.slice(message.lastIndexOf('.') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
};

export const isRefusedPlan = (plan: Plan<unknown>): plan is { readonly problems: readonly RowProblem[] } =>
  'problems' in plan;
