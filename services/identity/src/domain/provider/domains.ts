import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/** The tenant says that a domain is its own; whoever keeps the domain's names can prove it with the token. */
export type DomainNamed = DomainEvent<'DomainNamed', { readonly name: string; readonly token: string }>;

/** The token was found among the domain's names. */
export type DomainProved = DomainEvent<'DomainProved', { readonly name: string; readonly at: string }>;

export type DomainRemoved = DomainEvent<'DomainRemoved', { readonly name: string }>;

export type DomainsEvent = DomainNamed | DomainProved | DomainRemoved;

/** By name. */
export type DomainsState = Readonly<Record<string, { readonly token: string; readonly provedAt?: string }>>;

interface DomainsCommands {
  name: { readonly name: string; readonly token: string };
  prove: { readonly name: string };
  remove: { readonly name: string };
}

const MOST = 100;

const missing = (name: string) =>
  reject('not-found', 'domain-not-found', `${name} is none of the domains that were named. Name it first.`);

/** The domains of a tenant: whose addresses it answers for. */
export const domains: Decider<DomainsState, DomainsEvent, DomainsCommands> = {
  aggregate: 'domains',
  events: { DomainNamed: UNCHANGED, DomainProved: UNCHANGED, DomainRemoved: UNCHANGED },
  initialState: {},
  evolve: (state, { type, data }) => {
    const { [data.name]: before, ...others } = state;
    switch (type) {
      case 'DomainNamed':
        return { ...others, [data.name]: { token: data.token } };
      case 'DomainProved':
        return before ? { ...others, [data.name]: { ...before, provedAt: data.at } } : state;
      case 'DomainRemoved':
        return others;
    }
  },
  decide: {
    name: (state, data) => {
      if (state[data.name]) return [];
      if (Object.keys(state).length < MOST) return [{ type: 'DomainNamed', data }];
      return reject('conflict', 'too-many-domains', `A tenant has ${MOST} domains at most. Remove one first.`);
    },
    prove: (state, { name }, { at }) => {
      if (!state[name]) return missing(name);
      return state[name].provedAt === undefined ? [{ type: 'DomainProved', data: { name, at } }] : [];
    },
    remove: (state, { name }) => (state[name] ? [{ type: 'DomainRemoved', data: { name } }] : missing(name)),
  },
};

/** Whether the tenant answers for an e-mail address, which is given in the form in which they are compared. */
export const isOfProved = (state: DomainsState, emailKey: string): boolean =>
  state[emailKey.slice(emailKey.lastIndexOf('@') + 1)]?.provedAt !== undefined;
