import type {
  Aggregation,
  CollectionDeclaration,
  Document,
  Documents,
  Filter,
  Group,
  Query,
  QueryPage,
  Scope,
} from '@rapport/read-models';

/** The collection that readers hold on to: asks whichever generation serves at that moment. */
export class LiveCollection<D extends Document> implements Documents<D> {
  /**
   * @param serving throws while nothing complete is there to be read
   * @param assured what has to be awaited before that is asked, if anything
   */
  constructor(
    private readonly serving: () => Documents<D>,
    private readonly assured: () => Promise<void> | undefined,
  ) {}

  get declaration(): CollectionDeclaration<D> {
    return this.serving().declaration;
  }

  async get(scope: Scope, id: string): Promise<D | undefined> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().get(scope, id);
  }

  async getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, D>> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().getMany(scope, ids);
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<D>> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().query(scope, query);
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().count(scope, filter);
  }

  async estimatedCount(scope: Scope): Promise<number> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().estimatedCount(scope);
  }

  async aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().aggregate(scope, aggregation);
  }

  withFields(fields: CollectionDeclaration['fields']): Documents<D> {
    return new LiveCollection(() => this.serving().withFields(fields), this.assured);
  }
}
