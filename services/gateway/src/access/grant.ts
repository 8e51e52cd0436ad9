import type { Principal } from '@rapport/kernel';

/** What somebody comes in with: who it is, and what they may do. */
export interface GrantParts {
  /** Of the token, or the key. */
  readonly id: string;
  readonly name: string;
  readonly principal: Principal;
  readonly permissions: ReadonlySet<string>;
  /** Milliseconds since 1970; never when absent. */
  readonly expires?: number | undefined;
  /** Of a session, when it was opened; milliseconds since 1970. */
  readonly signedInAt?: number | undefined;
}

/** A way in, as it is held in memory. */
export class Grant {
  readonly id: string;
  readonly name: string;
  readonly principal: Principal;
  readonly permissions: ReadonlySet<string>;
  readonly signedInAt: number | undefined;
  readonly #expires: number;
  #revokedAt: string | undefined;
  #ended: AbortController | undefined;

  constructor({ id, name, principal, permissions, expires = Infinity, signedInAt }: GrantParts) {
    this.id = id;
    this.name = name;
    this.principal = principal;
    this.permissions = permissions;
    this.signedInAt = signedInAt;
    this.#expires = expires;
  }

  get revokedAt(): string | undefined {
    return this.#revokedAt;
  }

  /** Aborted at the moment when it is revoked. */
  get ended(): AbortSignal {
    this.#ended ??= new AbortController();
    if (this.#revokedAt !== undefined) this.#ended.abort();
    return this.#ended.signal;
  }

  revoke(at: string): void {
    this.#revokedAt ??= at;
    this.#ended?.abort();
  }

  /** @param now milliseconds since 1970 */
  isValid(now: number): boolean {
    return this.#revokedAt === undefined && now < this.#expires;
  }
}
