/** How rows become records, as the user gave it: what is absent is found in the file or has a default. */
export interface ImportSettings {
  /** Column → field; columns that are not named are left out. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly values?: readonly ValueMapping[];
  readonly matchBy?: string;
  readonly mode?: ImportMode;
  /** What an empty cell of a mapped column does to the record's field. */
  readonly empty?: 'keep' | 'clear';
  readonly dates?: 'auto' | 'iso' | 'mdy' | 'dmy';
  readonly currency?: string;
  readonly required?: readonly string[];
  readonly unknownReferences?: 'refuse' | 'empty';
  /** Of a row without a key, where a record that the import did not create looks like it. */
  readonly possibleDuplicates?: 'create' | 'report' | 'refuse';
  /** Reference fields whose missing records are created: `account`. */
  readonly createMissing?: readonly string[];
  readonly pipelineId?: string;
  readonly encoding?: string;
  readonly separator?: string;
  /** Field → factor from the file's numbers to units. */
  readonly scales?: Readonly<Record<string, number>>;
}

/** `create` skips rows whose record exists, `update` those whose record does not. */
export type ImportMode = 'upsert' | 'create' | 'update';

export interface ValueMapping {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** What was found in a file once it was complete. */
export interface FileFacts {
  readonly bytes: number;
  readonly encoding: string;
  readonly separator: string;
  /** In the file's order; empty and repeated headers are named by their position. */
  readonly columns: readonly string[];
  /** Column → field that its header seems to mean. */
  readonly suggested: Readonly<Record<string, string>>;
  /** The encoding is a guess: how a line of the file reads in it. */
  readonly sample?: string;
  /** Places where bytes mean nothing in the encoding that was found, and the first of them, from 0. */
  readonly damage?: { readonly faults: number; readonly byte: number };
}
