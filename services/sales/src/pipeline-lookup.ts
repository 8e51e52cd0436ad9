import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { type CallContext, DomainError, fold } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import type { TimeAxis } from '@rapport/service-kit';
import { opportunity } from './domain/opportunity/opportunity.decide.js';
import type { OpportunityEvent } from './domain/opportunity/opportunity.events.js';
import type { Opportunity } from './domain/opportunity/opportunity.fields.js';
import type { PipelineEvent } from './domain/pipeline/pipeline.events.js';
import { PipelineOverTime, type PipelineSince } from './domain/pipeline/pipeline-over-time.js';
import { pipeline, type PipelineStages, type PipelineState } from './domain/pipeline/pipeline.js';
import { Directory } from './read-models/directory.js';
import { opportunities, type OpportunityRecords } from './records/opportunities.js';
import { type PipelineRecords, pipelines } from './records/pipelines.js';

/** Finds the pipeline that a command needs, from the events themselves, so that it is never behind. */
@Injectable()
export class PipelineLookup {
  constructor(
    @Inject(pipelines.token) private readonly pipelines: PipelineRecords,
    @Inject(opportunities.token) private readonly opportunities: OpportunityRecords,
    private readonly directory: Directory,
  ) {}

  /** @throws DomainError not-found */
  async byId(id: string, call: CallContext): Promise<PipelineStages> {
    return (await this.overTime(id, call)).today;
  }

  /** By the time when things happened, or when Rapport learnt of them. @throws DomainError not-found */
  async overTime(id: string, call: CallContext, axis: TimeAxis = 'occurred'): Promise<PipelineOverTime> {
    let state: PipelineState = pipeline.initialState;
    const states = (await this.pipelines.load(id, call)).map((event): PipelineSince => {
      state = pipeline.evolve(state, event as unknown as PipelineEvent);
      const since = axis === 'recorded' ? event.recordedAt : event.metadata.occurredAt;
      const { name = '', stages = [], lostReasons = [] } = state ?? {};
      return { since, pipeline: { id, name, stages, lostReasons } };
    });
    return new PipelineOverTime(states as [PipelineSince, ...PipelineSince[]]);
  }

  /** The one that `pipelineId` in a request's body names. @throws DomainError invalid, at that field */
  async named(id: string, call: CallContext): Promise<PipelineStages> {
    try {
      return await this.byId(id, call);
    } catch (error) {
      if (!(error instanceof DomainError && error.kind === 'not-found')) throw error;
      const { code, message } = error;
      throw new DomainError('invalid', code, message, { fields: [{ pointer: '/pipelineId', code, message }] });
    }
  }

  /** The tenant's oldest that is not archived. @throws DomainError conflict when there is none */
  async first(call: CallContext): Promise<PipelineStages> {
    await this.directory.caughtUp(call);
    const { documents } = await this.directory.pipelines.query(scopeOf(call.principal, 'pipeline'), {
      filter: where('archived', '=', false),
      sort: [{ field: 'createdAt' }],
      limit: 1,
    });
    if (documents[0]) return documents[0];
    throw new DomainError(
      'conflict',
      'no-pipeline',
      'There is no pipeline yet. Create one first (POST /v1/pipelines).',
    );
  }

  /** The one that an opportunity is in. @throws DomainError not-found */
  async ofOpportunity(id: string, call: CallContext): Promise<PipelineStages> {
    return this.byId((await this.stateOf(id, call)).pipelineId, call);
  }

  /** An opportunity as it is. @throws DomainError not-found */
  async stateOf(id: string, call: CallContext): Promise<Opportunity> {
    const events = await this.opportunities.load(id, call);
    return fold(opportunity, events as unknown as readonly OpportunityEvent[])!;
  }
}
