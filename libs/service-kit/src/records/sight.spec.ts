import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandBus } from '@nestjs/cqrs';
import type { ScopeOf } from '@rapport/access';
import { InMemoryEventStore } from '@rapport/event-store';
import { fixedClock, recordDecider, type CallContext, type RecordEvent, type RecordState } from '@rapport/kernel';
import { LiveProjection } from '@rapport/processing';
import { InMemoryReadModelStore, where } from '@rapport/read-models';
import { Scope, type Restriction } from '@rapport/read-models/scope';
import { RunCommandHandler } from '../commands/run-command.handler.js';
import type { RunCommand } from '../commands/run-command.js';
import { consistencyToken } from '../consistency.js';
import { recordProjection, type RecordDocument } from './record-document.js';
import { Records, type RecordKind } from './records.js';

interface BoatFields {
  readonly name: string;
  readonly ownerId?: string;
  readonly price?: { readonly minor: number; readonly currency: string };
}
type Boat = RecordState<BoatFields>;
type BoatRecords = Records<Boat, RecordEvent<'Boat', BoatFields>, BoatFields, object>;

const decider = recordDecider<'Boat', BoatFields>('boat', 'Boat');
const kind: RecordKind<Boat, RecordEvent<'Boat', BoatFields>, BoatFields, object> = {
  decider,
  message: { fromPartial: (fields) => fields },
  outputOnly: ['id', 'info'],
  defaultSort: [{ field: 'name' }],
};
const projection = recordProjection(decider, {
  name: 'boats',
  fields: { name: 'text', ownerId: 'text', 'price.minor': 'number' },
  indexes: [],
});
const PRICE = { minor: 900, currency: 'EUR' };

let events: InMemoryEventStore;
let list: LiveProjection<RecordDocument<Boat>>;
let id: string;
const clock = fixedClock('2026-01-01T09:00:00.000Z');

/** The same records for a caller who sees this much of them. */
const seen = (restriction: Restriction): BoatRecords => {
  const handler = new RunCommandHandler(events, clock, 'boats');
  const commands = { execute: (command: RunCommand<never, never>) => handler.execute(command as never) };
  const scopeOf: ScopeOf = ({ tenant }) => new Scope(tenant, restriction);
  return new Records(kind, { commands: commands as unknown as CommandBus, events, list, context: 'boats', scopeOf });
};

const call = (given: Partial<CallContext> = {}): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
  ...given,
});

const now = async (): Promise<CallContext> => call({ consistency: consistencyToken('boats', await events.end()) });
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    ({ kind: family, code, message, details }: Error & Record<'kind' | 'code' | 'details', unknown>) => ({
      ...{ family, code, message, details },
    }),
  );

beforeEach(async () => {
  events = new InMemoryEventStore();
  list = new LiveProjection({ events, readModels: new InMemoryReadModelStore() }, projection);
  await list.start();
  const all = seen({});
  ({ id } = (await all.create({ name: 'Ida', ownerId: 'amy', price: PRICE }, call())) as { id: string });
  await all.edit(id, { price: { ...PRICE, minor: 950 } }, ['price'], call());
  await all.edit(id, { name: 'Ada', ownerId: 'bea' }, ['name', 'ownerId'], call());
});
afterEach(() => list.stop());

