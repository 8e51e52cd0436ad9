import { beforeAll, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idFrom, isRejection, positionOf, type RecordedEvent, UTC } from '@rapport/kernel';
import { type Cell, Projector } from '@rapport/processing';
import { type Collection, InMemoryReadModelStore } from '@rapport/read-models';
import { bringTo, type OpportunityTarget } from '../domain/opportunity/opportunity.bring-to.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import { hardwareSales } from '../domain/opportunity/opportunity.examples.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import { PipelineOverTime } from '../domain/pipeline/pipeline-over-time.js';
import { BOARD_CELLS, opportunities, type OpportunityDocument, WON_CELLS } from '../records/opportunities.js';
import { type PipelineDocument, pipelines } from '../records/pipelines.js';
import { outcomeReport, outcomeSums } from './outcomes/outcome-report.js';
import { boardAsOf } from './pipeline-board/board.js';
import { OpportunitiesByStage } from './stages/opportunities-by-stage.js';
import type { Names } from './won-value/won-dimensions.js';
import { wonGroups, wonSums } from './won-value/won-report.js';

const folder = process.env.RAPPORT_REAL_DATA;
const withData = folder ? describe : describe.skip;
const independent = fileURLToPath(new URL('../../../../tests/independent/board-as-of.mjs', import.meta.url));

const tenant = 'main';
const importedAt = '2026-01-01T00:00:00.000Z';
const hardware = new PipelineOverTime([{ since: importedAt, pipeline: hardwareSales }]);
const neverChanged = { revision: 0, createdAt: importedAt, updatedAt: importedAt };
const stages = hardwareSales.stages.map(({ name }) => name);

const rowsOf = (file: string): readonly Record<string, string>[] => {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\r\n');
  const columns = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [columns[index]!, value])));
};

const targetOf = (row: Record<string, string>): OpportunityTarget => ({
  fields: {
    name: row.opportunity_id!,
    ownerId: row.sales_agent!,
    productId: row.product!,
    ...(row.account ? { accountId: row.account } : {}),
    ...(row.close_value ? { amount: { minor: Number(row.close_value) * 100, currency: 'USD' } } : {}),
  },
  stage: row.deal_stage!,
  ...(row.engage_date ? { openedOn: row.engage_date } : {}),
  ...(row.close_date ? { closedOn: row.close_date } : {}),
});

/** Decides a row's commands and records their events, as a store would. */
const eventsOf = (row: Record<string, string>, nextPosition: () => string): readonly RecordedEvent[] => {
  const id = idFrom(row.opportunity_id!);
  const target = targetOf(row);
  const events: RecordedEvent[] = [];
  let state: OpportunityState = null;
  for (const { command, input, day } of bringTo(null, target, { at: importedAt, pipeline: hardwareSales })) {
    const occurredAt = day === undefined ? importedAt : UTC.startOf(day);
    const decision = opportunity.decide[command](state, input as never, { at: occurredAt, id });
    if (isRejection(decision)) throw new Error(`${row.opportunity_id}: ${decision.message}`);
    for (const event of decision) {
      const revision = events.length;
      const metadata = { tenant, occurredAt } as RecordedEvent['metadata'];
      const place = {
        stream: `opportunity-${tenant}-${id}`,
        revision,
        position: nextPosition(),
        recordedAt: importedAt,
      };
      events.push({ ...event, id: idFrom(id, revision), metadata, ...place });
      state = opportunity.evolve(state, event);
    }
  }
  expect(bringTo(state, target, { at: importedAt, pipeline: hardwareSales })).toEqual([]);
  return events;
};

