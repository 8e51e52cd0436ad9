import { contexts } from '@rapport/contexts';
import type { accessV1, identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';

const SIGHT = 'rapport.access.v1.SightService';

/** Whether callers see records, as the context says that has them, at this moment. */
export class RecordSight {
  constructor(private readonly contexts: readonly Context[]) {}

  /** What is about no record of a context, such as one's own import, is one's own to see. */
  async sees({ object, recordId: id }: Pick<identityV1.Notification, 'object' | 'recordId'>, call: CallContext) {
    const having = contexts.find(({ aggregates }) => (aggregates as readonly string[]).includes(object));
    if (!having || having.name === 'identity') return true;
    const backend = this.contexts.find(({ name }) => name === having.name)?.backend;
    if (!backend) return false;
    const { principal, correlationId } = call;
    const asked: CallContext = {
      ...{ principal: { ...principal, permissions: ['credentials.read'] }, correlationId, answer: {} },
    };
    try {
      const explained = (await backend.invoke(SIGHT, 'explainSight', { object, id }, asked)) as accessV1.Explanation;
      return explained.visible;
    } catch (failure) {
      if (failure instanceof DomainError && failure.kind === 'not-found') return false;
      throw failure;
    }
  }
}
