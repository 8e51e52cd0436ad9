import { prefixOf, partsOf } from '@rapport/event-store';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { apiKey, type ApiKeyEvent } from '../domain/api-key/api-key.js';

/** A key as it is listed. No digest of a secret is here. */
export interface ApiKeyDocument extends Document {
  readonly name: string;
  readonly userId?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly expiresAt?: string;
  readonly revoked: boolean;
  readonly revokedAt?: string;
  readonly usedOn?: string;
  readonly formerUntil?: string;
  readonly createdAt: string;
}

export const apiKeyList: Projection<ApiKeyDocument> = {
  declaration: {
    name: 'api_keys',
    fields: { userId: 'text', revoked: 'boolean', createdAt: 'time' },
    indexes: [['revoked'], ['userId', 'createdAt'], ['createdAt']],
  },
  prefixes: [prefixOf(apiKey.aggregate)],
  fold: (document, event) => {
    const { id } = partsOf(event.stream);
    const before = document && { ...document, digest: '' };
    const state = apiKey.evolve(before, event as unknown as ApiKeyEvent);
    if (!state) return document;
    const { digest: _, former, ...rest } = state;
    const { tenant, occurredAt } = event.metadata;
    const formerUntil = former?.until ?? document?.formerUntil;
    const revokedAt = document?.revokedAt ?? (state.revoked ? occurredAt : undefined);
    return {
      ...rest,
      ...(formerUntil === undefined ? {} : { formerUntil }),
      ...(revokedAt === undefined ? {} : { revokedAt }),
      ...{ id, tenant, revision: event.revision, createdAt: document?.createdAt ?? occurredAt },
    };
  },
};
