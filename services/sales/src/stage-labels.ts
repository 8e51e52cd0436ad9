import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import { type Calendar, type CallContext, DomainError } from '@rapport/kernel';
import { CALENDAR, momentOf } from '@rapport/service-kit';
import { PipelineLookup } from './pipeline-lookup.js';

/** Says what the stage of one opportunity is called, from the pipeline's own events. Lists have it from their read models. */
@Injectable()
export class StageLabels {
  constructor(
    private readonly pipelines: PipelineLookup,
    @Inject(CALENDAR) private readonly calendar: Calendar,
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
    const { pipelineId, stageId, stage, status } = opportunity;
    if (pipelineId === undefined || stageId === undefined || stage === undefined || status !== 'open')
      return opportunity;
    const pipeline = await this.pipelines.overTime(pipelineId, call, axis);
    return { ...opportunity, stage: pipeline.nameOf(stageId, moment) ?? stage };
  }
}
