import { explainSight } from '@rapport/access';
import type { accessV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Handlers } from '../handlers.js';
import type { ServiceRuntime } from './service-runtime.js';

/** rapport.access.v1.SightService, of one context: asked by the gateway, in the name of whoever's policy it is. */
export class SightApi implements Handlers<accessV1.SightService> {
  constructor(private readonly runtime: ServiceRuntime) {}

  async explainSight(
    { object, id }: accessV1.ExplainSightRequest,
    { principal }: CallContext,
  ): Promise<accessV1.Explanation> {
    const { tenant, policy, roles } = principal;
    const kind = this.runtime.definition.records.find(({ record }) => record.decider.aggregate === object)?.record;
    let state: object | null = null;
    const stream = streamName(object, tenant, id);
    if (kind)
      for await (const event of this.runtime.events.read(stream))
        state = kind.projection.fold(state as never, event, id);
    if (state === null || !policy)
      throw new DomainError(
        'not-found',
        `${object}-not-found`,
        `There is no ${object} ${id}. Check the id, or list them.`,
      );
    const { visible, because, rules, hidden } = explainSight(policy, roles, object, state);
    return { visible, because, rules: rules.map((rule) => ({ ...rule })), hidden: [...hidden] };
  }
}
