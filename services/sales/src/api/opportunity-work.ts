import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { salesV1 } from '@rapport/contracts';
import type { Calendar, CallContext, Clock } from '@rapport/kernel';
import { CALENDAR, CLOCK } from '@rapport/service-kit';
import type { Day } from '../domain/opportunity/day.js';
import type { OpportunityCommands, StageChoice } from '../domain/opportunity/opportunity.commands.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import { PipelineLookup } from '../pipeline-lookup.js';
import { opportunities, type OpportunityRecords } from '../records/opportunities.js';

/** What only opportunities can do: requests of the contract as commands, with the pipeline that they need. */
@Injectable()
export class OpportunityWork {
  constructor(
    @Inject(opportunities.token) private readonly opportunities: OpportunityRecords,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CALENDAR) private readonly calendar: Calendar,
    private readonly pipelines: PipelineLookup,
  ) {}

  async create(fields: salesV1.Opportunity, call: CallContext): Promise<salesV1.Opportunity> {
    const { pipelineId } = fields;
    const pipeline = pipelineId ? await this.pipelines.named(pipelineId, call) : await this.pipelines.first(call);
    return this.opportunities.create(fields, call, { pipeline, gate: gateFor(call) });
  }

  /**
   * An edit as it was asked for, without a stage that is shown so: the name of today, which a client sends back with the
   * rest, need not be the one under which the opportunity came there.
   */
  async edit(
    id: string,
    { stage, ...fields }: salesV1.Opportunity,
    mask: readonly string[],
    call: CallContext,
  ): Promise<salesV1.Opportunity> {
    // The stage that is shown may be another one when the same request comes again.
    const asked = [id, { ...fields, stage }, mask];
    const isNamed = stage !== undefined && (mask.length === 0 || mask.includes('stage'));
    if (!isNamed || stage !== (await this.shownStage(id, call)))
      return this.opportunities.edit(id, { ...fields, stage }, mask, call, asked);
    const others = mask.filter((field) => field !== 'stage');
    // An empty mask would name every field that is there.
    return this.opportunities.edit(id, mask.length > 0 && others.length === 0 ? {} : fields, others, call, asked);
  }

  private async shownStage(id: string, call: CallContext): Promise<string | undefined> {
    const { pipelineId, stageId } = await this.pipelines.stateOf(id, call);
    return (await this.pipelines.overTime(pipelineId, call)).nameOf(stageId);
  }

  async move(request: salesV1.MoveOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const { id, stage, stageId, pipelineId, probability } = request;
    const pipeline = await (pipelineId
      ? this.pipelines.named(pipelineId, call)
      : this.pipelines.ofOpportunity(id, call));
    const asked = { ...choiceOf(stage, stageId), ...given({ probability }) };
    return this.run(
      'move',
      id,
      { asked: { ...asked, pipelineId }, command: { ...asked, pipeline, gate: gateFor(call) } },
      call,
    );
  }

  win({ id, closedOn, amount }: salesV1.WinOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const command = given({ closedOn, amount });
    return this.run('win', id, { asked: command, command }, call, closedOn);
  }

  async lose(request: salesV1.LoseOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const { id, reason, notes, closedOn, lostTo } = request;
    const asked = { reason, notes, ...given({ closedOn, lostTo }) };
    const pipeline = await this.pipelines.ofOpportunity(id, call);
    return this.run('lose', id, { asked, command: { ...asked, pipeline } }, call, closedOn);
  }

  async reopen(request: salesV1.ReopenOpportunityRequest, call: CallContext): Promise<salesV1.Opportunity> {
    const { id, stage, stageId } = request;
    const asked = choiceOf(stage, stageId);
    const pipeline = await this.pipelines.ofOpportunity(id, call);
    return this.run('reopen', id, { asked, command: { ...asked, pipeline, gate: gateFor(call) } }, call);
  }

  /**
   * On an earlier day it happened then, or with the last change where that came later. What the caller asked for tells an
   * honest retry, not what was looked up for the command.
   */
  private run<C extends keyof OpportunityCommands>(
    name: C,
    id: string,
    { asked, command }: { readonly asked: object; readonly command: OpportunityCommands[C] },
    call: CallContext,
    day?: Day,
  ): Promise<salesV1.Opportunity> {
    const zone = this.calendar.zoneOf(call.principal.tenant);
    const past = day !== undefined && day < zone.dayOf(this.clock.now().toISOString());
    const decide = opportunity.decide[name];
    const step = {
      name: `${name[0]!.toUpperCase()}${name.slice(1)}Opportunity`,
      input: [id, asked],
      decide: (state: Parameters<typeof decide>[0], at: Parameters<typeof decide>[2]) => decide(state, command, at),
      whenTooEarly: 'clamp' as const,
      ...(past ? { occurredAt: zone.startOf(day) } : {}),
    };
    return this.opportunities.run(id, [step], call);
  }
}

const gateFor = ({ principal }: CallContext) => ({ unseen: scopeOf(principal, opportunity.aggregate).hidden });

/** Texts that are left out come as empty ones. */
const choiceOf = (stage: string | undefined, stageId: string | undefined): StageChoice => ({
  ...(stage ? { stage } : {}),
  ...(stageId ? { stageId } : {}),
});

type Given<T> = { [F in keyof T]?: Exclude<T[F], undefined> };

const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
