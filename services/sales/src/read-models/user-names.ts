import type { identityV1 } from '@rapport/contracts';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { foldBy, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

/** What sales remembers of a user: enough to name whom something belongs to, and to find that one by name. */
export interface UserName extends Document {
  readonly name: string;
  readonly externalId?: string;
  readonly archived: boolean;
  /** The name, while it is not to be used. */
  readonly nameAside?: string;
}

/** How identity's users are called here. */
export const USERS = externalAggregate('identity', 'user');

/** Users of identity, as that context lets others hear of them. */
export const userNames: Projection<UserName> = {
  declaration: {
    name: 'user_names',
    fields: { id: 'text', name: 'text', externalId: 'text', archived: 'boolean' },
    indexes: [['name']],
    lookups: [['externalId']],
  },
  prefixes: [prefixOf(USERS)],
  about: [{ field: 'id', forget: ({ nameAside: _, ...user }) => ({ ...user, name: '' }) }],
  fold: foldBy<UserName>({
    // What is personal is beside the rest, where it was sealed.
    UserCreated: (user, event: Heard<identityV1.UserCreated & identityV1.User>) =>
      named(known(user, event), { ...event.data.user, ...event.data }),
    UserEdited: (user, event: Heard<Edit>) => edited(known(user, event), event.data),
    UserChangeUndone: (user, event: Heard<Edit>) => edited(known(user, event), event.data),
    UserArchived: (user, event: RecordedEvent) => ({ ...known(user, event), archived: true }),
    UserRestored: (user, event: RecordedEvent) => ({ ...known(user, event), archived: false }),
    UserProcessingRestricted: (user, event: RecordedEvent) => {
      const { name, ...rest } = known(user, event);
      return { ...rest, nameAside: name, name: '' };
    },
    UserRestrictionLifted: (user, event: RecordedEvent) => {
      const { nameAside = '', ...rest } = known(user, event);
      return { ...rest, name: nameAside };
    },
    UserRectified: (user, event: Heard<Edit>) => edited(known(user, event), event.data),
    UserErased: (user, event: RecordedEvent) => {
      const { nameAside: _, ...rest } = known(user, event);
      return { ...rest, archived: true, name: '' };
    },
  }),
};

/** As published: what is empty may be missing. */
type Heard<Data extends object> = Omit<RecordedEvent, 'data'> & { readonly data: Partial<Data> };
type Edit = Pick<identityV1.UserChangeUndone, 'set' | 'cleared' | 'archived'>;

const known = (user: UserName | null, { stream }: Pick<RecordedEvent, 'stream'>): UserName => {
  const { tenant, id } = partsOf(stream);
  return user ?? { id, tenant, name: '', archived: false };
};

const named = (user: UserName, { name, externalId }: Partial<identityV1.User>): UserName => ({
  ...user,
  ...(name && { name }),
  ...(externalId && { externalId }),
});

const edited = (user: UserName, { set, cleared = [], archived = user.archived }: Partial<Edit>): UserName => {
  const { externalId, ...rest } = user;
  const isKept = externalId !== undefined && !cleared.includes('externalId');
  return named({ ...rest, ...(isKept && { externalId }), archived }, set ?? {});
};
