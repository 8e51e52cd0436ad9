import { type EventStore, WrongExpectedRevision } from '@rapport/event-store';
import { type Clock, type EventMetadata, idFrom, newId } from '@rapport/kernel';
import { AccessTokens, digestOf, newSecret } from './access-tokens.js';
import { OPERATOR } from '@rapport/access';

/** How to sign in for the first time; to be printed once and never stored. */
export interface FirstSignIn {
  readonly token: string;
  /** False when the token is the one that the configuration gave. */
  readonly generated: boolean;
  /** Where the first administrator chooses a password, once. */
  readonly link?: string;
}

const ORIGIN: Pick<EventMetadata, 'actor' | 'correlationId'> = {
  actor: { kind: 'system', id: 'gateway' },
  correlationId: newId(),
};

/**
 * Makes sure that somebody can sign in: the first start creates an administrator, and a token from the configuration
 * works on every start, however often it is given.
 */
export const ensureAdministrator = async (
  tokens: AccessTokens,
  { tenant, secret }: { readonly tenant: string; readonly secret?: string | undefined },
): Promise<FirstSignIn | undefined> => {
  const first = tokens.isEmpty;
  if (secret === undefined && !first) return undefined;
  const token = secret ?? newSecret();
  if (!tokens.has(token)) await issue(tokens, tenant, token);
  return first ? { token, generated: secret === undefined } : undefined;
};

/**
 * A way back for who has lost every token: another administrator's, made where the tokens lie. No gateway may be open on
 * them: it would not hear of it.
 */
export const signInAnew = async (accessEvents: EventStore, clock: Clock, tenant: string): Promise<string> => {
  const tokens = new AccessTokens(accessEvents, clock, []);
  await tokens.open(() => undefined);
  try {
    const secret = newSecret();
    await issue(tokens, tenant, secret);
    return secret;
  } finally {
    await tokens.close();
  }
};

/** The id comes from the secret, so that two gateways starting together issue it once. */
const issue = async (tokens: AccessTokens, tenant: string, secret: string): Promise<void> => {
  const id = idFrom('administrator', tenant, digestOf(secret));
  const token = { id, tenant, secret, name: 'Administrator', roles: ['administrator', OPERATOR] };
  try {
    await tokens.issue(token, ORIGIN);
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
};
