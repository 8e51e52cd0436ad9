import { setTimeout as pause } from 'node:timers/promises';
import { engine, type EngineControl } from '@rapport/engines';
import { Api } from '../../journeys/support/api.js';
import { ADMINISTRATOR } from '../../journeys/support/assembly.js';
import {
  type ProcessAssembly,
  type ProcessOptions,
  startProcesses,
} from '../../journeys/support/processes/process-assembly.js';
import { SteadyWrites, type Tally } from './steady-writes.js';
import { expectApplied, expectCopied, expectPublished, expectShown, expectStored, type Facts } from './verdict.js';
import { Witness } from './witness.js';

/** How long each trial writes. */
export const SECONDS = Number(process.env['RAPPORT_FAULT_SECONDS'] ?? 60);
/** As many as two processors without other work can take, beside the engines. */
const PER_SECOND = Number(process.env['RAPPORT_FAULT_RATE'] ?? 220);
/** Programs that have just started are compiled while they work: the load begins gently. */
const WARMING = { seconds: 6, perSecond: 80 };

/** The platform under load, and what may be done to it. */
export interface Trial {
  readonly assembly: ProcessAssembly;
  readonly api: Api;
  readonly facts: Facts;
  readonly writes: SteadyWrites;
  /** Waits until this part of the time has passed: when something is done is the trial's script, not a condition. */
  at(share: number): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** How long its trial writes, where that is not {@link SECONDS}. */
  readonly seconds?: number;
  readonly options?: ProcessOptions;
  /** What goes wrong while clients write. Resolves to what there is to tell about it. */
  readonly happen: (trial: Trial) => Promise<string>;
  /** Checked beside everything else, when all is over. */
  readonly afterwards?: (trial: Trial) => Promise<void>;
}

export interface Outcome {
  readonly fault: string;
  readonly tally: Tally;
  readonly told: string;
}

/** Writes steadily while the fault happens, then compares what the clients were told with everything there is. */
export const survive = async ({ name, seconds = SECONDS, options, happen, afterwards }: Fault): Promise<Outcome> => {
  await using assembly = await startProcesses({ replicas: { contacts: 2, sales: 2 }, ...options });
  const facts = factsOf(assembly);
  await using witness = await Witness.begin(facts.brokers, facts.namespace);
  const writes = new SteadyWrites(assembly.address);
  await writes.run(WARMING);
  const begun = performance.now();
  const at = (share: number): Promise<void> => pause(Math.max(0, begun + share * seconds * 1000 - performance.now()));
  const trial: Trial = { assembly, api: new Api(assembly.address, ADMINISTRATOR), facts, writes, at };
  const [tally, told] = await Promise.all([writes.run({ seconds, perSecond: PER_SECOND }), happen(trial)]);
  const streams = await expectStored(facts, writes.accounts);
  await expectShown(trial.api, writes.accounts);
  await expectPublished(facts, streams);
  await witness.caughtUp();
  expectApplied(witness, streams);
  await expectCopied(facts, writes.accounts, streams);
  await afterwards?.(trial);
  return { fault: name, tally, told };
};

const factsOf = ({ settings }: ProcessAssembly): Facts => ({
  eventStoreUrl: settings['EVENTSTOREDB_URL']!,
  mongoUrl: settings['MONGODB_URL']!,
  brokers: settings['KAFKA_BROKERS']!,
  namespace: settings['RAPPORT_NAMESPACE']!,
});

/** Only engines that were started for the tests may be stopped. */
export const controlOf = (name: 'kafka' | 'mongodb'): EngineControl | undefined => {
  const found = engine(name);
  return 'control' in found ? found.control : undefined;
};
