import { afterAll, beforeAll, describe } from '@jest/globals';
import { aggregateTests } from './aggregate-tests.js';
import { cursorTests } from './cursor-tests.js';
import { documentTests } from './document-tests.js';
import { filterTests } from './filter-tests.js';
import { generationTests } from './generation-tests.js';
import { openFieldTests } from './open-field-tests.js';
import { openPropertyTests } from './open-property-tests.js';
import { plainTextTests } from './plain-text-tests.js';
import { propertyTests } from './property-tests.js';
import { restartTests } from './restart-tests.js';
import { scopePropertyTests } from './scope-property-tests.js';
import { scopeTests } from './scope-tests.js';
import { sortTests } from './sort-tests.js';
import { sumTests } from './sum-tests.js';
import { openBench, type Bench, type ReadModelStoreSubject } from './subject.js';

/** What every ReadModelStore keeps to. An engine states what it cannot do as a feature; the suite then expects just that. */
export const readModelStoreSuite = (name: string, subject: ReadModelStoreSubject): void => {
  describe(`ReadModelStore: ${name}`, () => {
    let bench: Bench;
    const shared = () => bench;
    beforeAll(async () => {
      bench = await openBench(subject);
    });
    afterAll(() => bench.opened.dispose());

    describe('documents', () => documentTests(shared));
    describe('filters', () => filterTests(shared));
    describe('plain text', () => plainTextTests(shared));
    describe('sorting', () => sortTests(shared));
    describe('cursors', () => cursorTests(shared));
    describe('aggregation', () => aggregateTests(shared));
    describe('sums', () => sumTests(shared));
    describe('scopes', () => scopeTests(shared));
    describe('fields of tenants', () => openFieldTests(shared));
    describe('random filters', () => propertyTests(subject));
    describe('random filters by fields of tenants', () => openPropertyTests(subject));
    describe('random scopes', () => scopePropertyTests(subject));
    describe('generations', () => generationTests(subject));
    describe('restart', () => restartTests(subject));
  });
};
