import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/** Where people can sign in by OpenID Connect, as an administrator has said. */
export interface Provider {
  readonly name: string;
  /** Its address, exactly as it says it itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** Sealed, and never answered. */
  readonly clientSecret?: string;
  readonly scopes?: string;
  /** Which claim names the groups that somebody is in. */
  readonly groupsClaim?: string;
  /** Roles that follow from groups, at every sign-in. */
  readonly roles?: readonly { readonly group: string; readonly roleId: string }[];
  /** Whether somebody who is not known yet becomes a user. */
  readonly createsUsers?: boolean;
}

export type ProviderChange = { readonly [F in keyof Provider]?: Provider[F] | null };

export type ProviderAdded = DomainEvent<'ProviderAdded', Provider & { readonly providerId: string }>;
export type ProviderChanged = DomainEvent<
  'ProviderChanged',
  { readonly providerId: string; readonly set: ProviderChange }
>;
export type ProviderRemoved = DomainEvent<'ProviderRemoved', { readonly providerId: string }>;
export type ProvidersEvent = ProviderAdded | ProviderChanged | ProviderRemoved;

export type ProvidersState = Readonly<Record<string, Provider>>;

interface ProvidersCommands {
  add: { readonly providerId: string; readonly provider: Provider };
  change: { readonly providerId: string; readonly set: ProviderChange };
  remove: { readonly providerId: string };
}

const MOST = 20;

const missing = () => reject('not-found', 'provider-not-found', 'There is no such provider. List them.');

const patched = (provider: Provider, set: ProviderChange): Provider =>
  Object.fromEntries(
    Object.entries({ ...provider, ...set }).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as Provider;

/** All providers of a tenant, in one stream. */
export const providers: Decider<ProvidersState, ProvidersEvent, ProvidersCommands> = {
  aggregate: 'providers',
  events: { ProviderAdded: UNCHANGED, ProviderChanged: UNCHANGED, ProviderRemoved: UNCHANGED },
  initialState: {},
  evolve: (state, event) => {
    const { providerId } = event.data;
    const { [providerId]: before, ...others } = state;
    if (event.type === 'ProviderAdded') {
      const { providerId: _, ...provider } = event.data;
      return { ...others, [providerId]: provider };
    }
    if (event.type === 'ProviderRemoved' || !before) return others;
    return { ...others, [providerId]: patched(before, event.data.set) };
  },
  decide: {
    add: (state, { providerId, provider }) =>
      Object.keys(state).length < MOST
        ? [{ type: 'ProviderAdded', data: { providerId, ...provider } }]
        : reject('conflict', 'too-many-providers', `A tenant has ${MOST} providers at most. Remove one first.`),
    change: (state, data) => (state[data.providerId] ? [{ type: 'ProviderChanged', data }] : missing()),
    remove: (state, data) => (state[data.providerId] ? [{ type: 'ProviderRemoved', data }] : missing()),
  },
};
