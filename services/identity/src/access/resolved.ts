import type { identityV1 } from '@rapport/contracts';
import { policyMessage, type Rights } from './rights.js';

/** What the gateway is told of a secret. */
export type Resolved = identityV1.Credential;

export const nobody = (state: 'unknown' | 'ended'): Resolved => ({
  ...{ state, tenant: '', id: '', name: '', userId: '', roles: [], permissions: [] },
  ...{ policy: undefined, expiresAt: undefined, signedInAt: undefined },
});

type Found = Partial<Pick<Resolved, 'tenant' | 'id' | 'name' | 'userId' | 'expiresAt' | 'signedInAt'>>;

export const somebody = (found: Found, { roles, permissions, policy }: Omit<Rights, 'name'>): Resolved => ({
  ...nobody('unknown'),
  ...{ state: 'valid', roles: [...roles], permissions: [...permissions], policy: policy && policyMessage(policy) },
  ...found,
});
