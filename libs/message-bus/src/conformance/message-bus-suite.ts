import { afterEach, beforeEach, describe } from '@jest/globals';
import { catchingUpCases } from './catching-up-cases.js';
import { deliveryCases } from './delivery-cases.js';
import { durabilityCases } from './durability-cases.js';
import { failureCases } from './failure-cases.js';
import { groupCases } from './group-cases.js';
import { BusFixture, type MessageBusSetup } from './message-bus-under-test.js';
import { processCases } from './process-cases.js';
import { publisherCases } from './publisher-cases.js';
import { LONG } from './samples.js';

/** The specification of {@link MessageBus} as tests; every adapter runs it. */
export const messageBusSuite = (name: string, setup: MessageBusSetup): void => {
  describe(`MessageBus: ${name}`, () => {
    const fixture = new BusFixture(setup);
    beforeEach(fixture.open, LONG);
    afterEach(fixture.close, LONG);

    describe('delivery', () => deliveryCases(fixture));
    describe('publishers', () => publisherCases(fixture));
    describe('groups', () => groupCases(fixture));
    describe('catching up', () => catchingUpCases(fixture));
    describe('failures', () => failureCases(fixture));
    describe('processes', () => processCases(fixture, setup.features));
    describe('closing and restarting', () => durabilityCases(fixture, setup.features));
  });
};
