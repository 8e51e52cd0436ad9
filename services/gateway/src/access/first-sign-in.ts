import { hash } from 'node:crypto';
import type { identityV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';
import type { Backend } from '@rapport/service-kit';
import { callOfGateway } from './call-of-gateway.js';
import { CREDENTIALS } from './credentials.js';

/** How to sign in for the first time; to be printed once and never stored. */
export interface FirstSignIn {
  readonly token: string;
  /** False when the token is the one that the configuration gave. */
  readonly generated: boolean;
  /** Where the first administrator chooses a password, once. */
  readonly link?: string;
}

export interface Administrator {
  readonly tenant: string;
  /** What the configuration gives. */
  readonly secret?: string | undefined;
}

/** Identity may begin later than the gateway; longer is waited for by whoever started both. */
const TRIES = 60;
const PAUSE_MILLISECONDS = 1_000;

/**
 * Makes sure that somebody can sign in: the first start creates an administrator, and a token from the configuration
 * works on every start, however often it is given. Waits for identity.
 */
export const ensureAdministrator = async (
  identity: Backend,
  { tenant, secret }: Administrator,
  logger: Logger | undefined,
): Promise<FirstSignIn | undefined> => {
  const digest = secret === undefined ? undefined : hash('sha256', secret, 'hex');
  const request: identityV1.EnsureAdministratorRequest = { digest };
  for (let attempt = 1; ; attempt += 1)
    try {
      const answer = await identity.invoke(CREDENTIALS, 'ensureAdministrator', request, callOfGateway(tenant));
      const { first, secret: made } = answer as identityV1.EnsuredAdministrator;
      return first ? { token: made ?? secret!, generated: made !== undefined } : undefined;
    } catch (failure) {
      if (!mayPass(failure) || attempt >= TRIES) throw failure;
      logger?.warn('Waits for identity', { attempt }, failure);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
};

const mayPass = (failure: unknown): boolean =>
  failure instanceof DomainError && (failure.kind === 'unavailable' || failure.kind === 'not-caught-up');
