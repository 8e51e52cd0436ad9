import type { Position } from '@rapport/kernel';
import type {
  Aggregation,
  Collection,
  CollectionDeclaration,
  Document,
  DocumentKey,
  Filter,
  Group,
  Query,
  QueryPage,
} from '@rapport/read-models';

/** The collection that readers hold on to: asks whichever generation serves at that moment. */
export class LiveCollection<D extends Document> implements Collection<D> {
  /**
   * @param serving throws while nothing complete is there to be read
   * @param assured what has to be awaited before that is asked, if anything
   */
  constructor(
    private readonly serving: () => Collection<D>,
    private readonly assured: () => Promise<void> | undefined,
  ) {}

  get declaration(): CollectionDeclaration<D> {
    return this.serving().declaration;
  }

  get generation(): string {
    return this.serving().generation;
  }

  async get(tenant: string, id: string): Promise<D | undefined> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().get(tenant, id);
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().load(keys);
  }

  async query(tenant: string, query: Query): Promise<QueryPage<D>> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().query(tenant, query);
  }

  async count(tenant: string, filter?: Filter): Promise<number> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().count(tenant, filter);
  }

  async estimatedCount(tenant: string): Promise<number> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().estimatedCount(tenant);
  }

  async aggregate(tenant: string, aggregation: Aggregation): Promise<readonly Group[]> {
    const assured = this.assured();
    if (assured) await assured;
    return this.serving().aggregate(tenant, aggregation);
  }
}
