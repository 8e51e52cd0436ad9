import { Inject, Injectable } from '@nestjs/common';
import { everythingOf, scopeOf } from '@rapport/access';
import type { salesV1 } from '@rapport/contracts';
import { type CallContext, type Clock, DomainError } from '@rapport/kernel';
import { and, type Group, isHidden, type Scope, where } from '@rapport/read-models';
import {
  CLOCK,
  filterOf,
  type Handlers,
  leadsOf,
  momentOf,
  RUNTIME,
  type ServiceRuntime,
  widened,
} from '@rapport/service-kit';
import type { Day } from '../domain/opportunity/day.js';
import { PipelineLookup } from '../pipeline-lookup.js';
import { Directory } from '../read-models/directory.js';
import { type Figures, FiguresInSight } from '../read-models/figures-in-sight.js';
import {
  checkPeriod,
  forecastDimensions,
  forecastFields,
  forecastGroups,
  forecastSums,
  IN_FORECAST,
} from '../read-models/forecast/forecast.js';
import { outcomeReport, outcomeSums } from '../read-models/outcomes/outcome-report.js';
import { boardAsOf, ON_BOARD } from '../read-models/pipeline-board/board.js';
import { currencySums, totals } from '../read-models/totals/totals.js';
import { dimensionNames } from '../read-models/won-value/won-dimensions.js';
import { fieldsBehind, IN_WON_REPORT, wonGroups, wonSums } from '../read-models/won-value/won-report.js';
import {
  BOARD_CELLS,
  FORECAST_CELLS,
  opportunities,
  type OpportunityRecords,
  WON_CELLS,
} from '../records/opportunities.js';

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
    const { scope, figures } = this.figures(BOARD_CELLS, ON_BOARD, day.asOf, call);
    const board = await boardAsOf(figures, scope, pipeline, day);
    return isHidden(scopeOf(call.principal, 'pipeline'), 'name') ? { ...board, pipelineName: '' } : board;
  }

  async getWonReport(request: salesV1.GetWonReportRequest, call: CallContext): Promise<salesV1.WonReport> {
    await this.records.caughtUp(call);
    const groupBy = [...dimensionNames(request.groupBy)];
    const asOf = request.asOf ?? this.today(call);
    const fields = fieldsBehind(groupBy);
    const { scope, figures } = this.figures(WON_CELLS, [...IN_WON_REPORT, ...fields], asOf, call);
    const sums = await wonSums(figures, scope, groupBy, { ...request, asOf });
    const names = await this.directory.namesOf(idsIn(fields, sums), call);
    return { groupBy, asOf, data: wonGroups(groupBy, sums, names) };
  }

  async getForecast(request: salesV1.GetForecastRequest, call: CallContext): Promise<salesV1.Forecast> {
    await this.records.caughtUp(call);
    const { from, to, asOf = this.today(call) } = request;
    checkPeriod(request);
    const groupBy = [...forecastDimensions(request.groupBy)];
    const { scope, figures } = this.figures(FORECAST_CELLS, [...IN_FORECAST, ...fieldsBehind(groupBy)], asOf, call);
    const sums = await forecastSums(figures, scope, groupBy, { ...request, asOf });
    const names = await this.directory.namesOf(idsIn(forecastFields(groupBy), sums), call);
    return { groupBy, from, to, asOf, data: forecastGroups(groupBy, sums, names) };
  }

  async getOutcomeReport(
    { pipelineId, filter }: salesV1.GetOutcomeReportRequest,
    call: CallContext,
  ): Promise<salesV1.OutcomeReport> {
    const { opportunities, asked } = await this.asked(filter, call);
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

  async getTotals({ filter }: salesV1.GetTotalsRequest, call: CallContext): Promise<salesV1.Totals> {
    const { opportunities, asked } = await this.asked(filter, call);
    return totals(await currencySums(opportunities, scopeOf(call.principal, 'opportunity'), asked));
  }

  /** The list as it is by now, and what somebody asks of it. */
  private async asked(filter: string | undefined, call: CallContext) {
    await this.records.caughtUp(call);
    await this.directory.caughtUp(call);
    const { opportunities } = this.directory;
    const zone = this.directory.zoneOf(call.principal.tenant);
    const named = filterOf({ filter }, { ...opportunities.declaration, zone });
    return { opportunities, asked: named && (await widened(named, call.principal.tenant, this.leadsTo)) };
  }

  /** Cells for whoever sees all that they add up; for others what they see, added up. */
  private figures(
    at: typeof BOARD_CELLS | typeof WON_CELLS | typeof FORECAST_CELLS,
    fields: readonly string[],
    day: Day,
    { principal }: CallContext,
  ): { readonly scope: Scope; readonly figures: Figures } {
    const scope = scopeOf(principal, 'opportunity');
    checkSeen(scope, fields);
    if (scope.rows === undefined) return { scope: everythingOf(principal.tenant), figures: this.list.cells(at) };
    const moment = momentOf(day, this.directory.zoneOf(principal.tenant));
    const parts = { list: this.list, events: this.runtime.events };
    return { scope, figures: new FiguresInSight(parts, opportunities.projection.cells![at]!, { day, moment }) };
  }

  /** Where ids in filters lead. */
  private get leadsTo() {
    return leadsOf(opportunities.kind.leadsTo ?? {}, this.runtime);
  }

  private get list() {
    return this.runtime.projection(opportunities.projection);
  }

  private today({ principal }: CallContext): Day {
    return this.directory.zoneOf(principal.tenant).dayOf(this.clock.now().toISOString());
  }
}

/** The ids that stand in sums under a field. */
const idsIn =
  (fields: readonly string[], sums: readonly Group[]) =>
  (field: string): string[] => {
    const place = fields.indexOf(field);
    return place < 0 ? [] : sums.map(({ key }) => key[place] as string);
  };

/**
 * What adds up something of each record tells of it, row by row in the end. @throws DomainError forbidden `hidden-field` for whoever does
 * not see such a field
 */
const checkSeen = (scope: Scope, fields: readonly string[]): void => {
  const hidden = fields.find(
    (field) => isHidden(scope, field) || scope.hidden.some((path) => path.startsWith(`${field}.`)),
  );
  if (hidden === undefined) return;
  const message = `This report says something of "${hidden}", which is hidden from you. Ask for another one, or an administrator.`;
  throw new DomainError('forbidden', 'hidden-field', message);
};
