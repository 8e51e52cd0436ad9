import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { and, type Filter } from '../filter/filter.js';
import { predicate } from '../filter/predicate.js';
import type { Aggregation, Query } from '../read-model-store.js';
import { Scope } from '../scope/scope.js';
import { filter, sort, thing, withoutAstral } from './arbitraries.js';
import { allPages, openBench, THINGS, type Bench, type ReadModelStoreSubject, type Thing } from './subject.js';

type Content = Omit<Thing, 'tenant' | 'id'>;

const groupable = fc.subarray(['name', 'stage', 'amount.minor', 'active', 'day', 'at'], { maxLength: 2 });
const question = fc.record({
  filter: fc.option(filter, { nil: undefined }),
  sort,
  limit: fc.integer({ min: 1, max: 7 }),
  groupBy: groupable,
  sums: fc.subarray(['amount.minor']),
});
type Question = Query & Aggregation;

const tasks = fc.record({
  rows: fc.option(filter, { nil: undefined, freq: 5 }),
  hidden: fc.subarray(['name', 'amount', 'amount.minor', 'tags', 'day', 'extra'], { maxLength: 2 }),
  contents: fc.array(fc.tuple(thing, thing), { maxLength: 20 }),
  strangers: fc.array(thing, { maxLength: 5 }),
  questions: fc.array(question, { minLength: 6, maxLength: 6 }),
});

/** Ids of the first contents, then of strangers. */
const IDS = Array.from({ length: 26 }, (_, i) => `${i}`);

export const scopePropertyTests = (subject: ReadModelStoreSubject): void => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(subject);
  });
  afterAll(() => bench.opened.dispose());

  it('answer alike in two worlds that differ only in what is out of sight', async () => {
    const { things, put, newTenant, features } = bench;
    const comparable = features.codePointOrder ? tasks : tasks.map(withoutAstral);
    const property = fc.asyncProperty(comparable, async ({ rows, hidden, contents, strangers, questions }) => {
      const isSeen = rows ? predicate(rows, THINGS.fields) : () => true;
      const firsts = contents.map(([first], i) => ({ ...first, id: `${i}` }));
      const seen = firsts.filter(isSeen);
      const others = contents.flatMap(([first, other], i) => {
        const changed = { ...(isSeen(first) ? hiddenOf(first, other, hidden) : other), id: `${i}` };
        return isSeen(changed) === isSeen(first) ? [changed] : isSeen(first) ? [{ ...first, id: `${i}` }] : [];
      });
      const unseen = strangers.map((stranger, i) => ({ ...stranger, id: `${20 + i}` })).filter((one) => !isSeen(one));
      const [one, other] = [newTenant(), newTenant()];
      await put(one, firsts);
      await put(other, [...others, ...unseen]);
      const answers = await Promise.all(
        [one, other].map((tenant) =>
          answersTo(things, new Scope(tenant, { ...(rows ? { rows } : {}), hidden }), questions),
        ),
      );
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[0]!.ids).toEqual(seen.map(({ id }) => id).sort());
      expect(answers[0]!.counts).toEqual(questions.map((asked) => expectedCount(seen, hidden, asked.filter)));
    });
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);
};

/** A content with another one's hidden fields. */
const hiddenOf = (content: Content, other: Content, hidden: readonly string[]): Content => {
  const whole = hidden.filter((path) => !path.includes('.'));
  const changed: Record<string, unknown> = { ...content };
  for (const field of whole) changed[field] = other[field as keyof Content];
  if (hidden.includes('amount.minor') && !hidden.includes('amount') && isObject(changed['amount'])) {
    changed['amount'] = { ...changed['amount'], minor: isObject(other.amount) ? other.amount['minor'] : 7 };
  }
  return changed;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const answersTo = async (things: Bench['things'], scope: Scope, questions: readonly Question[]) => {
  const plain = <T>(answer: T): T => JSON.parse(JSON.stringify(answer, sumsAsText).replaceAll(scope.tenant, 'T')) as T;
  const codeOf = (error: unknown): string => (error as { code: string }).code;
  const asked = questions.map(async ({ filter: own, sort: order, limit, groupBy, sums }) => {
    const matching = own ? { filter: own } : {};
    return Promise.all([
      allPages(things, scope, { ...matching, sort: order, limit }).catch(codeOf),
      things.aggregate(scope, { ...matching, groupBy, sums: sums ?? [] }).catch(codeOf),
    ]);
  });
  const found = await Promise.all(IDS.map((id) => things.get(scope, id)));
  return plain({
    found,
    ids: found.flatMap((document) => document?.id ?? []).sort(),
    many: [...(await things.getMany(scope, IDS))].sort(([a], [b]) => (a < b ? -1 : 1)),
    counts: await Promise.all(questions.map(({ filter: own }) => things.count(scope, own).catch(codeOf))),
    all: [await things.count(scope), await things.estimatedCount(scope)],
    asked: await Promise.all(asked),
  });
};

const expectedCount = (
  seen: readonly object[],
  hidden: readonly string[],
  own: Filter | undefined,
): number | string => {
  if (own && fieldsIn(own).some((field) => hidden.some((path) => `${field}.`.startsWith(`${path}.`))))
    return 'hidden-field';
  return seen.filter(predicate(own ?? and(), THINGS.fields)).length;
};

const fieldsIn = (own: Filter): readonly string[] => {
  if (own.kind === 'compare') return [own.field];
  return own.kind === 'not' ? fieldsIn(own.term) : own.terms.flatMap(fieldsIn);
};

const sumsAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
