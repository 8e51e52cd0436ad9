import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/** A user has the administrator's role from now on. */
export type AdministratorAppointed = DomainEvent<'AdministratorAppointed', { readonly userId: string }>;

/** A user is about to lose it, or to be deactivated. */
export type AdministratorDismissed = DomainEvent<'AdministratorDismissed', { readonly userId: string }>;

export type AdministratorsEvent = AdministratorAppointed | AdministratorDismissed;

export type AdministratorsState = readonly string[];

interface AdministratorsCommands {
  appoint: { readonly userId: string };
  dismiss: { readonly userId: string };
}

/** The users of a tenant who may do everything. The last one cannot be dismissed; where there never was one, nobody is missing. */
export const administrators: Decider<AdministratorsState, AdministratorsEvent, AdministratorsCommands> = {
  aggregate: 'administrators',
  events: { AdministratorAppointed: UNCHANGED, AdministratorDismissed: UNCHANGED },
  initialState: [],
  evolve: (state, { type, data: { userId } }) => {
    const others = state.filter((each) => each !== userId);
    return type === 'AdministratorAppointed' ? [...others, userId] : others;
  },
  decide: {
    appoint: (state, { userId }) =>
      state.includes(userId) ? [] : [{ type: 'AdministratorAppointed', data: { userId } }],
    dismiss: (state, { userId }) => {
      if (!state.includes(userId)) return [];
      if (state.length > 1) return [{ type: 'AdministratorDismissed', data: { userId } }];
      return reject(
        'conflict',
        'last-administrator',
        'This is the last administrator. Give the role to another active user first.',
        '/roleIds',
      );
    },
  },
};
