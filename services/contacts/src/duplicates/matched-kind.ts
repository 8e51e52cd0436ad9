import type { Match, Matching } from '@rapport/matching';
import type { Projection } from '@rapport/processing';
import { type Document, type Filter, or, where } from '@rapport/read-models';
import type { PairedKind } from '../domain/duplicate/duplicate.js';

/** What a list is asked by for those who may be the same. */
export interface Key {
  readonly field: string;
  readonly filter: Filter;
}

/** The key that a field holds one of these. */
export const anyOf = (field: string, values: readonly string[]): readonly Key[] =>
  values.length === 0 ? [] : [{ field, filter: or(...values.map((value) => where(field, '=', value))) }];

/** A record as a list has it, with what is asked of it here. */
export interface MatchedDocument extends Document {
  readonly archived: boolean;
  readonly revision: number;
  readonly mergedInto?: string;
  readonly mergedIds?: readonly string[];
}

/** A kind of record of which two may mean one. */
export interface MatchedKind<D extends MatchedDocument = MatchedDocument, P = unknown> {
  readonly kind: PairedKind;
  readonly list: Pick<Projection<D>, 'declaration'>;
  readonly matching: Matching<P>;
  /** Fields that are compared. */
  readonly compared: readonly string[];
  /** What of a record is compared; nothing of another record, whose changes would go unnoticed. */
  profileOf(document: D): P;
  /** By what lists have an index of. */
  keysOf(profile: P): readonly Key[];
  /** What people call it; undefined where nobody knows. */
  nameOf(document: D): string | undefined;
}

/** A score as it is kept and told. */
export const rounded = (points: number): number => Math.round(points * 10) / 10;

/** What is kept of how alike two are; undefined where that is not enough. */
export const likenessOf = ({ score, verdict }: Match) =>
  verdict === 'unlikely' ? undefined : { score: rounded(score), verdict };
