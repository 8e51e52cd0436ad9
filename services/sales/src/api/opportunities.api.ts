import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { salesV1, typesV1 } from '@rapport/contracts';
import { type CallContext, type Clock, percentOf } from '@rapport/kernel';
import { isHidden } from '@rapport/read-models';
import { CLOCK, momentOf, type RecordApi } from '@rapport/service-kit';
import { isOverdue } from '../domain/opportunity/opportunity.timers.js';
import { Directory } from '../read-models/directory.js';
import { opportunities, type OpportunityRecords } from '../records/opportunities.js';
import { StageLabels } from '../stage-labels.js';
import { OpportunityWork } from './opportunity-work.js';

type Answer = Promise<salesV1.Opportunity>;

/** What only opportunities can do, and that they are shown with the names of stages and of what they lead to. */
@Injectable()
export class OpportunitiesApi implements RecordApi<typeof opportunities> {
  constructor(
    @Inject(opportunities.token) private readonly opportunities: OpportunityRecords,
    private readonly work: OpportunityWork,
    private readonly labels: StageLabels,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  create(opportunity: salesV1.Opportunity, call: CallContext): Answer {
    return this.work.create(opportunity, call);
  }

  edit(id: string, opportunity: salesV1.Opportunity, mask: readonly string[], call: CallContext): Answer {
    return this.work.edit(id, opportunity, mask, call);
  }

  /** It has happened: the answer says so, also when the names behind its ids cannot be had. */
  written(opportunity: salesV1.Opportunity, call: CallContext): Answer {
    const named = async (): Answer => this.named(await this.labels.today(opportunity, call), call);
    return this.directory.ifPossible(named, this.judged(opportunity, call));
  }

  async getOpportunity(request: typesV1.GetRecordRequest, call: CallContext): Answer {
    await this.directory.caughtUp(call);
    const opportunity = await this.opportunities.get(request, call);
    if (request.asOf === undefined) return this.named(opportunity, call);
    return this.named(
      await this.labels.asOf(opportunity, request, call),
      call,
      momentOf(request.asOf, this.directory.zoneOf(call.principal.tenant)),
    );
  }

  async listOpportunities(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<salesV1.ListOpportunitiesResponse> {
    await this.directory.caughtUp(call);
    const { data, page } = await this.opportunities.list(request, call);
    return { data: await this.shown(data, call), page };
  }

  async moveOpportunity(request: salesV1.MoveOpportunityRequest, call: CallContext): Answer {
    return this.written(await this.work.move(request, call), call);
  }

  async winOpportunity(request: salesV1.WinOpportunityRequest, call: CallContext): Answer {
    return this.written(await this.work.win(request, call), call);
  }

  async loseOpportunity(request: salesV1.LoseOpportunityRequest, call: CallContext): Answer {
    return this.written(await this.work.lose(request, call), call);
  }

  async reopenOpportunity(request: salesV1.ReopenOpportunityRequest, call: CallContext): Answer {
    return this.written(await this.work.reopen(request, call), call);
  }

  private async named(opportunity: salesV1.Opportunity, call: CallContext, at?: string): Answer {
    const [named] = await this.shown([opportunity], call, at);
    return named!;
  }

  /** With what is not theirs, and what depends on when one looks. */
  private async shown(
    opportunities: readonly salesV1.Opportunity[],
    call: CallContext,
    at?: string,
  ): Promise<salesV1.Opportunity[]> {
    const named = await this.directory.named(opportunities, call);
    return named.map((each) => this.judged(each, call, at));
  }

  private judged(
    opportunity: salesV1.Opportunity,
    { principal }: CallContext,
    at = this.clock.now().toISOString(),
  ): salesV1.Opportunity {
    const { amount, probability, info } = opportunity;
    const { archived } = info!;
    const isShown = !isHidden(scopeOf(principal, 'opportunity'), 'expectedRevenue');
    const expected = isShown && amount ? { ...amount, minor: percentOf(amount.minor, probability ?? 0) } : undefined;
    return {
      ...opportunity,
      expectedRevenue: expected,
      overdue: isOverdue({ ...opportunity, archived }, at, this.directory.zoneOf(principal.tenant)),
    };
  }
}
