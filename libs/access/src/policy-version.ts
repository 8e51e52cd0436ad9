import { createHash } from 'node:crypto';
import type { Principal } from '@rapport/kernel';

/** Another one wherever a caller's rights are others; empty for a caller who sees everything of the tenant. */
export const policyVersion = ({ policy }: Pick<Principal, 'policy'>): string =>
  policy ? createHash('sha256').update(JSON.stringify(policy)).digest('base64url').slice(0, 16) : '';
