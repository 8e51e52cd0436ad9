import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { FakeBackend } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

const SEARCH = 'search.v1.ContextSearchService.searchRecords';

interface Found {
  readonly data: readonly { readonly id: string }[];
  readonly missing: readonly string[];
  readonly code: string;
}

const ranked = (id: string, level: number, updatedAt: string) => ({
  record: { kind: 'boat', id, title: id, fit: 'exact', matches: [], archived: false },
  ...{ level, updatedAt },
});

let answers: Readonly<Record<string, () => readonly object[]>> = {};
const context = (name: string) => ({
  name,
  importKinds: [],
  backend: new FakeBackend({ [SEARCH]: async () => ({ data: answers[name]!() }) }),
});
const away = (): never => {
  throw new DomainError('unavailable', 'context-away', 'Not there.');
};

let door: OpenGateway;
beforeAll(async () => {
  const silent = { name: 'silent', importKinds: [], backend: new FakeBackend({}) };
  door = await openGateway({ contexts: [context('boats'), context('crews'), silent] });
});
afterAll(() => door.close());

const search = () => door.call<Found>('GET', '/v1/search?q=ann&limit=3');

it('joins what contexts find: what fits best first, of equals what was changed last', async () => {
  answers = {
    boats: () => [ranked('b1', 0, '2026-01-01'), ranked('b2', 2, '2026-01-09')],
    crews: () => [ranked('c1', 0, '2026-01-02'), ranked('c2', 1, '2026-01-01')],
  };
  const { body } = await search();
  expect([body.data.map(({ id }) => id), body.missing]).toEqual([['c1', 'b1', 'c2'], []]);
});

it('names a context that is away, and has the rest', async () => {
  answers = { boats: away, crews: () => [ranked('c1', 0, '2026-01-02')] };
  const { status, body } = await search();
  expect([status, body.data.map(({ id }) => id), body.missing]).toEqual([200, ['c1'], ['boats']]);
});

it('fails where nobody can be asked, or where one says what is wrong with the question', async () => {
  answers = { boats: away, crews: away };
  expect((await search()).status).toBe(503);
  answers = {
    boats: away,
    crews: () => {
      throw new DomainError('invalid', 'too-short', 'Too short.');
    },
  };
  expect(await search()).toMatchObject({ status: 400, body: { code: 'too-short' } });
});
