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
  /** @param serving throws while nothing complete is there to be read */
  constructor(private readonly serving: () => Collection<D>) {}

  get declaration(): CollectionDeclaration<D> {
    return this.serving().declaration;
  }

  get generation(): string {
    return this.serving().generation;
  }

  async get(tenant: string, id: string): Promise<D | undefined> {
    return this.serving().get(tenant, id);
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    return this.serving().load(keys);
  }

  async query(tenant: string, query: Query): Promise<QueryPage<D>> {
    return this.serving().query(tenant, query);
  }

  async count(tenant: string, filter?: Filter): Promise<number> {
    return this.serving().count(tenant, filter);
  }

  async estimatedCount(tenant: string): Promise<number> {
    return this.serving().estimatedCount(tenant);
  }

  async aggregate(tenant: string, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.serving().aggregate(tenant, aggregation);
  }
}
