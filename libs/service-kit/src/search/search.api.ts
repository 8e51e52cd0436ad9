import type { CommandBus } from '@nestjs/cqrs';
import { requirePermission, scopeOf } from '@rapport/access';
import type { searchV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { LEVELS, questionOf } from '@rapport/search';
import { positionIn } from '../consistency.js';
import type { Handlers } from '../handlers.js';
import { noteReaders } from '../records/readers.js';
import type { AnyRecord } from '../service/served-record.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { type Finding, RecordSearch } from './record-search.js';

const DEFAULT_LIMIT = 20;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** rapport.search.v1.ContextSearchService */
export class SearchApi implements Handlers<searchV1.ContextSearchService> {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly commands: CommandBus,
  ) {}

  async searchRecords(request: searchV1.SearchRequest, call: CallContext): Promise<searchV1.SearchRecordsResponse> {
    const { limit = DEFAULT_LIMIT, archived = false } = request;
    const question = questionOf(request.q);
    const kinds = this.kindsFor(request, call);
    await this.caughtUp(kinds, call);
    const searches = kinds.map((record) => {
      const scope = scopeOf(call.principal, record.decider.aggregate);
      const { documents } = this.runtime.projection(record.projection);
      return new RecordSearch(record, documents, scope, { question, limit, archived });
    });
    const found: Finding[] = [];
    // What fits worse is looked for only where what fits better does not fill the answer.
    for (let level = 0; level < LEVELS.length && found.length < limit; level += 1)
      found.push(...(await Promise.all(searches.map((search) => search.at(level)))).flat().sort(latestFirst));
    const data = found.slice(0, limit);
    await this.noteReaders(data, call);
    return { data: data.map(({ record, level, updatedAt }) => ({ record, level, updatedAt })) };
  }

  /** Of which somebody may see any. */
  private kindsFor({ kinds }: searchV1.SearchRequest, { principal }: CallContext): readonly AnyRecord[] {
    const { context, records } = this.runtime.definition;
    if (!isPermitted(() => requirePermission(principal, `${context}.read`))) return [];
    return records.flatMap(({ record }) => {
      const isWanted = kinds.length === 0 || kinds.includes(record.decider.aggregate);
      return record.search && isWanted ? [record] : [];
    });
  }

  private async caughtUp(kinds: readonly AnyRecord[], { consistency }: CallContext): Promise<void> {
    const position = positionIn(consistency, this.runtime.definition.context);
    if (position === undefined) return;
    const lists = kinds.map(({ projection }) => this.runtime.projection(projection));
    await Promise.all(lists.map((list) => list.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  private async noteReaders(found: readonly Finding[], call: CallContext): Promise<void> {
    for (const [object, ofKind] of Map.groupBy(found, ({ record }) => record.kind))
      await noteReaders(
        this.commands,
        { object, method: 'search', documents: ofKind.map(({ document }) => document) },
        call,
      );
  }
}

const isPermitted = (require: () => void): boolean => {
  try {
    require();
    return true;
  } catch (failure) {
    if (failure instanceof DomainError && failure.kind === 'forbidden') return false;
    throw failure;
  }
};

const latestFirst = (one: Finding, other: Finding): number =>
  one.updatedAt === other.updatedAt
    ? one.record.id < other.record.id
      ? -1
      : 1
    : one.updatedAt > other.updatedAt
      ? -1
      : 1;
