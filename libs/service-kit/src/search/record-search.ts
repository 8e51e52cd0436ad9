import type { searchV1 } from '@rapport/contracts';
import type { RecordStatus } from '@rapport/kernel';
import { and, type Document, type Documents, type Filter, isHidden, type Scope, where } from '@rapport/read-models';
import { conditionOf, LEVELS, matchesIn, type Question, type SearchedField } from '@rapport/search';
import type { AnyRecord } from '../service/served-record.js';
import { keyFields, type SearchedRecord, valueIn } from './searched-record.js';

/** A record that was found, with the document that says so. */
export interface Finding {
  readonly record: searchV1.FoundRecord;
  readonly level: number;
  readonly updatedAt: string;
  readonly document: Document;
}

interface Wanted {
  readonly question: Question;
  readonly limit: number;
  readonly archived: boolean;
}

type Listed = Document & RecordStatus & { readonly updatedAt: string };

/** Similar words have keys in common, but not all that have are similar: so many times more are looked at. */
const LOOKED_AT = 3;

/** One question to the records of one kind, as a caller sees them: what is hidden is neither looked through nor shown. */
export class RecordSearch {
  private readonly documents: Documents<Listed>;
  private readonly fields: readonly SearchedField[];
  private readonly known = new Set<string>();

  constructor(
    private readonly kind: Pick<AnyRecord, 'decider' | 'search'>,
    documents: Documents<Document>,
    private readonly scope: Scope,
    private readonly wanted: Wanted,
  ) {
    const { fields } = kind.search!;
    this.fields = fields.filter(({ name }) => !isHidden(scope, name));
    this.documents = documents.withFields(keyFields(fields)) as Documents<Listed>;
  }

  /** What fits at a level and at none before, those changed last first. To be asked level by level. */
  async at(level: number): Promise<readonly Finding[]> {
    const { archived, question } = this.wanted;
    const condition = conditionOf(question, this.fields, level);
    if (condition === undefined) return [];
    const lists = archived ? [false, true] : [false];
    const pages = await Promise.all(lists.map((isArchived) => this.page(condition, isArchived, level)));
    return pages.flat().flatMap((document) => this.finding(document, level) ?? []);
  }

  private async page(condition: Filter, archived: boolean, level: number): Promise<readonly Listed[]> {
    const { limit } = this.wanted;
    const filter = and(where('archived', '=', archived), condition);
    const most = LEVELS[level] === 'similar' ? limit * LOOKED_AT : limit;
    const { documents } = await this.documents.query(this.scope, {
      filter,
      sort: [{ field: 'updatedAt', descending: true }],
      limit: most + this.known.size,
    });
    return documents;
  }

  private finding(document: Listed, level: number): Finding | undefined {
    const { id, updatedAt, archived = false } = document;
    if (this.known.has(id)) return undefined;
    const { decider, search } = this.kind;
    const matches = matchesIn(this.wanted.question, this.fields, (field) => valueIn(document, field));
    if (matches === undefined) return undefined;
    this.known.add(id);
    const subtitle = textsOf(document, search!.subtitle).join(', ');
    const record: searchV1.FoundRecord = {
      ...{ kind: decider.aggregate, id, title: titleOf(document, search!) },
      ...(subtitle !== '' && { subtitle }),
      ...{ fit: LEVELS[level]!, matches: matches.map((match) => ({ ...match })), archived },
    };
    return { record, level, updatedAt, document };
  }
}

/** Of one that nobody has named, what else people know it by. */
const titleOf = (document: Document, { title, fields }: SearchedRecord): string => {
  const named = textsOf(document, title).join(' ');
  return named === ''
    ? (textsOf(
        document,
        fields.map(({ name }) => name),
      )[0] ?? '')
    : named;
};

const textsOf = (document: Document, fields: readonly string[]): readonly string[] =>
  fields.flatMap((field) => {
    const value = valueIn(document, field);
    const [text] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
