import { instantOf, type Principal, type RecordedEvent } from '@rapport/kernel';
import { partsOf } from '@rapport/event-store';
import type { AccessTokenIssued } from './access-token.events.js';
import { permissionsOf } from '@rapport/access';

/** An access token as it is held in memory: who comes with it, and what they may do. */
export class Grant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string | undefined;
  readonly digest: string;
  readonly principal: Principal;
  readonly permissions: ReadonlySet<string>;
  readonly #expires: number;
  #revokedAt: string | undefined;

  constructor(issued: RecordedEvent<AccessTokenIssued>, known: readonly string[]) {
    const { tenant, id } = partsOf(issued.stream);
    const { name, roles, digest, expiresAt } = issued.data;
    this.id = id;
    this.name = name;
    this.createdAt = issued.metadata.occurredAt;
    this.expiresAt = expiresAt;
    this.digest = digest;
    this.principal = { tenant, actor: { kind: 'apiKey', id }, roles };
    this.permissions = permissionsOf(roles, known);
    this.#expires = expiresAt === undefined ? Infinity : instantOf(expiresAt).getTime();
  }

  get revokedAt(): string | undefined {
    return this.#revokedAt;
  }

  revoke(at: string): void {
    this.#revokedAt ??= at;
  }

  /** @param now milliseconds since 1970 */
  isValid(now: number): boolean {
    return this.#revokedAt === undefined && now < this.#expires;
  }
}
