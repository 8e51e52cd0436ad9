export { readModelStoreSuite } from './read-model-store-suite.js';
export type { OpenedStore, ReadModelStoreFeatures, ReadModelStoreSubject } from './subject.js';
