import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { contactsService } from '@rapport/contacts';
import { positionOf } from '@rapport/kernel';
import { type MongoConnection, MongoReadModelStore } from '@rapport/mongo';
import type { Collection, Document } from '@rapport/read-models';
import { salesService } from '@rapport/sales';
import { queryOf } from '@rapport/service-kit';
import type { mongo } from 'mongoose';
import { itWhere } from '../journeys/support/host-tools.js';
import { type MongoDatabase, newDatabase } from './mongo-database.js';
import { foundBy, isBounded, type Order, questionIn, walkedBy } from './plans.js';

jest.setTimeout(120_000);

const MANY = 1_000;
const PAGE = 50;
const LISTS = [...contactsService.projections, ...salesService.projections].map(({ declaration }) => declaration);

/**
 * `walks`: an index has the order, and the page ends it. `finds`: an index leads to what is asked for, which is then sorted.
 * `nears`: an index with the order of the first key bounds what is sorted by all. `all`: every document of the tenant is looked at.
 */
type Plan = 'walks' | 'finds' | 'nears' | 'all';
type Row = readonly [list: string, filter: string, sort: string, plan: Plan];

/** Those of docs/mongodb.md. Archived records are left out, as in every list that does not ask for them. */
const QUESTIONS: readonly Row[] = [
  ['contacts', '', '', 'walks'],
  ['contacts', '', '-lastName', 'walks'],
  ['contacts', '', '-createdAt', 'walks'],
  ['contacts', '', '-updatedAt', 'walks'],
  ['contacts', 'lastName = "n1*"', '', 'walks'],
  ['contacts', 'lastName:"n1"', '', 'walks'],
  ['contacts', 'ownerId = "o1"', '', 'walks'],
  ['contacts', 'ownerId = "nobody"', '', 'walks'],
  ['contacts', 'email = "e7@example.org"', '', 'finds'],
  ['contacts', 'accountId = "a1"', '', 'finds'],
  ['contacts', 'address.city = "c1"', '', 'finds'],
  ['contacts', 'address.city = "nowhere"', 'firstName', 'finds'],
  ['contacts', '', 'lastName,firstName', 'nears'],
  ['contacts', '', 'lastName,-firstName', 'nears'],
  ['contacts', 'ownerId = "o1"', 'lastName,firstName', 'finds'],
  ['contacts', 'ownerId = "nobody" OR address.city = "c1"', 'lastName,-createdAt', 'finds'],
  ['contacts', '', 'firstName', 'all'],
  ['contacts', 'title = "nobody has it"', 'firstName', 'all'],
  ['accounts', '', '', 'walks'],
  ['accounts', 'ownerId = "o1"', '', 'walks'],
  ['accounts', '', 'name,-createdAt', 'nears'],
  ['opportunities', '', '', 'walks'],
  ['opportunities', 'ownerId = "o1"', '', 'walks'],
  ['opportunities', '', 'name', 'walks'],
  ['opportunities', '', '-amount.minor', 'walks'],
  ['opportunities', 'closedOn >= 2017-01-01 AND closedOn < 2017-04-01', '-closedOn', 'walks'],
  ['opportunities', 'stageId = "s1"', '', 'finds'],
  ['opportunities', '', '-closedOn,name', 'nears'],
];

/** Of any kind; every third misses half of its fields. */
const documentOf = (n: number): Document & object => {
  const id = String(n).padStart(5, '0');
  const [day, name] = [new Date(Date.UTC(2017, 0, 1 + (n % 200))).toISOString(), `n${n % 97}`];
  const always = { id, tenant: 'main', archived: false, createdAt: day, updatedAt: day, lastName: name, name };
  const often = {
    firstName: `f${n % 13}`,
    ...{ ownerId: `o${n % 20}`, accountId: `a${n % 100}`, stageId: `s${n % 50}`, email: `e${n}@example.org` },
    ...{ address: { city: `c${n % 60}` }, closedOn: day.slice(0, 10), amount: { minor: n, currency: 'EUR' } },
  };
  return n % 3 === 0 ? always : { ...always, ...often };
};

/** The collection that is asked. */
const aboutIn = (command: mongo.Document): string => String(command['find'] ?? command['aggregate']);

