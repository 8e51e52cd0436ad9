import type { salesV1 } from '@rapport/contracts';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import { type RecordedEvent, SHARED_FIELDS, type Share, sharedFields, type SharedFields } from '@rapport/kernel';
import { foldBy, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

/** What contacts remembers of an opportunity: whose it is, since who may see it goes by that, and with which account. */
export interface HeardOpportunity extends Document, SharedFields {
  readonly accountId?: string;
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly shares?: readonly Share[];
  readonly archived: boolean;
  /** When something last happened to it. */
  readonly updatedAt: string;
}

/** Opportunities of sales, as that context lets others hear of them. */
export const OPPORTUNITIES = externalAggregate('sales', 'opportunity');

export const heardOpportunities: Projection<HeardOpportunity> = {
  declaration: {
    name: 'heard_opportunities',
    fields: {
      ...{ id: 'text', accountId: 'text', ownerId: 'text', teamId: 'text', archived: 'boolean', updatedAt: 'time' },
      ...SHARED_FIELDS,
    },
    indexes: [],
    lookups: [['accountId', 'updatedAt']],
  },
  prefixes: [prefixOf(OPPORTUNITIES)],
  fold: (opportunity, event) => {
    const next = fold(opportunity ?? begun(event), event)!;
    return { ...next, updatedAt: event.metadata.occurredAt };
  },
};

/** As published: what is empty may be missing. */
type Heard<Data extends object> = Omit<RecordedEvent, 'data'> & { readonly data: Partial<Data> };
type Edit = Pick<salesV1.OpportunityChangeUndone, 'set' | 'cleared' | 'archived'>;
type Fold = (opportunity: HeardOpportunity | null, event: never) => HeardOpportunity | null;

const set: Fold = (opportunity, { data }: Heard<Edit>) => edited(opportunity!, data);

const fold = foldBy<HeardOpportunity>({
  OpportunityCreated: (opportunity, { data }: Heard<salesV1.OpportunityCreated>) =>
    edited(opportunity!, { set: data.opportunity }),
  OpportunityEdited: set,
  OpportunityChangeUndone: set,
  OpportunityArchived: (opportunity) => ({ ...opportunity!, archived: true }),
  OpportunityRestored: (opportunity) => ({ ...opportunity!, archived: false }),
});

const begun = ({ stream, metadata }: RecordedEvent): HeardOpportunity => {
  const { tenant, id } = partsOf(stream);
  return { id, tenant, archived: false, updatedAt: metadata.occurredAt };
};

const KEPT = ['accountId', 'ownerId', 'teamId', 'shares'] as const;

const edited = (opportunity: HeardOpportunity, { set, cleared = [], archived }: Partial<Edit>): HeardOpportunity => {
  const kept: Record<string, unknown> = { ...opportunity };
  for (const field of KEPT) {
    const value = set?.[field];
    if (Array.isArray(value) ? value.length > 0 : value) kept[field] = value;
    else if (cleared.includes(field)) delete kept[field];
  }
  const said = { ...kept, ...(archived !== undefined && { archived }) } as unknown as HeardOpportunity;
  return { ...said, ...sharedFields(said) };
};
