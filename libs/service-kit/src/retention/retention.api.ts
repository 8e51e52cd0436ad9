import { requirePermission, scopeOf } from '@rapport/access';
import type { privacyV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { commandIdOf } from '../commands/command-identity.js';
import type { Handlers } from '../handlers.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { Retained } from './retained.js';
import { daysBefore, nextRunAfter, NO_COUNTS, type RetentionPolicy, type RetentionState } from './retention.js';
import { RetentionRuns } from './retention-runs.js';

/** So many records are shown by a dry run. */
const SHOWN = 100;

/** rapport.privacy.v1.RetentionService, as far as it is about this context. */
export class RetentionApi implements Handlers<privacyV1.RetentionService> {
  private readonly retained: Retained;
  private made: RetentionRuns | undefined;

  constructor(private readonly runtime: ServiceRuntime) {
    this.retained = new Retained(runtime);
  }

  async getRetention(_: privacyV1.GetRetentionRequest, { principal }: CallContext): Promise<privacyV1.Retention> {
    return this.told(await this.runs.state(principal.tenant));
  }

  async createRetentionPolicy(
    { policy: asked }: privacyV1.RetentionPolicyRequest,
    call: CallContext,
  ): Promise<privacyV1.Retention> {
    const policy = this.allowed(asked!, call);
    const nextRunAt = nextRunAfter(this.runtime.engines.clock.now());
    return this.told(await this.runs.step('set', { ...policy, nextRunAt }, call, commandIdOf(call, 'SetRetention')));
  }

  async deleteRetentionPolicy(
    { object }: privacyV1.DeleteRetentionPolicyRequest,
    call: CallContext,
  ): Promise<privacyV1.Retention> {
    const state = await this.runs.state(call.principal.tenant);
    const policy = state?.policies[object];
    if (policy) this.requireWhole(policy, call);
    return this.told(await this.runs.step('remove', { object }, call, commandIdOf(call, 'RemoveRetention')));
  }

  async tryRetentionPolicy(
    { policy: asked }: privacyV1.RetentionPolicyRequest,
    call: CallContext,
  ): Promise<privacyV1.RetentionTrial> {
    const policy = this.allowed(asked!, call);
    const before = daysBefore(this.runtime.engines.clock.now().toISOString(), policy.days);
    const { records, held, first } = await this.retained.due(call.principal.tenant, { ...policy, before }, SHOWN);
    const data = first.map(({ id, updatedAt, hold }) => ({ id, changedAt: updatedAt, held: hold !== undefined }));
    return { before, records, held, data };
  }

  async runRetention(_: privacyV1.RunRetentionRequest, call: CallContext): Promise<privacyV1.Retention> {
    const state = await this.runs.state(call.principal.tenant);
    for (const policy of Object.values(state?.policies ?? {})) this.requireWhole(policy, call);
    return this.told(await this.runs.step('begin', {}, call, commandIdOf(call, 'RunRetention')));
  }

  private allowed(
    { object, action, days, archivedOnly }: privacyV1.RetentionPolicy,
    call: CallContext,
  ): RetentionPolicy {
    const policy = { object, action: action as RetentionPolicy['action'], days, archivedOnly: archivedOnly ?? false };
    this.retained.check(policy);
    this.requireWhole(policy, call);
    return policy;
  }

  /** What happens by itself happens to all of them. */
  private requireWhole({ object, action }: RetentionPolicy, { principal }: CallContext): void {
    if (action === 'archive') requirePermission(principal, `${this.runtime.definition.context}.write`);
    if (scopeOf(principal, object, action === 'erase' ? 'erase' : 'delete').isWhole) return;
    const message = `A policy is about every ${object} there is, and your roles do not let you ${action} each of them. Ask an administrator.`;
    throw new DomainError('forbidden', 'retention-restricted', message);
  }

  private told(state: RetentionState): privacyV1.Retention {
    const run = state?.run ?? state?.last;
    const outcomes = (run?.policies ?? []).map(({ object, action, before }) => {
      const { counts = NO_COUNTS } = run!.progress[object] ?? {};
      return { object, action, before, ...counts };
    });
    return {
      policies: Object.values(state?.policies ?? {}),
      objects: Object.entries(this.retained.objects).map(([object, actions]) => ({ object, actions: [...actions] })),
      nextRunAt: state?.nextRunAt ?? undefined,
      running: state?.run !== undefined,
      outcomes,
    };
  }

  private get runs(): RetentionRuns {
    return (this.made ??= new RetentionRuns(this.runtime.provided));
  }
}
