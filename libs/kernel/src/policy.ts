/** What can be done with a record. `*` is all of them, but for `erase`, which has to be named. */
export const actions = ['read', 'create', 'edit', 'delete', 'export', 'import', 'transfer', 'share', 'erase'] as const;

export type Action = (typeof actions)[number];

/**
 * Of which records, each wider than the one before: none, those that one owns, those of the own teams, those of teams under
 * these as well, all of the tenant's.
 */
export const grantScopes = ['none', 'own', 'team', 'team-and-below', 'all'] as const;

export type GrantScope = (typeof grantScopes)[number];

/** May do something with records of one kind. The contract's form: `rapport.identity.v1.Grant`. */
export interface Grant {
  /** An aggregate, or what a list that follows from several is called: `contact`, `report`. `*` is each. */
  readonly object: string;
  readonly action: Action | '*';
  readonly scope: GrantScope;
}

/** What may be done with a field, each more than the one before. */
export const fieldAccesses = ['hidden', 'read', 'write'] as const;

/** What may be done with one field of records of one kind. The contract's form: `rapport.identity.v1.FieldGrant`. */
export interface FieldGrant {
  readonly object: string;
  /** As lists name it: `amount`, or `address.city`. */
  readonly field: string;
  readonly access: (typeof fieldAccesses)[number];
}

/** What somebody may do. Whoever has several roles may do what any of them says. */
export interface Role {
  readonly grants: readonly Grant[];
  /** What is said of no field may be read and written by whoever may read and edit the record. */
  readonly fields: readonly FieldGrant[];
}

/** Who somebody is and what their roles say, at the moment of a call: what is in sight and what may be done follows from it. */
export interface Policy {
  /** The ids under which records are theirs: the user's, and that of the representative who the user says to be, where that is another. */
  readonly owners: readonly string[];
  readonly teams: readonly string[];
  /** These and all that stand under them. */
  readonly teamsAndBelow: readonly string[];
  readonly roles: readonly Role[];
}
