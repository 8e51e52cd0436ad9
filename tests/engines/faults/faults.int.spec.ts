import { afterAll, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { describeWhere, leftOut } from '../../journeys/support/host-tools.js';
import { clockSkew, consumerRebalance, killedService, nothing, poisonMessage, slowConsumer } from './of-processes.js';
import { OUTAGE_TRIAL_SECONDS, stoppedEngine } from './of-engines.js';
import { killedOwner } from './of-leases.js';
import { controlOf, type Fault, type Outcome, SECONDS, survive } from './trial.js';

// Each trial writes for so long, starts and stops a platform, and rebuilds its read models.
jest.setTimeout((OUTAGE_TRIAL_SECONDS + 900) * 1000);

const outcomes: Outcome[] = [];
afterAll(() => {
  const rows = outcomes.map(({ fault, told, tally }) => {
    const { acknowledged, repeated, perSecond, longest } = tally;
    return { fault, acknowledged, 'per second': perSecond, repeated, 'longest, ms': longest, told };
  });
  console.table(rows);
});

const surviving = (fault: Fault): void =>
  void it(`survives ${fault.name}: every acknowledged write once, read models as rebuilt, all published in order`, async () => {
    const outcome = await survive(fault);
    outcomes.push(outcome);
    process.stderr.write(`${outcome.fault}: ${outcome.told}; ${JSON.stringify(outcome.tally)}\n`);
    expect(outcome.tally.acknowledged).toBeGreaterThan(SECONDS);
  });

const missing = missingEngines('kafka', 'mongodb');

describeWhere(missing, `steady writes for ${SECONDS} s`, () => {
  const ofProcesses = [nothing, killedService, killedOwner, slowConsumer, poisonMessage, consumerRebalance, clockSkew];
  for (const fault of ofProcesses) surviving(fault);
});

for (const name of ['kafka', 'mongodb'] as const) {
  const control = missing.length === 0 ? controlOf(name) : undefined;
  const reasons = missing.length > 0 || control ? missing : [`${name} belongs to somebody else`];
  describeWhere(reasons, `steady writes for ${OUTAGE_TRIAL_SECONDS} s while ${name} stops`, () => {
    if (control) surviving(stoppedEngine(name, control));
    else leftOut(`survives that ${name} is away`, reasons.join('; '));
  });
}
