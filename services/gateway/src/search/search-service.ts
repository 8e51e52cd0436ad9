import type { searchV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';

const SEARCH = 'rapport.search.v1.ContextSearchService';
const DEFAULT_LIMIT = 20;

/** rapport.search.v1.SearchService: asks every context, and joins what they answer. */
export class SearchService {
  readonly #contexts: readonly Context[];

  constructor(contexts: readonly Context[]) {
    this.#contexts = contexts.filter(({ backend }) => backend.services.has(SEARCH));
  }

  async search(request: searchV1.SearchRequest, call: CallContext): Promise<searchV1.SearchResponse> {
    const parts = await Promise.allSettled(this.#contexts.map((context) => partOf(context, request, call)));
    const away = this.#contexts.filter((_, at) => parts[at]!.status === 'rejected').map(({ name }) => name);
    const failures = parts.flatMap((part) => (part.status === 'rejected' ? [part.reason as unknown] : []));
    const fault =
      failures.find((failure) => !isAway(failure)) ?? (away.length === parts.length ? failures[0] : undefined);
    if (fault !== undefined) throw fault as Error;
    const found = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
    const data = [...found].sort(bestFirst).slice(0, request.limit ?? DEFAULT_LIMIT);
    return { data: data.map(({ record }) => record!), missing: away };
  }
}

const partOf = async (
  { backend }: Context,
  request: searchV1.SearchRequest,
  { principal, correlationId, consistency, signal }: CallContext,
): Promise<readonly searchV1.RankedRecord[]> => {
  const own: CallContext = {
    ...{ principal, correlationId, answer: {} },
    ...(consistency === undefined ? {} : { consistency }),
    ...(signal ? { signal } : {}),
  };
  return ((await backend.invoke(SEARCH, 'searchRecords', request, own)) as searchV1.SearchRecordsResponse).data;
};

/** It cannot be reached, or its lists are being built. */
const isAway = (failure: unknown): boolean => failure instanceof DomainError && failure.kind === 'unavailable';

const bestFirst = (one: searchV1.RankedRecord, other: searchV1.RankedRecord): number => {
  if (one.level !== other.level) return one.level - other.level;
  if (one.updatedAt !== other.updatedAt) return one.updatedAt > other.updatedAt ? -1 : 1;
  return one.record!.id < other.record!.id ? -1 : 1;
};
