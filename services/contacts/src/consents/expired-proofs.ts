import { partsOf, prefixOf } from '@rapport/event-store';
import { type ErasureFact, pause, type Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { consent } from '../domain/consent/consent.js';

const EXPIRED = 'ConsentProofExpired';
const LOOK_AGAIN_MILLISECONDS = 50;

/** Tells that the key of a proof is to be destroyed; it is the entry's own, so that it outlives the person's. */
export const expiredProofs: ErasureFact = {
  prefix: prefixOf(consent.aggregate),
  type: EXPIRED,
  ids: ({ stream }) => [partsOf(stream).id],
};

/** What lists said of an expired proof is purged from their files once none says it any more, in those being built either. */
export const purgeExpiredProofs = (provided: Provided): Reaction => ({
  name: 'purge-expired-proofs',
  prefixes: [prefixOf(consent.aggregate)],
  types: [EXPIRED],
  react: async ({ position }, signal) => {
    const { allProjections, engines } = provided<ServiceRuntime>(RUNTIME);
    for (const projection of allProjections) {
      while (!(await projection.hasPassed(position))) {
        await pause(LOOK_AGAIN_MILLISECONDS, signal);
        if (signal.aborted) return 'retry';
      }
    }
    await engines.readModels.purge();
    return 'done';
  },
  attempts: Infinity,
});