/** What speaks MongoDB's protocol need not have its planner. */
const hasPlanner = async (database: MongoDatabase): Promise<boolean> => {
  const { mongoose } = await database.connect();
  const explained = mongoose.db!.command({ explain: { find: 'nothing' }, verbosity: 'queryPlanner' });
  const has = await explained.then(
    (told) => told['queryPlanner'] !== undefined,
    () => false,
  );
  await database.drop();
  return has;
};

const explains = await hasPlanner(newDatabase());

describe('how MongoDB answers the questions of lists', () => {
  let database: MongoDatabase;
  let connection: MongoConnection;
  let lists: ReadonlyMap<string, Collection<Document>>;
  let sent: mongo.Document[] = [];
  const scope = everythingOf('main');

  beforeAll(async () => {
    database = newDatabase();
    connection = await database.connect({ monitorCommands: 'true' });
    const store = new MongoReadModelStore(connection);
    const names = new Set(QUESTIONS.map(([list]) => list));
    const made = LISTS.filter(({ name }) => names.has(name)).map((declaration) => store.collection(declaration));
    lists = new Map((await Promise.all(made)).map((list) => [list.declaration.name, list]));
    for (const collection of lists.values()) {
      const documents = Array.from({ length: MANY }, (_, n) => documentOf(n));
      const position = positionOf(1);
      await store.write({
        writes: documents.map((document) => ({ collection, tenant: 'main', id: document.id, position, document })),
      });
    }
    connection.mongoose.getClient().on('commandStarted', ({ command }) => {
      if (aboutIn(command).startsWith('read_model.')) sent.push(command);
    });
  });
  afterAll(() => database.drop());

  const ask = async ([name, filter, sort]: Row, cursor?: string) => {
    const list = lists.get(name)!;
    const byDefault = { contacts: 'lastName', accounts: 'name', opportunities: '-createdAt' }[name]!;
    const query = queryOf({ filter, sort: sort || byDefault, limit: PAGE, cursor }, list.declaration, []);
    sent = [];
    const page = await list.query(scope, query);
    const described = await connection.mongoose.db!.collection(aboutIn(sent[0]!)).indexes();
    const indexes: readonly Order[] = described.map(({ key }) => Object.entries(key as Record<string, number>));
    return { page, sent, indexes };
  };

  it.each(QUESTIONS)('%s where %s by %s: %s', async (...row) => {
    const { sent: asked, indexes } = await ask(row);
    const questions = asked.map(questionIn);
    const walks = questions.map((each) => walkedBy(each, indexes) !== undefined);
    const finds = questions.map((each) => foundBy(each, indexes));
    switch (row[3]) {
      case 'walks':
        return expect(walks).not.toContain(false);
      case 'finds':
        return expect(finds).not.toContain(false);
      case 'nears':
        return expect([walks, questions.map(isBounded)]).toEqual([
          [true, false],
          [false, true],
        ]);
      case 'all':
        return expect([walks[0], finds[0]]).toEqual([false, false]);
    }
  });

  it.each(QUESTIONS)('%s where %s by %s goes on at a cursor as it began', async (...row) => {
    const { page, indexes } = await ask(row);
    const seen = page.documents.map(({ id }) => id);
    for (let cursor = page.next; cursor !== undefined;) {
      const next = await ask(row, cursor);
      seen.push(...next.page.documents.map(({ id }) => id));
      const questions = next.sent.map(questionIn);
      if (row[3] === 'walks') expect(questions.map((each) => walkedBy(each, indexes))).not.toContain(undefined);
      cursor = next.page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  /** The plan that the server has taken. */
  const planned = async (command: mongo.Document): Promise<string> => {
    const { lsid: _, $db: __, $clusterTime: ___, ...asked } = command;
    const told = await connection.mongoose.db!.command({ explain: asked, verbosity: 'queryPlanner' });
    const [first] = (told['stages'] ?? [{ $cursor: told }]) as readonly { $cursor: mongo.Document }[];
    return JSON.stringify((first!.$cursor['queryPlanner'] as mongo.Document)['winningPlan']);
  };

  itWhere(explains, 'this server has no explain')('is what the server says itself', async () => {
    for (const row of QUESTIONS) {
      const { sent: asked } = await ask(row);
      const plans = await Promise.all(asked.map(planned));
      for (const plan of plans) expect([row, plan]).toEqual([row, expect.not.stringContaining('COLLSCAN')]);
      if (row[3] !== 'walks') continue;
      for (const plan of plans) expect([row, plan]).toEqual([row, expect.not.stringMatching(/"SORT"/)]);
    }
  });
});
