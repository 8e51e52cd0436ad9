import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { MergeStatus, RecordedEvent } from '@rapport/kernel';
import { foldBy, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

/** Where the id of a contact leads that is a part of another by now. */
export type ContactAlias = Document & Pick<MergeStatus, 'mergedInto'>;

/** Aliases of contacts, as that context lets others hear of them. */
export const ALIASES = externalAggregate('contacts', 'alias');

export const contactAliases: Projection<ContactAlias> = {
  declaration: {
    name: 'contact_aliases',
    fields: { id: 'text', mergedInto: 'text' },
    indexes: [],
    lookups: [['mergedInto']],
  },
  prefixes: [prefixOf(ALIASES)],
  fold: foldBy<ContactAlias>({
    AliasMade: (_, event: RecordedEvent) => ({
      ...begun(event),
      mergedInto: (event.data as { readonly survivorId: string }).survivorId,
    }),
    AliasEnded: (_, event: RecordedEvent) => begun(event),
  }),
};

const begun = ({ stream }: RecordedEvent): ContactAlias => {
  const { tenant, id } = partsOf(stream);
  return { id, tenant };
};
