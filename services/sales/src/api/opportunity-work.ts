import { Inject, Injectable } from '@nestjs/common';
import type { salesV1 } from '@rapport/contracts';
import type { CallContext, Clock } from '@rapport/kernel';
import { CLOCK } from '@rapport/service-kit';
import { type Day, dayOf, startOf } from '../domain/opportunity/day.js';
import type { OpportunityCommands } from '../domain/opportunity/opportunity.commands.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import { PipelineLookup } from '../pipeline-lookup.js';
import { OPPORTUNITIES, type OpportunityRecords } from '../records.js';

/** What only opportunities can do: requests of the contract as commands, with the pipeline that they need. */
@Injectable()
export class OpportunityWork {
  constructor(
    @Inject(OPPORTUNITIES) private readonly opportunities: OpportunityRecords,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly pipelines: PipelineLookup,
  ) {}

  async create({ pipelineId, ...fields }: salesV1.Opportunity, call: CallContext): Promise<salesV1.Opportunity> {
    const pipeline = pipelineId ? await this.pipelines.named(pipelineId, call) : await this.pipelines.first(call);
    return this.opportunities.create({ ...fields, ...NOT_TAKEN }, call, { pipeline });
  }

  async move(request: salesV1.MoveOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const { id, stage, pipelineId, probability } = request;
    const pipeline = await (pipelineId
      ? this.pipelines.named(pipelineId, call)
      : this.pipelines.ofOpportunity(id, call));
    return this.run('move', id, { stage, pipeline, ...given({ probability }) }, call);
  }

  win({ id, closedOn, amount }: salesV1.WinOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    return this.run('win', id, given({ closedOn, amount }), call, closedOn);
  }

  lose(request: salesV1.LoseOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const { id, reason, notes, closedOn } = request;
    return this.run('lose', id, { reason, notes, ...given({ closedOn }) }, call, closedOn);
  }

  async reopen({ id, stage }: salesV1.ReopenOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const pipeline = await this.pipelines.ofOpportunity(id, call);
    return this.run('reopen', id, { pipeline, ...(stage ? { stage } : {}) }, call);
  }

  /** On an earlier day it happened then, or with the last change where that came later. */
  private run<C extends keyof OpportunityCommands>(
    command: C,
    id: string,
    input: OpportunityCommands[C],
    call: CallContext,
    day?: Day,
  ): Promise<salesV1.Opportunity> {
    const past = day !== undefined && day < dayOf(this.clock.now().toISOString());
    const decide = opportunity.decide[command];
    const step = {
      name: `${command[0]!.toUpperCase()}${command.slice(1)}Opportunity`,
      input: [id, input],
      decide: (state: Parameters<typeof decide>[0], at: Parameters<typeof decide>[2]) => decide(state, input, at),
      whenTooEarly: 'clamp' as const,
      ...(past ? { occurredAt: startOf(day) } : {}),
    };
    return this.opportunities.run(id, [step], call);
  }
}

/** Shown by the contract, decided by events. */
const NOT_TAKEN = {
  status: undefined,
  closedOn: undefined,
  openedOn: undefined,
  stageEnteredAt: undefined,
  lostReason: undefined,
  lostNotes: undefined,
  accountName: undefined,
  ownerName: undefined,
  productName: undefined,
  overdue: undefined,
};

type Given<T> = { [F in keyof T]?: Exclude<T[F], undefined> };

const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
