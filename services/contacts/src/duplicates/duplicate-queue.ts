import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, checkQuery, type Query, type Scope, where } from '@rapport/read-models';
import { noteReaders, positionIn, queryOf, RUNTIME, type ServiceRuntime, untilHeard } from '@rapport/service-kit';
import type { PairedKind } from '../domain/duplicate/duplicate.js';
import { FIND_DUPLICATES } from '../reactions/find-duplicates.js';
import { type DuplicateDocument, duplicates } from '../records/duplicates.js';
import { matchedKind, matchedKinds } from './kinds.js';
import { type MatchedDocument, type MatchedKind, rounded } from './matched-kind.js';

import { wordsOf } from './words.js';

type Request = contactsV1.ListDuplicatesRequest;

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
/** Pairs judged together. */
const AT_ONCE = 100;
/** So many that are out of sight in a row end a page. */
const MOST_LOOKED_AT = 3_000;
const METHOD = 'listDuplicates';

/** The likeliest first, and always in one order. */
const LIKELIEST = [{ field: 'score', descending: true }];
const TIES = ['recordId', 'otherId'].map((field) => ({ field, descending: true }));

/** Pairs that look like one, as somebody sees them. */
@Injectable()
export class DuplicateQueue {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  async list(request: Request, call: CallContext): Promise<contactsV1.ListDuplicatesResponse> {
    const kind = matchedKind((request.kind ?? 'contact') as PairedKind);
    const scope = this.sightOf(kind, call);
    await this.caughtUp(call);
    const { limit = 50, cursor } = request;
    const data: contactsV1.Duplicate[] = [];
    const query = this.asked(request, kind, call);
    let last: DuplicateDocument | undefined;
    let at = cursor;
    for (let looked = 0; ;) {
      const { documents, next } = await this.pairs(query, at, call);
      const told = await this.told(documents, kind, scope, call);
      for (const pair of documents) {
        const message = told.get(pair.id);
        if (!message) continue;
        if (data.length === limit) return { data, page: pageOf(this.after(query, last!, call)) };
        data.push(message);
        last = pair;
      }
      looked += documents.length;
      if (next === undefined) return { data, page: pageOf('') };
      if (looked >= MOST_LOOKED_AT) return { data, page: pageOf(next) };
      at = next;
      await untilHeard(call);
    }
  }

  /**
   * What the caller sees of a kind. Scores follow from all that is compared, and so does which pairs there are.
   * @throws DomainError forbidden `hidden-field` where a part of that is hidden
   */
  sightOf({ kind, compared }: MatchedKind, { principal }: CallContext): Scope {
    const scope = scopeOf(principal, kind);
    const hidden = scope.hidden.find((path) => compared.includes(path.split('.')[0]!));
    if (hidden === undefined) return scope;
    const message = `Duplicates follow from "${hidden}" too, which is hidden from you. Ask somebody who sees it.`;
    throw new DomainError('forbidden', 'hidden-field', message);
  }

  private asked({ status = 'open', filter, sort }: Request, { kind }: MatchedKind, { principal }: CallContext): Query {
    const { declaration } = duplicates;
    const zone = this.runtime.tenants.calendar.zoneOf(principal.tenant);
    const asked = queryOf({ filter, sort }, { ...declaration, zone }, LIKELIEST);
    const terms = [where('kind', '=', kind), where('status', '=', status), where('score', 'present', true)];
    return {
      limit: AT_ONCE,
      sort: [...asked.sort!, ...TIES],
      filter: and(...terms, ...(asked.filter ? [asked.filter] : [])),
    };
  }

  private pairs(query: Query, cursor: string | undefined, { principal }: CallContext) {
    const { documents } = this.runtime.projection(duplicates);
    // Who may see which pair is judged by its records.
    return documents.query(everythingOf(principal.tenant), { ...query, ...(cursor && { cursor }) });
  }

  private after(query: Query, pair: DuplicateDocument, { principal }: CallContext): string {
    return checkQuery(duplicates.declaration, everythingOf(principal.tenant), query).cursorAfter(pair);
  }

  /** Those that are told, by the pair: its records are in sight, and look like one as they are now. */
  private async told(
    pairs: readonly DuplicateDocument[],
    kind: MatchedKind,
    scope: Scope,
    call: CallContext,
  ): Promise<ReadonlyMap<string, contactsV1.Duplicate>> {
    const { documents } = this.runtime.projection(kind.list);
    const ids = new Set(pairs.flatMap(({ recordId, otherId }) => [recordId, otherId]));
    const seen = await documents.getMany(scope, ids);
    const told = new Map<string, contactsV1.Duplicate>();
    const shown = new Set<MatchedDocument>();
    for (const pair of pairs) {
      const [record, other] = [seen.get(pair.recordId), seen.get(pair.otherId)];
      const message = pair.status === 'merged' ? merged(pair, kind, record, other) : alike(pair, kind, record, other);
      if (!message) continue;
      told.set(pair.id, message);
      for (const each of [record, other]) if (each) shown.add(each);
    }
    await noteReaders(this.commands, { object: kind.kind, method: METHOD, documents: [...shown] }, call);
    return told;
  }

  /** What the caller has written was looked at; where that takes longer, what is known by now is told. */
  async caughtUp({ consistency }: CallContext): Promise<void> {
    const { runtime } = this;
    const position = positionIn(consistency, runtime.definition.context);
    if (position === undefined) return;
    const within = CAUGHT_UP_WITHIN_MILLISECONDS;
    for (const { list } of matchedKinds) await runtime.projection(list).reach(position, within);
    await runtime.reacted(FIND_DUPLICATES).reach(position, within).catch(unlessBehind);
    await runtime.projection(duplicates).reach(await runtime.engines.events.end(), within);
  }
}

type Seen = MatchedDocument | undefined;

const alike = (
  pair: DuplicateDocument,
  kind: MatchedKind,
  record: Seen,
  other: Seen,
): contactsV1.Duplicate | undefined => {
  if (!record || !other || record.archived || other.archived) return undefined;
  const { score, verdict, evidence } = kind.matching.compare(kind.profileOf(record), kind.profileOf(other));
  if (verdict === 'unlikely') return undefined;
  const names = { recordName: kind.nameOf(record), otherName: kind.nameOf(other) };
  return { ...factsOf(pair), ...names, score: rounded(score), verdict, evidence: evidence.map(wordsOf) };
};

/** Of one that is a part of the other nothing is told but that it is. */
const merged = (
  pair: DuplicateDocument,
  kind: MatchedKind,
  record: Seen,
  other: Seen,
): contactsV1.Duplicate | undefined => {
  const isOf = (survivor: Seen, id: string): boolean => survivor?.mergedIds?.includes(id) === true;
  if (!isOf(record, pair.otherId) && !isOf(other, pair.recordId)) return undefined;
  const names = { recordName: record && kind.nameOf(record), otherName: other && kind.nameOf(other) };
  return { ...factsOf(pair), ...names, score: pair.score!, verdict: pair.verdict!, evidence: [] };
};

const factsOf = ({ kind, recordId, otherId, status, foundAt }: DuplicateDocument) => ({
  ...{ kind, recordId, otherId, status },
  foundAt: foundAt!,
});

const pageOf = (next: string) => ({ next, hasMore: next !== '', total: undefined });

/** Whoever is late has not failed. */
export const unlessBehind = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.code !== 'not-caught-up') throw failure;
};
