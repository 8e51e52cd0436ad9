import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { salesV1 } from '@rapport/contracts';
import { type CallContext, type Clock, DomainError } from '@rapport/kernel';
import { and, type Scope, where } from '@rapport/read-models';
import { CLOCK, filterOf, type Handlers, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { Day } from '../domain/opportunity/day.js';
import { PipelineLookup } from '../pipeline-lookup.js';
import { Directory } from '../read-models/directory.js';
import { outcomeReport, outcomeSums } from '../read-models/outcomes/outcome-report.js';
import { boardAsOf } from '../read-models/pipeline-board/board.js';
import { dimensionNames } from '../read-models/won-value/won-dimensions.js';
import { fieldsBehind, wonGroups, wonSums } from '../read-models/won-value/won-report.js';
import { BOARD_CELLS, opportunities, type OpportunityRecords, WON_CELLS } from '../records/opportunities.js';

/** rapport.sales.v1.ReportsService */
@Injectable()
export class ReportsApi implements Handlers<salesV1.ReportsService> {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(opportunities.token) private readonly records: OpportunityRecords,
    private readonly pipelines: PipelineLookup,
    private readonly directory: Directory,
  ) {}

  async getBoard({ pipelineId, asOf }: salesV1.GetBoardRequest, call: CallContext): Promise<salesV1.Board> {
    await this.records.caughtUp(call);
    const pipeline = await this.pipelines.overTime(pipelineId, call);
    const day = { asOf: asOf ?? this.today(call), zone: this.directory.zoneOf(call.principal.tenant) };
    return boardAsOf(this.list.cells(BOARD_CELLS), wholeOf(call), pipeline, day);
  }

  async getWonReport(request: salesV1.GetWonReportRequest, call: CallContext): Promise<salesV1.WonReport> {
    await this.records.caughtUp(call);
    const scope = wholeOf(call);
    const groupBy = [...dimensionNames(request.groupBy)];
    const asOf = request.asOf ?? this.today(call);
    const sums = await wonSums(this.list.cells(WON_CELLS), scope, groupBy, { ...request, asOf });
    const fields = fieldsBehind(groupBy);
    const idsIn = (field: string): string[] => {
      const place = fields.indexOf(field);
      return place < 0 ? [] : sums.map(({ key }) => key[place] as string);
    };
    return { groupBy, asOf, data: wonGroups(groupBy, sums, await this.directory.namesOf(idsIn, call)) };
  }

  async getOutcomeReport(
    { pipelineId, filter }: salesV1.GetOutcomeReportRequest,
    call: CallContext,
  ): Promise<salesV1.OutcomeReport> {
    await this.records.caughtUp(call);
    await this.directory.caughtUp(call);
    const { opportunities } = this.directory;
    const asked = filterOf({ filter }, opportunities.declaration);
    const inPipeline = pipelineId === undefined ? [] : [where('pipelineId', '=', pipelineId)];
    const present = [...(asked ? [asked] : []), ...inPipeline, where('archived', '=', false)];
    const [sums, { documents }] = await Promise.all([
      outcomeSums(opportunities, scopeOf(call.principal, 'opportunity'), and(...present)),
      this.directory.pipelines.query(scopeOf(call.principal, 'pipeline'), {
        sort: [{ field: 'createdAt' }],
        limit: 1000,
      }),
    ]);
    const shown = documents.filter(({ id }) => pipelineId === undefined || id === pipelineId);
    return outcomeReport(sums, [...new Set(shown.flatMap(({ stages }) => stages.map(({ name }) => name)))]);
  }

  private get list() {
    return this.runtime.projection(opportunities.projection);
  }

  private today({ principal }: CallContext): Day {
    return this.directory.zoneOf(principal.tenant).dayOf(this.clock.now().toISOString());
  }
}

/**
 * Cells add up what all see. @throws DomainError forbidden `report-restricted` for a caller who does not see all of it: what is left out
 * of sight cannot be taken out of a sum
 */
const wholeOf = ({ principal }: CallContext): Scope => {
  const scope = scopeOf(principal, 'opportunity');
  if (scope.isWhole) return scope;
  const message =
    'This report adds up all opportunities, and your roles show you some of them, or not all of their fields. Ask for ' +
    '/v1/reports/outcomes instead, which adds up those that you see.';
  throw new DomainError('forbidden', 'report-restricted', message);
};