withData('a real pipeline of 8,800 opportunities (needs RAPPORT_REAL_DATA, skipped without)', () => {
  let documents: OpportunitiesByStage;
  let board: Collection<Cell>;
  let won: Collection<Cell>;
  let names: Names;
  const csv = join(folder ?? '', 'maven-crm', 'sales_pipeline.csv');

  beforeAll(async () => {
    let place = 0;
    const events = rowsOf(csv).flatMap((row) => eventsOf(row, () => positionOf(++place)));
    const projector = await Projector.open(new InMemoryReadModelStore(), opportunities.projection, 'first');
    for (let from = 0; from < events.length; from += 500) {
      const page = events.slice(from, from + 500);
      await projector.handle({ events: page, position: page.at(-1)!.position, caughtUp: false });
    }
    const pipeline: PipelineDocument = { ...hardwareSales, tenant, archived: false, ...neverChanged };
    const store = new InMemoryReadModelStore();
    const collection = await store.collection(pipelines.projection.declaration);
    const write = { collection, tenant, id: pipeline.id, position: positionOf(1), document: pipeline };
    await store.write({ writes: [write] });
    const days = { now: () => importedAt, zoneOf: () => UTC };
    documents = new OpportunitiesByStage(projector.documents as Collection<OpportunityDocument>, collection, days);
    board = projector.cells[BOARD_CELLS]!;
    won = projector.cells[WON_CELLS]!;
    const teams = rowsOf(join(folder!, 'maven-crm', 'sales_teams.csv'));
    const owners = teams.map(({ sales_agent: name = '', manager = '', regional_office: region = '' }) => ({
      name,
      manager,
      region,
    }));
    const none = new Map<string, { name: string }>();
    names = {
      fiscalYearStartsIn: 1,
      owners: new Map(owners.map((owner) => [owner.name, owner])),
      products: none,
      accounts: none,
      survivors: new Map(),
      pipelines: none,
    };
  });

  const wonBy = async (dimension: string, period: object = {}) =>
    wonGroups(
      [dimension],
      await wonSums(won, everythingOf(tenant), [dimension], { asOf: '2026-12-31', ...period }),
      names,
    );

  it('ends as published', async () => {
    expect(outcomeReport(await outcomeSums(documents, everythingOf(tenant), undefined), stages)).toEqual({
      opportunities: 8_800,
      open: 2_089,
      won: 4_238,
      lost: 2_473,
      winRate: 63.15,
      wonAmounts: [{ minor: 1_000_553_400, currency: 'USD' }],
      wonCycleDays: { mean: 51.78, median: 57 },
      stages: [
        { stage: 'Prospecting', count: 500 },
        { stage: 'Engaging', count: 1_589 },
        { stage: 'Won', count: 4_238 },
        { stage: 'Lost', count: 2_473 },
      ],
    });
  });

  it('was won quarter by quarter as published', async () => {
    const quarters = (await wonBy('quarter')).map(({ key, count, amount }) => [key[0], count, amount!.minor! / 100]);
    expect(quarters).toEqual([
      ['2017-Q1', 531, 1_134_672],
      ['2017-Q2', 1_254, 3_086_111],
      ['2017-Q3', 1_257, 2_982_255],
      ['2017-Q4', 1_196, 2_802_496],
    ]);
    const second = await wonBy('year', { from: '2017-04-01', to: '2017-06-30' });
    expect(second).toMatchObject([{ key: ['2017'], count: 1_254, amount: { minor: 308_611_100 } }]);
    expect(await wonBy('quarter', { asOf: '2017-03-31' })).toMatchObject([{ key: ['2017-Q1'], count: 531 }]);
  });

  it.each(['owner', 'manager', 'region'])('adds up to the same by %s', async (dimension) => {
    const groups = await wonBy(dimension);
    expect(groups.every(({ key }) => key[0] !== '')).toBe(true);
    expect(groups.reduce((sum, { amount }) => sum + amount!.minor!, 0)).toBe(1_000_553_400);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(4_238);
  });

  it('had on every day of 2017 the board that a separate program finds in the file', async () => {
    const days = JSON.parse(execFileSync(process.execPath, [independent, csv], { encoding: 'utf8' })) as Record<
      string,
      Record<string, { count: number; amount: number }>
    >;
    const found: typeof days = {};
    for (const day of Object.keys(days)) {
      const { columns } = await boardAsOf(board, everythingOf(tenant), hardware, { asOf: day, zone: UTC });
      const occupied = columns.filter(({ count }) => count > 0);
      found[day] = Object.fromEntries(
        occupied.map(({ stage, count, amounts }) => [
          stage,
          { count, amount: amounts.reduce((sum, { amount }) => sum + amount!.minor!, 0) / 100 },
        ]),
      );
    }
    expect(Object.keys(days)).toHaveLength(365);
    expect(found).toEqual(days);
  });
});
