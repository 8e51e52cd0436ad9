/** A bounded context, as everything outside of it needs to know it. */
export interface ContextEntry {
  /** `sales`: its folder in services/, its package `rapport.sales.v1` of the contract, its streams' namespace, its topic. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** What its streams are of, and its events are about. */
  readonly aggregates: readonly string[];
  /** What can be brought into it from a file, as in `/v1/imports/{kind}`. No two contexts have one in common. */
  readonly importKinds: readonly string[];
  /** Where gateways look for it on their own machine, unless they are told. */
  readonly port: number;
}

/**
 * Every context of Rapport. What runs them, reaches them, watches them or describes them reads this list; where it needs
 * their code, it does so by a map over {@link ContextName}, so that one left out does not compile.
 */
export const contexts = [
  {
    name: 'contacts',
    title: 'Contacts',
    aggregates: ['contact', 'account', 'activity', 'alias', 'consent', 'erasure', 'field', 'form', 'lead'],
    importKinds: ['accounts', 'contacts', 'leads'],
    port: 50_051,
  },
  {
    name: 'sales',
    title: 'Sales',
    aggregates: ['opportunity', 'product', 'representative', 'pipeline', 'erasure'],
    importKinds: ['opportunities', 'products', 'representatives'],
    port: 50_052,
  },
  {
    name: 'identity',
    title: 'Identity',
    aggregates: ['tenant', 'user', 'team', 'role', 'erasure'],
    importKinds: [],
    port: 50_053,
  },
] as const satisfies readonly ContextEntry[];

type Contexts = (typeof contexts)[number];

export type ContextName = Contexts['name'];

/** One context, with its own names as types. */
export type Context<Name extends ContextName> = Extract<Contexts, { readonly name: Name }>;

/** `contact` or `account`, of contacts. */
export type AggregateOf<Name extends ContextName> = Context<Name>['aggregates'][number];

export const contextNames: readonly ContextName[] = contexts.map(({ name }) => name);

export const contextOf = <Name extends ContextName>(name: Name): Context<Name> =>
  contexts.find((context): context is Context<Name> => context.name === name)!;

/** Something of each context, by its name. */
export const ofEachContext = <T>(make: (name: ContextName) => T): Readonly<Record<ContextName, T>> =>
  Object.fromEntries(contextNames.map((name) => [name, make(name)])) as Record<ContextName, T>;

/** The setting that tells a gateway where a context takes calls: `RAPPORT_SALES_ADDRESS`. */
export const addressVariable = (name: string): string => `RAPPORT_${name.toUpperCase()}_ADDRESS`;
