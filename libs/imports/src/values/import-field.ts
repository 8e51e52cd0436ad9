import { emailKeyOf, type Money, type Principal } from '@rapport/kernel';
import type { FoundRecords } from '../lookup/found-records.js';
import { type Scope, searchKey } from '@rapport/read-models';

/**
 * What a row says about a record, by field name. Empty cells are absent: they leave the record's field as it is. Where the
 * settings say that they empty it, they are null.
 */
export type RowValues = Readonly<Record<string, FieldValue | null>>;
/** Texts and choices, dates (`2017-03-01`), instants (RFC 3339 UTC) and ids of references are strings. */
export type FieldValue = string | number | boolean | Money | readonly string[];

/** A field that a column of a file can hold. */
export type ImportField = PlainField | ChoiceField | CurrencyField | ReferenceField;

interface FieldDescription {
  /** As settings and the API call it: `closedOn`. */
  readonly name: string;
  /** As people call it: "close date". */
  readonly label: string;
  /** Other headers that mean it; compared without regard to case, spaces and punctuation. */
  readonly synonyms?: readonly string[];
  /** A row without it is refused. The settings can ask for more. */
  readonly required?: boolean;
  /** Part of what people call the record: an import does not take back what somebody has made of it since. */
  readonly isName?: boolean;
  /** Personal values are never repeated in a problem's message. */
  readonly personal?: boolean;
  /** Where the value goes in the record: `address.city`. The field's own name when left out. */
  readonly path?: string;
  /** Whose rules it has to keep, where that is not the record's field: `rapport.sales.v1.LoseOpportunityRequest/reason`. */
  readonly rule?: string;
}

export interface PlainField extends FieldDescription {
  readonly type: 'text' | 'email' | 'phone' | 'number' | 'percent' | 'money' | 'date' | 'instant' | 'boolean' | 'texts';
}

/** The currency of the amount in another column of the row. */
export interface CurrencyField extends FieldDescription {
  readonly type: 'currency';
  /** The field of the amount. */
  readonly of: string;
}

/** One of a few words; written otherwise than here only in case, spaces and punctuation. */
export interface ChoiceField extends FieldDescription {
  readonly type: 'choice';
  readonly choices: readonly string[];
}

/** The name of another record. */
export interface ReferenceField extends FieldDescription {
  readonly type: 'reference';
  /** "product": as in "no product is called GTXPro". */
  readonly noun: string;
  /** Of the other record: who sees which is said by its kind. The noun when left out. */
  readonly aggregate?: string;
  /** Ids by name, for those of the names that have a record; several where several have it. Asked in bulk. */
  find(scope: Scope, names: readonly string[]): Promise<FoundRecords>;
  /** Some names of records, to tell what a wrong one may have meant. */
  names?(scope: Scope): Promise<readonly string[]>;
  /** Records of another kind that it may mean as well: looked for where the first have none of a name. */
  readonly besides?: { readonly aggregate: string } & Pick<ReferenceField, 'find'>;
  /** Set where it names a record of this very kind. */
  readonly ownKind?: OwnKind;
  /** Set where missing records can be created, if the settings say so. */
  readonly missing?: MissingRecords | undefined;
}

/** Of records that stand under one of their own kind. */
export interface OwnKind {
  /** The field that holds the name. When rows are matched by it, a record further down in the same file is found too. */
  readonly calledBy: string;
  /** Ids of what records stand under now, for those that stand under another. Asked in bulk. */
  above(scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Makes records that rows name and nobody has. */
export interface MissingRecords {
  /** What {@link create} would come to, as far as that is known before. */
  foresee(importer: Importer, names: readonly string[]): Promise<ReadonlyMap<string, Made>>;
  /** Resolves once each is there, or is known not to be made. Repeated, it makes none twice. */
  create(importer: Importer, names: readonly string[], making: Making): Promise<ReadonlyMap<string, Made>>;
}

/** Whose tenant it is, and what whoever imports may see and do there. */
export type Importer = Pick<Principal, 'tenant' | 'policy'>;

/** In whose name it is done, and until when it is waited for. */
export interface Making {
  readonly importId: string;
  readonly by: string | undefined;
  readonly signal: AbortSignal;
}

/** The record's id, or why there is none. The message repeats nothing personal. */
export type Made = { readonly id: string } | { readonly code: string; readonly message: string };

/** Headers, choices and names that people take for the same: `Close_Date` and `close date`, `Straße` and `strasse`. */
export const sameWord = (text: string): string => searchKey(text).replace(/[^\p{L}\p{N}]+/gu, '');

/** Value by which a record is recognised: trimmed, in one Unicode form; e-mail addresses in that in which they are compared. */
export const matchValueOf = (field: ImportField, value: FieldValue): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return field.type === 'email' ? emailKeyOf(text) : text.trim().normalize('NFC');
};
