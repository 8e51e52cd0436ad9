import { everythingOf } from '@rapport/access';
import { streamName, type EventStore } from '@rapport/event-store';
import { turn } from '@rapport/kernel';
import { type Cell, type CellProjection, contributed, type LiveProjection, withChange } from '@rapport/processing';
import { type Aggregation, type Documents, type Group, InMemoryDocuments, type Scope } from '@rapport/read-models';
import { upTo } from '@rapport/service-kit';
import type { OpportunityDocument } from './opportunities/opportunity-document.js';

/** What figures are added up of: cells, or what stands in their place for somebody who sees a part. */
export type Figures = Pick<Documents<Cell>, 'aggregate'>;

/** Where the opportunities are that somebody sees, as they are and as they were. */
export interface InSightParts {
  readonly list: Pick<LiveProjection<OpportunityDocument>, 'documents' | 'projection'>;
  readonly events: EventStore;
}

const AT_ONCE = 1000;
const HISTORIES_AT_ONCE = 50;

/**
 * Figures of the opportunities that somebody sees today, as they stood at a moment. Cells add up what everybody sees, and nothing
 * can be taken out of a sum; so here each opportunity adds what it contributes, and its own history says what that was.
 */
export class FiguresInSight implements Figures {
  /** @param moment the end of `day` */
  constructor(
    private readonly parts: InSightParts,
    private readonly cells: CellProjection<OpportunityDocument>,
    private readonly at: { readonly day: string; readonly moment: string },
  ) {}

  async aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    const sums = new Map<string, Cell>();
    const { documents } = this.parts.list;
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await documents.query(scope, { limit: AT_ONCE, ...(cursor === undefined ? {} : { cursor }) });
      for (let n = 0; n < page.documents.length; n += HISTORIES_AT_ONCE) {
        const then = page.documents.slice(n, n + HISTORIES_AT_ONCE).map((document) => this.asOf(document));
        for (const document of await Promise.all(then)) if (document) this.add(sums, document);
        await turn();
      }
      cursor = page.next;
    }
    const added = new InMemoryDocuments(this.cells.declaration);
    for (const [id, document] of sums) added.put(document.tenant, id, { document, position: '' });
    return added.aggregate(everythingOf(scope.tenant), aggregation);
  }

  private add(sums: Map<string, Cell>, document: OpportunityDocument): void {
    for (const change of contributed(this.cells, document, this.at.day))
      sums.set(change.id, withChange(sums.get(change.id) ?? null, change));
  }

  /** What has not changed since stood so then. */
  private async asOf(document: OpportunityDocument): Promise<OpportunityDocument | null> {
    const { moment } = this.at;
    const { id, tenant, createdAt, updatedAt } = document;
    if (updatedAt <= moment) return document;
    if (createdAt > moment) return null;
    const events = await Array.fromAsync(this.parts.events.read(streamName('opportunity', tenant, id)));
    const { projection } = this.parts.list;
    return upTo(events, moment, 'occurred').reduce<OpportunityDocument | null>(
      (state, event) => projection.fold(state, event, id),
      null,
    );
  }
}
