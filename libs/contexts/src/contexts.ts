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
}

/**
 * Every context of Rapport. What runs them, reaches them, watches them or describes them reads this list; where it needs
 * their code, it does so by a map over {@link ContextName}, so that one left out does not compile.
 */
export const contexts = [
  {
    name: 'contacts',
    title: 'Contacts',
    aggregates: ['contact', 'account'],
    importKinds: ['accounts', 'contacts'],
  },
  {
    name: 'sales',
    title: 'Sales',
    aggregates: ['opportunity', 'product', 'representative', 'pipeline'],
    importKinds: ['opportunities', 'products', 'representatives'],
  },
] as const satisfies readonly ContextEntry[];

export type ContextName = (typeof contexts)[number]['name'];
