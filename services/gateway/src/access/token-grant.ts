import { permissionsOf } from '@rapport/access';
import { partsOf } from '@rapport/event-store';
import { instantOf, type RecordedEvent } from '@rapport/kernel';
import type { AccessTokenIssued } from './access-token.events.js';
import { Grant } from './grant.js';

/** An access token of the gateway's own. */
export class TokenGrant extends Grant {
  readonly createdAt: string;
  readonly expiresAt: string | undefined;
  readonly digest: string;

  /** @param known every permission that the contract knows */
  constructor(issued: RecordedEvent<AccessTokenIssued>, known: readonly string[]) {
    const { tenant, id } = partsOf(issued.stream);
    const { name, roles, digest, expiresAt } = issued.data;
    super({
      id,
      name,
      principal: { tenant, actor: { kind: 'apiKey', id }, roles },
      permissions: permissionsOf({ roles }, known),
      expires: expiresAt === undefined ? undefined : instantOf(expiresAt).getTime(),
    });
    this.createdAt = issued.metadata.occurredAt;
    this.expiresAt = expiresAt;
    this.digest = digest;
  }
}
