import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { predicate } from '../filter/predicate.js';
import { filter, sort, thing, withoutAstral } from './arbitraries.js';
import { allPages, everythingOf, openBench, THINGS, type Bench, type ReadModelStoreSubject } from './subject.js';

const tasks = fc.record({
  documents: fc.array(thing, { maxLength: 25 }),
  queries: fc.array(fc.record({ filter, sort, limit: fc.integer({ min: 1, max: 7 }) }), { minLength: 8, maxLength: 8 }),
});

export const propertyTests = (subject: ReadModelStoreSubject): void => {
  // A store of its own: some engines read every document for every query.
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(subject);
  });
  afterAll(() => bench.opened.dispose());

  it('finds what the predicate finds, and pages add up to the whole', async () => {
    const { things, put, newTenant, features } = bench;
    const comparable = features.codePointOrder ? tasks : tasks.map(withoutAstral);
    const property = fc.asyncProperty(comparable, async ({ documents, queries }) => {
      const tenant = newTenant();
      const stored = documents.map((document, i) => ({ ...document, id: `${i}`, tenant }));
      await put(tenant, stored);
      for (const { filter: random, sort: order, limit } of queries) {
        const test = predicate(random, THINGS.fields);
        const expected = stored.filter((document) => test(document)).map(({ id }) => id);
        const whole = await things.query(everythingOf(tenant), { filter: random, sort: order, limit: 1000 });
        expect(whole.documents.map(({ id }) => id).sort()).toEqual(expected.sort());
        expect(await things.count(everythingOf(tenant), random)).toBe(expected.length);
        const first = await things.query(everythingOf(tenant), { filter: random, sort: order, limit, total: true });
        expect(first.total).toBe(expected.length);
        const second = { filter: random, sort: order, limit, total: true, cursor: first.next! };
        if (first.next) expect((await things.query(everythingOf(tenant), second)).total).toBe(expected.length);
        const pages = await allPages(things, everythingOf(tenant), { filter: random, sort: order, limit });
        expect(pages.flat()).toEqual(whole.documents);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);
};
