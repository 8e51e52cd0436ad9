import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext, Clock } from '@rapport/kernel';
import { CLOCK, type Handlers, momentOf, runBatch } from '@rapport/service-kit';
import { isOverdue } from '../domain/opportunity/opportunity.timers.js';
import { Directory } from '../read-models/directory.js';
import { OPPORTUNITIES, type OpportunityRecords } from '../records.js';
import { StageLabels } from '../stage-labels.js';
import { OpportunityWork } from './opportunity-work.js';

type Answer = Promise<salesV1.Opportunity>;

/** rapport.sales.v1.OpportunitiesService */
@Injectable()
export class OpportunitiesApi implements Handlers<salesV1.OpportunitiesService> {
  constructor(
    @Inject(OPPORTUNITIES) private readonly opportunities: OpportunityRecords,
    private readonly work: OpportunityWork,
    private readonly labels: StageLabels,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  createOpportunity({ opportunity }: salesV1.CreateOpportunityRequest, call: CallContext): Answer {
    return this.written(this.work.create(opportunity!, call), call);
  }

  async getOpportunity(request: typesV1.GetRecordRequest, call: CallContext): Answer {
    await this.directory.caughtUp(call);
    const opportunity = await this.opportunities.get(request, call);
    if (request.asOf === undefined) return this.named(opportunity, call);
    return this.named(await this.labels.asOf(opportunity, request, call), call, momentOf(request.asOf));
  }

  async listOpportunities(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<salesV1.ListOpportunitiesResponse> {
    await this.directory.caughtUp(call);
    const { data, page } = await this.opportunities.list(request, call);
    return { data: await this.shown(data, call), page };
  }

  async updateOpportunity(request: salesV1.UpdateOpportunityRequest, call: CallContext): Answer {
    const { id, opportunity, updateMask } = await this.work.withoutShownStage(request, call);
    return this.written(this.opportunities.edit(id, opportunity!, updateMask, call), call);
  }

  archiveOpportunity(request: typesV1.RecordRequest, call: CallContext): Answer {
    return this.written(this.opportunities.archive(request, call), call);
  }

  restoreOpportunity(request: typesV1.RecordRequest, call: CallContext): Answer {
    return this.written(this.opportunities.restore(request, call), call);
  }

  undoOpportunityChange(request: typesV1.UndoRequest, call: CallContext): Answer {
    return this.written(this.opportunities.undo(request, call), call);
  }

  listOpportunityHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.opportunities.history(request, call);
  }

  batchOpportunities(
    { rows }: salesV1.BatchOpportunitiesRequest,
    call: CallContext,
  ): Promise<salesV1.BatchOpportunitiesResponse> {
    const methods = this.opportunities.batchMethods('opportunity');
    const create = (opportunity: salesV1.Opportunity, row: CallContext): Answer => this.work.create(opportunity, row);
    const update = async (request: salesV1.UpdateOpportunityRequest, row: CallContext) =>
      methods.update(await this.work.withoutShownStage(request, row), row);
    return runBatch(rows, { ...methods, create, update }, call);
  }

  moveOpportunity(request: salesV1.MoveOpportunityRequest, call: CallContext): Answer {
    return this.written(this.work.move(request, call), call);
  }

  winOpportunity(request: salesV1.WinOpportunityRequest, call: CallContext): Answer {
    return this.written(this.work.win(request, call), call);
  }

  loseOpportunity(request: salesV1.LoseOpportunityRequest, call: CallContext): Answer {
    return this.written(this.work.lose(request, call), call);
  }

  reopenOpportunity(request: salesV1.ReopenOpportunityRequest, call: CallContext): Answer {
    return this.written(this.work.reopen(request, call), call);
  }

  private async written(answer: Answer, call: CallContext): Answer {
    return this.named(await this.labels.today(await answer, call), call);
  }

  private async named(opportunity: salesV1.Opportunity, call: CallContext, at?: string): Answer {
    const [named] = await this.shown([opportunity], call, at);
    return named!;
  }

  /** With what is not theirs, and what depends on when one looks. */
  private async shown(
    opportunities: readonly salesV1.Opportunity[],
    call: CallContext,
    at = this.clock.now().toISOString(),
  ): Promise<salesV1.Opportunity[]> {
    const named = await this.directory.named(opportunities, call);
    return named.map((each) => ({ ...each, overdue: isOverdue({ ...each, archived: each.info!.archived }, at) }));
  }
}
