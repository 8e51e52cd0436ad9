import type { Engine, EngineName, StartedEngine } from '../engine.js';
import { reasonOf } from './reasons.js';

/** An engine to work with; what starts with us, we also stop. */
export type Reached = Engine | StartedEngine;

/** How an engine can be come by. Resolves to undefined where this way is not open, throws where it is and failed. */
export type Way = (name: EngineName) => Promise<Reached | undefined>;

/** What came of trying. */
export interface Outcome {
  readonly name: EngineName;
  readonly engine: Reached | undefined;
  /** Why ways that were open did not lead to it, in the order in which they were tried. */
  readonly failures: readonly string[];
}

/** Tries one way after the other until one leads to the engine. */
export const reach = async (name: EngineName, ways: readonly Way[]): Promise<Outcome> => {
  const failures: string[] = [];
  for (const way of ways) {
    try {
      const engine = await way(name);
      if (engine) return { name, engine, failures };
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  return { name, engine: undefined, failures };
};

/** Of an engine that was not reached, in a line. */
export const whyMissing = ({ failures }: Outcome): string =>
  failures.join('; ') || 'no address is given and no Docker engine answers';

export const isStarted = (engine: Reached): engine is StartedEngine => engine.source !== 'environment';
