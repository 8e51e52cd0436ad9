import { checkTenant, DomainError } from '@rapport/kernel';
import type { Filter } from '../filter/filter.js';

/** What of a tenant's documents is left out of sight. */
export interface Restriction {
  /** Only documents that match; it may speak of hidden fields. All when left out. */
  readonly rows?: Filter;
  /** Fields (`amount`, with all that is in it) and nested fields (`amount.minor`) that are neither shown nor asked by. */
  readonly hidden?: readonly string[];
}

/**
 * What one reader may see of one kind of document. Every read takes one, so that a forgotten check does not compile: no
 * literal, no tenant and no `undefined` is a scope, and what was cast to one is refused by every engine. Immutable.
 * Made by `libs/access` alone.
 */
export class Scope {
  readonly #made = true;
  readonly tenant: string;
  readonly rows: Filter | undefined;
  readonly hidden: readonly string[];

  /** @throws DomainError invalid `bad-tenant`; internal `bad-scope` for hiding what every document is known by */
  constructor(tenant: string, { rows, hidden = NOTHING }: Restriction = EVERYTHING) {
    this.tenant = checkTenant(tenant);
    this.rows = rows;
    this.hidden = hidden === NOTHING ? hidden : Object.freeze([...hidden]);
    if (hidden.includes('id') || hidden.includes('tenant')) throw badScope('id and tenant cannot be hidden');
    Object.freeze(this);
  }

  /** Whether nothing of the tenant is out of sight. */
  get isWhole(): boolean {
    return this.rows === undefined && this.hidden.length === 0;
  }

  static isScope(value: unknown): value is Scope {
    return typeof value === 'object' && value !== null && #made in value;
  }
}

const NOTHING: readonly string[] = Object.freeze([]);
const EVERYTHING: Restriction = Object.freeze({});

/** The scope itself. Engines ask this first, of everything that claims to be one. @throws DomainError internal `bad-scope` */
export const checkScope = (scope: Scope): Scope => {
  if (Scope.isScope(scope)) return scope;
  throw badScope('a read was given something else in its place');
};

export const badScope = (what: string): DomainError =>
  new DomainError('internal', 'bad-scope', `This scope cannot be used: ${what}. Get it from libs/access.`);
