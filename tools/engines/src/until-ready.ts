import { setTimeout as pause } from 'node:timers/promises';
import type { EngineName } from './engine.js';

/**
 * Asks an engine for its version over its own protocol: who gets an answer can work with it.
 * Fails when there is none within a few seconds.
 */
export type Probe = (address: string) => Promise<string>;
export type Probes = Readonly<Record<EngineName, Probe>>;

const PAUSE_MILLISECONDS = 50;

/** Asks until there is an answer; after `within` milliseconds, or once `over` says so, with the last failure. */
export const untilReady = async (
  probe: () => Promise<string>,
  within: number,
  over: () => boolean = () => false,
): Promise<string> => {
  const end = performance.now() + within;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > end || over()) throw error;
    }
    await pause(PAUSE_MILLISECONDS);
  }
};
