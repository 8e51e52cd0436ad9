import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { workspaceV1 } from '@rapport/contracts';
import { type CallContext, DomainError, type RecordedEvent } from '@rapport/kernel';
import {
  commandIdOf,
  type DeletionState,
  DeletionLog,
  type Handlers,
  RUNTIME,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { haveAllLooked } from './deletion-course.js';

const WEEK_MILLISECONDS = 7 * 24 * 3_600_000;

/** A request waits so long for what contexts find; where one of them is away, that follows. */
const PATIENCE_MILLISECONDS = 10_000;

/** rapport.workspace.v1.WorkspaceDeletionsService */
@Injectable()
export class WorkspaceDeletionsApi implements Handlers<workspaceV1.WorkspaceDeletionsService> {
  private made: DeletionLog | undefined;

  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async requestWorkspaceDeletion(
    { workspace }: workspaceV1.RequestWorkspaceDeletionRequest,
    call: CallContext,
  ): Promise<workspaceV1.WorkspaceDeletion> {
    const { tenant } = call.principal;
    if (workspace !== tenant) throw otherName(tenant);
    const { clock, deletionWait = WEEK_MILLISECONDS } = this.runtime.engines;
    const dueAt = new Date(clock.now().getTime() + deletionWait).toISOString();
    await this.log.run(
      'request',
      { receiptId: randomUUID(), dueAt },
      call,
      commandIdOf(call, 'RequestWorkspaceDeletion'),
    );
    const requested = await this.requested(tenant);
    const areAll = haveAllLooked(this.runtime.provided, requested!.id);
    const state = await this.log.until(
      tenant,
      (each) => areAll(each) && (each.order?.phase !== 'requested' || !each.checks.some(({ held }) => held > 0)),
      AbortSignal.timeout(PATIENCE_MILLISECONDS),
    );
    if (state?.order?.phase === 'stopped') throw onHold(state);
    return told(state, requested);
  }

  async cancelWorkspaceDeletion(_: object, call: CallContext): Promise<workspaceV1.WorkspaceDeletion> {
    await this.log.run('cancel', {}, call);
    return this.getWorkspaceDeletion(_, call);
  }

  async getWorkspaceDeletion(_: object, { principal }: CallContext): Promise<workspaceV1.WorkspaceDeletion> {
    const { tenant } = principal;
    return told(await this.log.state(tenant), await this.requested(tenant));
  }

  private async requested(tenant: string): Promise<RecordedEvent | undefined> {
    return (await this.log.history(tenant)).findLast(({ type }) => type === 'WorkspaceDeletionRequested');
  }

  private get log(): DeletionLog {
    return (this.made ??= new DeletionLog(this.runtime.provided));
  }
}

const told = (state: DeletionState, requested: RecordedEvent | undefined): workspaceV1.WorkspaceDeletion => {
  if (!state?.order || !requested)
    throw new DomainError('not-found', 'no-deletion', 'Nobody has asked for this workspace to be deleted.');
  const { phase, dueAt, receiptId } = state.order;
  return { state: phase, requestedAt: requested.metadata.occurredAt, dueAt, receiptId, holds: [...state.holds] };
};

const otherName = (tenant: string): DomainError => {
  const message = `This is not the name of the workspace that you are in. To delete it, give "${tenant}".`;
  const fields = [{ pointer: '/workspace', code: 'other-workspace', message }];
  return new DomainError('invalid', 'other-workspace', message, { fields });
};

const onHold = ({ holds }: NonNullable<DeletionState>): DomainError => {
  const named = holds.map(({ context, object, id }) => `${object} ${id} in ${context}`).join(', ');
  const message = `Records of this workspace are on legal hold, which stands above its deletion: ${named}. Nothing is deleted. Lift the holds first, if their reasons are gone.`;
  return new DomainError('conflict', 'on-hold', message);
};
