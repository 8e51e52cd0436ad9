import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext, Clock } from '@rapport/kernel';
import { CLOCK, type Handlers, momentOf, runBatch } from '@rapport/service-kit';
import { isOverdue } from '../domain/opportunity/opportunity.timers.js';
import { Directory } from '../read-models/directory.js';
import { OPPORTUNITIES, type OpportunityRecords } from '../records.js';
import { OpportunityWork } from './opportunity-work.js';

type Answer = Promise<salesV1.Opportunity>;

/** rapport.sales.v1.OpportunitiesService */
@Injectable()
export class OpportunitiesApi implements Handlers<salesV1.OpportunitiesService> {
  constructor(
    @Inject(OPPORTUNITIES) private readonly opportunities: OpportunityRecords,
    private readonly work: OpportunityWork,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  createOpportunity({ opportunity }: salesV1.CreateOpportunityRequest, call: CallContext): Answer {
    return this.named(this.work.create(opportunity!, call), call);
  }

  getOpportunity(request: typesV1.GetRecordRequest, call: CallContext): Answer {
    return this.named(this.opportunities.get(request, call), call, request.asOf && momentOf(request.asOf));
  }

  async listOpportunities(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<salesV1.ListOpportunitiesResponse> {
    const { data, page } = await this.opportunities.list(request, call);
    return { data: await this.shown(data, call), page };
  }

  updateOpportunity({ id, opportunity, updateMask }: salesV1.UpdateOpportunityRequest, call: CallContext): Answer {
    return this.named(this.opportunities.edit(id, opportunity!, updateMask, call), call);
  }

  archiveOpportunity(request: typesV1.RecordRequest, call: CallContext): Answer {
    return this.named(this.opportunities.archive(request, call), call);
  }

  restoreOpportunity(request: typesV1.RecordRequest, call: CallContext): Answer {
    return this.named(this.opportunities.restore(request, call), call);
  }

  undoOpportunityChange(request: typesV1.UndoRequest, call: CallContext): Answer {
    return this.named(this.opportunities.undo(request, call), call);
  }

  listOpportunityHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.opportunities.history(request, call);
  }

  batchOpportunities(
    { rows }: salesV1.BatchOpportunitiesRequest,
    call: CallContext,
  ): Promise<salesV1.BatchOpportunitiesResponse> {
    const create = (opportunity: salesV1.Opportunity, row: CallContext): Answer => this.work.create(opportunity, row);
    return runBatch(rows, { ...this.opportunities.batchMethods('opportunity'), create }, call);
  }

  moveOpportunity(request: salesV1.MoveOpportunityRequest, call: CallContext): Answer {
    return this.named(this.work.move(request, call), call);
  }

  winOpportunity(request: salesV1.WinOpportunityRequest, call: CallContext): Answer {
    return this.named(this.work.win(request, call), call);
  }

  loseOpportunity(request: salesV1.LoseOpportunityRequest, call: CallContext): Answer {
    return this.named(this.work.lose(request, call), call);
  }

  reopenOpportunity(request: salesV1.ReopenOpportunityRequest, call: CallContext): Answer {
    return this.named(this.work.reopen(request, call), call);
  }

  private async named(answer: Answer, call: CallContext, at?: string): Answer {
    const [opportunity] = await this.shown([await answer], call, at);
    return opportunity!;
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
