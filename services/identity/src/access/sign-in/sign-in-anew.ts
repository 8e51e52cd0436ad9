import { OPERATOR } from '@rapport/access';
import { type EventStore, streamName } from '@rapport/event-store';
import { type Clock, newId } from '@rapport/kernel';
import { appendExactly } from '@rapport/service-kit';
import { type ApiKeyIssued, apiKey } from '../../domain/api-key/api-key.js';
import { digestOf, newSecret } from '../secret.js';

/**
 * A way back for who has lost every token: another administrator's, written where identity keeps its facts. Nothing may be open
 * on them.
 */
export const signInAnew = async (events: EventStore, clock: Clock, tenant: string): Promise<string> => {
  const id = newId();
  const secret = newSecret('rapport', tenant, id);
  const data: ApiKeyIssued['data'] = {
    ...{ name: 'Administrator', roles: ['administrator', OPERATOR], digest: digestOf(secret) },
  };
  const metadata = {
    ...{ tenant, actor: { kind: 'system', id: 'sign-in' } as const, correlationId: newId(), commandId: newId() },
    ...{ occurredAt: clock.now().toISOString(), schemaVersion: 1 },
  };
  const event = { id: newId(), type: 'ApiKeyIssued', data, metadata };
  await appendExactly(events, streamName(apiKey.aggregate, tenant, id), [event], 'no-stream');
  return secret;
};