describe('a record out of sight', () => {
  const MISSING = 'no-such-boat';
  const attempts: readonly [string, (boats: BoatRecords, of: string) => Promise<unknown>][] = [
    ['get', async (boats, of) => boats.get({ id: of, asOf: undefined, asOfBy: undefined }, await now())],
    ['as of', (boats, of) => boats.get({ id: of, asOf: '2026-02-01', asOfBy: undefined }, call())],
    ['as of before it began', (boats, of) => boats.get({ id: of, asOf: '2020-01-01', asOfBy: undefined }, call())],
    ['history', (boats, of) => boats.history({ id: of, limit: 5, cursor: undefined }, call())],
    ['edit', (boats, of) => boats.edit(of, { name: 'Eda' }, ['name'], call())],
    ['edit to what it is', (boats, of) => boats.edit(of, { name: 'Ada' }, ['name'], call())],
    ['edit of a revision', (boats, of) => boats.edit(of, {}, ['name'], call({ expectedRevision: 0 }))],
    ['archive', (boats, of) => boats.archive({ id: of }, call())],
    ['restore', (boats, of) => boats.restore({ id: of }, call())],
    ['undo', (boats, of) => boats.undo({ id: of, eventId: 'x', laterChanges: '' }, call())],
  ];
  it.each(attempts)('is answered for as a missing one: %s', async (_, attempt) => {
    const amys = seen({ rows: where('ownerId', '=', 'amy') });
    const hidden = await failureOf(attempt(amys, id));
    const missing = await failureOf(attempt(amys, MISSING));
    expect(JSON.stringify(hidden).replaceAll(id, MISSING)).toEqual(JSON.stringify(missing));
    expect(hidden).not.toBe('none');
  });

  it('is not listed, and comes in sight with the change that makes it so', async () => {
    const amys = seen({ rows: where('ownerId', '=', 'amy') });
    expect(await amys.list({ total: true }, await now())).toMatchObject({
      data: [],
      page: { total: 0 },
    });
    await seen({}).edit(id, { ownerId: 'amy' }, ['ownerId'], call());
    expect(await amys.edit(id, { name: 'Eda' }, ['name'], call())).toMatchObject({ name: 'Eda' });
    expect(await amys.list({}, await now())).toMatchObject({ data: [{ name: 'Eda' }] });
  });
});

describe('a hidden field', () => {
  const MINOR = { hidden: ['price.minor'] };

  it('is in no answer: get, list, as of, or that of a command', async () => {
    const boats = seen(MINOR);
    const shown = { price: { currency: 'EUR' } };
    const request = { id, asOf: undefined, asOfBy: undefined };
    const { data } = await boats.list({}, await now());
    const answers = [
      await boats.get(request, await now()),
      await boats.get({ ...request, asOf: '2026-02-01' }, call()),
      await boats.edit(id, { name: 'Eda' }, ['name'], call()),
      ...data,
    ];
    expect(answers).toHaveLength(4);
    for (const answer of answers) expect((answer as typeof shown).price).toEqual(shown.price);
  });

  it('is not in history, and an entry about nothing else is not there', async () => {
    const entries = async (restriction: Restriction) =>
      (await seen(restriction).history({ id, limit: 5, cursor: undefined }, call())).data.map(({ changes }) =>
        changes.map(({ field, to }): readonly [string, unknown] => [field, to]),
      );
    expect(await entries(MINOR)).toEqual([
      [
        ['name', 'Ada'],
        ['ownerId', 'bea'],
      ],
      [
        ['name', 'Ida'],
        ['ownerId', 'amy'],
        ['price', { currency: 'EUR' }],
        ['archived', false],
      ],
    ]);
    expect((await entries({ hidden: ['price', 'name'] })).flat().map(([field]) => field)).toEqual([
      'ownerId',
      'ownerId',
      'archived',
    ]);
    const boats = seen(MINOR);
    const first = await boats.history({ id, limit: 1, cursor: undefined }, call());
    const second = await boats.history({ id, limit: 1, cursor: first.page!.next }, call());
    expect([first, second].flatMap(({ data }) => data.map(({ revision }) => revision))).toEqual([2, 0]);
    expect(second.page).toMatchObject({ hasMore: false });
  });

  it('is asked by in no list', async () => {
    const refused = { kind: 'forbidden', code: 'hidden-field' };
    for (const request of [{ filter: 'price.minor > 1' }, { sort: '-price.minor' }])
      await expect(seen(MINOR).list(request, call())).rejects.toMatchObject(refused);
  });

  it('is set by no edit and no undo, whatever would come of it', async () => {
    const refused = { kind: 'forbidden', code: 'hidden-field' };
    const { data } = await seen({}).history({ id, limit: 5, cursor: undefined }, call());
    const [renaming, pricing] = data.map(({ eventId }) => eventId) as [string, string];
    for (const hidden of ['price', 'price.minor']) {
      const boats = seen({ hidden: [hidden] });
      for (const price of [PRICE, { ...PRICE, minor: 950 }])
        await expect(boats.edit(id, { price }, ['price'], call())).rejects.toMatchObject(refused);
      for (const laterChanges of ['', 'keep'])
        await expect(boats.undo({ id, eventId: pricing, laterChanges }, call())).rejects.toMatchObject(refused);
    }
    expect(await seen(MINOR).undo({ id, eventId: renaming, laterChanges: '' }, call())).toMatchObject({ name: 'Ida' });
  });
});
