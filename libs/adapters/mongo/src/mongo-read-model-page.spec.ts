import { beforeEach, expect, it } from '@jest/globals';
import { checkQuery, parseFilter, type Query } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import type { mongo } from 'mongoose';
import { type StoredDocument, StoredFields } from './mongo-read-model-fields.js';
import { findPage } from './mongo-read-model-page.js';

const PEOPLE = {
  name: 'people',
  fields: { last: 'text', first: 'text', born: 'date', owner: 'text' },
  indexes: [['owner', 'last'], ['born']],
} as const;

interface Asked {
  readonly filter: mongo.Document;
  readonly limit?: number;
  readonly skip?: number;
}

let asked: Asked[];
/** What the server answers, one after the other; afterwards nothing. */
let answers: (readonly Partial<StoredDocument>[])[];

const cursor = (question: Asked) => {
  asked.push(question);
  return { toArray: async () => answers.shift() ?? [] };
};
const collection = {
  find: (filter: mongo.Document, options: mongo.FindOptions) =>
    cursor({ filter, limit: options.limit!, ...(options.skip === undefined ? {} : { skip: options.skip }) }),
  aggregate: ([{ $match }, , , { $limit }]: [{ $match: Asked['filter'] }, object, object, { $limit: number }]) =>
    cursor({ filter: $match, limit: $limit }),
} as unknown as mongo.Collection<StoredDocument>;

beforeEach(() => {
  asked = [];
  answers = [];
});

const page = (sort: Query['sort'], filter?: string) => {
  const asking = { limit: 2, ...(sort && { sort }), ...(filter && { filter: parseFilter(filter, PEOPLE.fields) }) };
  return findPage(collection, new StoredFields(PEOPLE), checkQuery(PEOPLE, new Scope('main'), asking), 1_000);
};
const documents = (count: number) => Array.from({ length: count }, (_, n) => ({ _id: String(n) }));

it('looks along the index of the first of two keys how far the page reaches, and sorts no more than that', async () => {
  answers = [[{ keys: { born: '1815-12-10' } }], documents(3)];
  await page([{ field: 'born' }, { field: 'first' }]);
  expect(asked).toMatchObject([{ skip: 2, limit: 1 }, { limit: 3 }]);
  expect(asked[1]!.filter).toEqual({ $and: [asked[0]!.filter, { 'keys.born': { $lte: '1815-12-10' } }] });
});

it('does so the other way round, and within what the filter fixes', async () => {
  answers = [[{ keys: { last: 'lovelace' } }], documents(3)];
  await page([{ field: 'last', descending: true }, { field: 'first' }], 'owner = "o1"');
  expect(asked[1]!.filter).toEqual({ $and: [asked[0]!.filter, { 'keys.last': { $gte: 'lovelace' } }] });
});

it('asks for all of it where something has gone in between', async () => {
  answers = [[{ keys: { born: '1815-12-10' } }], documents(2), documents(3)];
  expect(await page([{ field: 'born' }, { field: 'first' }])).toHaveLength(3);
  expect(asked[2]!.filter).toEqual(asked[0]!.filter);
});

it('asks once where no index has the order of the first key', async () => {
  answers = [documents(3)];
  await page([{ field: 'last' }, { field: 'first' }]);
  expect(asked).toHaveLength(1);
});

it('takes those that miss the first key by the second, for which there may be an index again', async () => {
  answers = [[], documents(1), [{ keys: { born: '1815-12-10' } }], documents(2)];
  await page([{ field: 'last' }, { field: 'born' }, { field: 'first' }], 'owner = "o1"');
  expect(asked[2]).toMatchObject({ skip: 1, limit: 1 });
  expect(JSON.stringify(asked[3]!.filter)).toContain('{"keys.last":{"$eq":null}},{"keys.born":{"$ne":null}}');
});

it('has an index of what lists are narrowed by as well, and walks along it', async () => {
  const people = { ...PEOPLE, lookups: [['last']] };
  const fields = new StoredFields(people);
  expect(fields.indexes().map(({ key }) => Object.keys(key))).toContainEqual(['tenant', 'keys.last', '_id']);
  answers = [[{ keys: { last: 'lovelace' } }], documents(3)];
  const query = { limit: 2, sort: [{ field: 'last' }, { field: 'first' }] };
  await findPage(collection, fields, checkQuery(people, new Scope('main'), query), 1_000);
  expect(asked).toHaveLength(2);
});
