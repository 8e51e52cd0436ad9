import { availableParallelism } from 'node:os';

/** Suites that need servers are left out unless it is said where those are, or that there are none and why. */
const given = ['RAPPORT_ENGINES', 'KAFKA_BROKERS', 'MONGODB_URL', 'EVENTSTOREDB_URL'].some((name) => process.env[name]);

/** Tests run straight on src: the "source" condition leads from package to package without a build. */
export default {
  roots: ['libs', 'services', 'tools', 'tests'].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(given ? [] : ['<rootDir>/tests/engines/'])],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'import', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  // js before ts: a package that ships both next to each other must be read as js.
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // What hangs is found as well after a minute; a busy machine takes longer than five seconds for much that is sound.
  testTimeout: 60_000,
  // One more than there are cores: journeys wait for programs, clocks and disks about as long as they work.
  maxWorkers: availableParallelism() + 1,
  // Modules of the vm kind are not given back between files, so a worker is renewed when it has grown.
  workerIdleMemoryLimit: '1GB',
};
