import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { predicate } from '../filter/predicate.js';
import { openFilter, openSort, openThing, withoutAstral } from './arbitraries.js';
import {
  allPages,
  everythingOf,
  OPEN_FIELDS,
  openBench,
  THINGS,
  type Bench,
  type ReadModelStoreSubject,
} from './subject.js';

const FIELDS = { ...THINGS.fields, ...OPEN_FIELDS };
const limit = fc.integer({ min: 1, max: 7 });

const tasks = fc.record({
  documents: fc.array(openThing, { maxLength: 20 }),
  /** What the first of them become. */
  later: fc.array(fc.option(openThing), { maxLength: 8 }),
  queries: fc.array(fc.record({ filter: openFilter, sort: openSort, limit }), { minLength: 8, maxLength: 8 }),
});

export const openPropertyTests = (subject: ReadModelStoreSubject): void => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(subject);
  });
  afterAll(() => bench.opened.dispose());

  it('finds what the predicate finds, of documents as they have become', async () => {
    const { put, remove, newTenant, features } = bench;
    const things = bench.things.withFields(OPEN_FIELDS);
    const comparable = features.codePointOrder ? tasks : tasks.map(withoutAstral);
    const property = fc.asyncProperty(comparable, async ({ documents, later, queries }) => {
      const tenant = newTenant();
      const scope = everythingOf(tenant);
      await put(tenant, documents.map(named));
      const changed = documents.map((document, n) => (n < later.length ? later[n]! : document));
      for (const [n, document] of changed.slice(0, later.length).entries())
        await (document === null ? remove(tenant, `${n}`) : put(tenant, [named(document, n)]));
      const stored = changed.flatMap((document, n) => (document === null ? [] : [{ ...named(document, n), tenant }]));
      for (const { filter, sort, limit: page } of queries) {
        const test = predicate(filter, FIELDS);
        const expected = stored.filter((document) => test(document)).map(({ id }) => id);
        const whole = await things.query(scope, { filter, sort, limit: 1000, total: true });
        expect(whole.documents.map(({ id }) => id).sort()).toEqual(expected.sort());
        expect(whole.total).toBe(expected.length);
        expect(await things.count(scope, filter)).toBe(expected.length);
        expect((await allPages(things, scope, { filter, sort, limit: page })).flat()).toEqual(whole.documents);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  }, 120_000);
};

const named = <D extends object>(document: D, n: number): D & { readonly id: string } => ({ ...document, id: `${n}` });
