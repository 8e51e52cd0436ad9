import { EngineControl } from '../control/engine-control.js';
import type { Engine, EngineName } from '../engine.js';
import { addressVariables, type Environment } from './given.js';
import { isStarted, type Outcome, whyMissing } from './reach.js';

/** An engine as a test finds it. */
export interface EngineUnderTest extends Engine {
  /** Absent for an engine whose address was given, which belongs to somebody else, and where suites run side by side. */
  readonly control?: EngineControl;
}

/** `missing` says why, for the name of the suite that is left out. */
export interface MissingEngine {
  readonly missing: string;
}

/** What stands in `RAPPORT_ENGINES` for each engine that was tried. */
type Announced = Pick<Engine, 'version' | 'source' | 'faults'> | MissingEngine;

const ENGINES = 'RAPPORT_ENGINES';
const CONTROL = 'RAPPORT_ENGINES_CONTROL';

/**
 * The variables by which other processes find the engines: `KAFKA_BROKERS`, `MONGODB_URL`, `EVENTSTOREDB_URL`,
 * `RAPPORT_ENGINES` and `RAPPORT_ENGINES_CONTROL`. One without a value must not be set.
 */
export const announce = (outcomes: readonly Outcome[], control?: string): Environment => {
  const engines = outcomes.map((outcome): [EngineName, Announced] => [outcome.name, announced(outcome)]);
  return {
    ...Object.fromEntries(outcomes.map(({ name, engine }) => [addressVariables[name], engine?.address])),
    [ENGINES]: JSON.stringify(Object.fromEntries(engines)),
    [CONTROL]: outcomes.some(({ engine }) => engine && isStarted(engine)) ? control : undefined,
  };
};

const announced = (outcome: Outcome): Announced => {
  if (!outcome.engine) return { missing: whyMissing(outcome) };
  const { version, source, faults } = outcome.engine;
  return { version, source, faults };
};

/** The engine to run a suite against, or why there is none. */
export const engine = (name: EngineName, environment: Environment = process.env): EngineUnderTest | MissingEngine => {
  const found = (JSON.parse(environment[ENGINES] ?? '{}') as Partial<Record<EngineName, Announced>>)[name];
  if (found && 'missing' in found) return found;
  const [variable, address] = [addressVariables[name], environment[addressVariables[name]]];
  if (!address) return { missing: `${variable} is not set; npm run test:engines starts what it can` };
  const known = found ?? { version: 'version unknown', source: 'environment' };
  const control = environment[CONTROL];
  const ours = known.source !== 'environment' && control !== undefined;
  return { name, address, ...known, ...(ours && { control: new EngineControl(`${control}/${name}`) }) };
};

/** Why engines that a test needs are not there, in words; empty where all are. */
export const missingEngines = (...names: readonly EngineName[]): readonly string[] =>
  names.map((name) => engine(name)).flatMap((found) => ('missing' in found ? [found.missing] : []));
