import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { salesV1, typesV1 } from '@rapport/contracts';
import { type Calendar, type CallContext, type Clock, DomainError } from '@rapport/kernel';
import { isHidden } from '@rapport/read-models';
import { CALENDAR, CLOCK, momentOf } from '@rapport/service-kit';
import { standingAt } from './domain/opportunity/standing.js';
import { PipelineLookup } from './pipeline-lookup.js';

/** Says what the stage of one opportunity is called, and for how long it stands there, from the pipeline's own events. Lists have it from their read models. */
@Injectable()
export class StageLabels {
  constructor(
    private readonly pipelines: PipelineLookup,
    @Inject(CALENDAR) private readonly calendar: Calendar,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Today. Whatever comes in between: what was written is answered, if need be with the name that came with it. */
  today(opportunity: salesV1.Opportunity, call: CallContext): Promise<salesV1.Opportunity> {
    return this.labelled(opportunity, call).catch(() => opportunity);
  }

  /** At the moment that is asked for. */
  asOf(
    opportunity: salesV1.Opportunity,
    { asOf, asOfBy }: typesV1.GetRecordRequest,
    call: CallContext,
  ): Promise<salesV1.Opportunity> {
    const then = asOf === undefined ? undefined : momentOf(asOf, this.calendar.zoneOf(call.principal.tenant));
    return this.labelled(opportunity, call, then, asOfBy === 'recorded' ? 'recorded' : 'occurred').catch(
      (failure: unknown) => {
        if (failure instanceof DomainError && failure.kind === 'not-found') return opportunity;
        throw failure;
      },
    );
  }

  private async labelled(
    opportunity: salesV1.Opportunity,
    call: CallContext,
    moment?: string,
    axis: 'occurred' | 'recorded' = 'occurred',
  ): Promise<salesV1.Opportunity> {
    const { pipelineId, stageId, stage, status, stageEnteredAt, info } = opportunity;
    if (pipelineId === undefined || stageId === undefined || stage === undefined) return opportunity;
    const placed = { status, archived: info!.archived, stageEnteredAt: stageEnteredAt ?? '' };
    const pipeline = status === 'open' ? await this.pipelines.overTime(pipelineId, call, axis) : undefined;
    const known = pipeline?.stageOf(stageId, moment);
    const named = { ...opportunity, stage: known?.name ?? stage };
    if (isHidden(scopeOf(call.principal, 'opportunity'), 'stale')) return named;
    const zone = this.calendar.zoneOf(call.principal.tenant);
    return { ...named, ...standingAt(placed, known ?? {}, moment ?? this.clock.now().toISOString(), zone) };
  }
}
