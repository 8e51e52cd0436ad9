import { salesV1 } from '@rapport/contracts';
import { externalAggregate, streamName } from '@rapport/event-store';
import type { ServiceRuntime } from '@rapport/service-kit';
import { salesModule, salesService } from '@rapport/sales';
import { type GoldenAggregate, storedEvent, TENANT } from './golden-events.js';
import { lifeOf, recordOf } from './life-of-a-record.js';

const USD = (major: number) => ({ minor: major * 100, currency: 'USD' });
const DAY = 86_400_000;
const ownerId = '01940000-0000-7000-8000-000000000001';
const accountId = '01940000-0000-7000-8000-000000000002';
const contactId = '01940000-0000-7000-8000-000000000003';
const receiptId = '01940000-0000-7000-8000-000000000005';
const productId = '01940000-0000-7000-8000-000000000004';

const record = (aggregate: string, fields: object, changes: object): GoldenAggregate => {
  const defined = recordOf(salesService, aggregate);
  return {
    context: 'sales',
    module: salesModule,
    aggregate,
    versions: [1],
    produce: (invoke) => lifeOf(invoke, defined, fields, changes),
    read: (invoke, id) => invoke(defined.service, `get${defined.noun}`, { id }),
  };
};

const [pipelines, opportunities] = [recordOf(salesService, 'pipeline'), recordOf(salesService, 'opportunity')];

const STAGES = [
  { name: 'Prospecting', probability: 10 },
  { name: 'Engaging', probability: 50, forecastCategory: 'bestCase', staleAfterDays: 30 },
];

/** From version 2 on stages have ids, from version 3 on categories of the forecast. */
const versions = [1, 2, 3];

const pipeline: GoldenAggregate = {
  ...record(
    'pipeline',
    { name: 'Hardware', stages: STAGES, currency: 'USD', externalId: 'crm-4', lostReasons: ['Price'] },
    { name: 'Machines', stages: [...STAGES, { name: 'Negotiating', probability: 80 }] },
  ),
  versions,
};

const product = record(
  'product',
  { name: 'GTX Pro', series: 'GTX', price: USD(4_821), externalId: 'crm-5' },
  { price: USD(5_000) },
);

const ADA = {
  ...{ name: 'Ada Lovelace', email: 'ada@example.org', manager: 'Mary Somerville', region: 'West' },
  externalId: 'crm-6',
};

const lastOf = async ({ events }: ServiceRuntime, id: string): Promise<string | undefined> =>
  (await Array.fromAsync(events.read(streamName('representative', TENANT, id)))).at(-1)?.type;

const representative: GoldenAggregate = {
  ...record('representative', ADA, { region: 'East' }),
  produce: async (invoke, time, { runtime }) => {
    const made = await lifeOf(invoke, recordOf(salesService, 'representative'), ADA, { region: 'East' });
    // What stands above the user who it is.
    const heard = [
      { type: 'UserHoldPlaced', schemaVersion: 1, data: { hold: 'Case 17' } },
      { type: 'UserProcessingRestricted', schemaVersion: 1, data: { restriction: 'Says that it is wrong' } },
      { type: 'UserRestrictionLifted', schemaVersion: 1, data: {} },
      { type: 'UserHoldLifted', schemaVersion: 1, data: {} },
    ].map((event, revision) => storedEvent(event, revision, 1));
    await runtime.events.append(streamName(externalAggregate('identity', 'user'), TENANT, made.id), heard, 'any');
    await time.passUntil(
      'its hold is lifted',
      async () => (await lastOf(runtime, made.id)) === 'RepresentativeHoldLifted',
    );
    return made;
  },
  // As a user, who is erased in identity.
  erase: async (_, id, time, { runtime }) => {
    const stream = streamName(externalAggregate('identity', 'erasure'), TENANT, receiptId);
    const forgotten = { type: 'PersonForgotten', schemaVersion: 1, data: { id, ids: [id], files: [] } };
    await runtime.events.append(stream, [storedEvent(forgotten, 0, 0)], 'no-stream');
    await time.passUntil('it is erased', async () => (await lastOf(runtime, id)) === 'RepresentativeErased');
  },
  drawn: ['receiptId'],
};

const opportunity: GoldenAggregate = {
  ...record('opportunity', {}, {}),
  versions,
  given: [
    ['representative', ownerId, { type: 'RepresentativeCreated', schemaVersion: 1, data: { name: 'Ada' } }],
    ['product', productId, { type: 'ProductCreated', schemaVersion: 1, data: { name: 'GTX Pro' } }],
  ],
  produce: async (invoke, time) => {
    const hardware = salesV1.Pipeline.fromPartial({ name: 'Hardware', stages: STAGES });
    const { id: pipelineId } = await invoke(pipelines.service, 'createPipeline', { pipeline: hardware });
    const fields = {
      ...{ name: 'Racks', pipelineId, accountId, contactId, ownerId, productId, amount: USD(1_000) },
      ...{ probability: 20, expectedCloseOn: '2017-04-01', nextStep: 'Call', tags: ['big'], description: 'Ten racks' },
      ...{ externalId: 'crm-7', type: 'new', competitors: ['Acme'] },
      contactRoles: [{ contactId, role: 'champion', from: '2017-01-01' }],
    };
    const { id } = await lifeOf(invoke, opportunities, fields, { amount: USD(900), nextStep: undefined });
    const work = (method: string, more: object = {}) => invoke(opportunities.service, method, { id, ...more });
    await work('moveOpportunity', { stage: 'Engaging' });
    await work('winOpportunity', { amount: USD(950) });
    await work('reopenOpportunity');
    await work('loseOpportunity', { reason: 'Price', notes: 'Too dear', lostTo: 'Acme' });
    await work('reopenOpportunity');
    const today = salesV1.Opportunity.fromPartial({ expectedCloseOn: time.clock.now().toISOString().slice(0, 10) });
    await work('updateOpportunity', { opportunity: today, updateMask: ['expectedCloseOn'] });
    time.advance(DAY);
    await time.passUntil('it came due', async () => {
      const { data } = (await work('listOpportunityHistory')) as { data?: readonly { type: string }[] };
      return data![0]!.type === 'OpportunityCameDue';
    });
    return { id };
  },
};

export const salesGolden = [pipeline, product, representative, opportunity];
