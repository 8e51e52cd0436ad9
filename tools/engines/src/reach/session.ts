import { type ControlServer, startControl } from '../control/control-server.js';
import { type EngineName, engineNames } from '../engine.js';
import { announce } from './announcement.js';
import type { Environment } from './given.js';
import { isStarted, type Outcome, reach, type Way } from './reach.js';

/** Engines for the time of a run. */
export interface Session {
  readonly outcomes: readonly Outcome[];
  /** For the processes that work with them; see {@link announce}. */
  readonly environment: Environment;
  /** Stops what was started. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly ways: readonly Way[];
  /** All of them otherwise. */
  readonly names?: readonly EngineName[];
  /** Whether other processes may stop and start what we started: not while tests run side by side. */
  readonly control?: boolean;
}

export const openSession = async (options: SessionOptions): Promise<Session> => {
  const { ways, names = engineNames, control = true } = options;
  const outcomes = await Promise.all(names.map((name) => reach(name, ways)));
  const started = outcomes.map(({ engine }) => engine).filter((engine) => engine !== undefined && isStarted(engine));
  let server: ControlServer | undefined;
  if (control) server = await startControl(started);
  return {
    outcomes,
    environment: announce(outcomes, server?.address),
    async close() {
      await Promise.all([server?.close(), ...started.map((engine) => engine.close())]);
    },
  };
};
