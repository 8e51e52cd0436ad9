import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../reach/reach.js';
import { summary } from './summary.js';

const outcomes: readonly Outcome[] = [
  { name: 'kafka', engine: { name: 'kafka', address: 'a:1', version: 'Kafka 4.1', source: 'docker' }, failures: [] },
  {
    name: 'mongodb',
    engine: { name: 'mongodb', address: 'm', version: 'mongo 1', source: 'local' },
    failures: ['MONGODB_URL is set, but nothing answers there (refused)'],
  },
  { name: 'eventstoredb', engine: undefined, failures: ['no image', 'no double'] },
];

const file = (name: string, ...statuses: string[]) => ({
  name: `/repository/tests/${name}`,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
});

describe('the summary', () => {
  it('says which suite ran against what, what was not reached, and the sum', () => {
    const report = {
      testResults: [
        file('engines/message-bus.kafka.int.spec.ts', 'passed', 'passed', 'failed'),
        file('engines/company.int.spec.ts', 'passed'),
        file('conformance/event-store.eventstoredb.int.spec.ts', 'pending', 'pending'),
        file('engines/key-store.mongo.int.spec.ts', 'passed'),
        file('conformance/event-store.sqlite.int.spec.ts', 'passed'),
      ],
    };
    expect(summary(report, outcomes).split('\n')).toEqual([
      'suite        engine        version      source  passed  failed  skipped',
      '-----------  ------------  -----------  ------  ------  ------  -------',
      'company      kafka         Kafka 4.1    docker       1       0        0',
      '             mongodb       mongo 1      local',
      '             eventstoredb  not reached  none',
      'event-store  eventstoredb  not reached  none         0       0        2',
      'key-store    mongodb       mongo 1      local        1       0        0',
      'message-bus  kafka         Kafka 4.1    docker       2       1        0',
      '',
      'mongodb: MONGODB_URL is set, but nothing answers there (refused); ran against mongo 1 instead.',
      'eventstoredb could not be reached: no image; no double',
      '4 passed, 1 failed, 2 skipped',
    ]);
  });

  it('counts a suite that could not be loaded as a failure', () => {
    const report = { testResults: [{ ...file('engines/a.kafka.int.spec.ts'), status: 'failed' }] };
    expect(summary(report, outcomes)).toMatch(/0 passed, 1 failed, 0 skipped$/);
  });

  it('has no table when Jest left no report', () => {
    expect(summary({ testResults: [] }, outcomes)).toMatch(/^mongodb: .*\n.*\n0 passed, 0 failed, 0 skipped$/);
  });
});
