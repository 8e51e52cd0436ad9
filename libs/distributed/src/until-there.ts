import { setTimeout as pause } from 'node:timers/promises';
import { AccessRefused } from '@rapport/eventstoredb';
import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';

export interface Patience {
  /** `performance.now()` when it ends. */
  readonly until: number;
  readonly logger: Logger;
}

const PAUSE_MILLISECONDS = 500;
/** What is wrong stays wrong: the address, the master key. */
const LASTING: ReadonlySet<string> = new Set(['invalid', 'internal']);

/**
 * Engines may start later than services: asks again and again, and says what it waits for.
 * @param what the engine and its address, without credentials
 * @throws DomainError unavailable when the time is up; a failure that waiting does not mend at once
 */
export const untilThere = async <T>(what: string, ask: () => Promise<T>, { until, logger }: Patience): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (failure) {
      if (failure instanceof AccessRefused || (failure instanceof DomainError && LASTING.has(failure.kind)))
        throw failure;
      if (performance.now() > until) throw absent(what, failure);
      if (attempt === 1) logger.info(`Waiting for ${what}`, { reason: (failure as Error).message });
    }
    await pause(PAUSE_MILLISECONDS);
  }
};

const absent = (what: string, cause: unknown): DomainError => {
  const { message } = cause as Error;
  const advice = 'Start it, correct its address, or give it more time with RAPPORT_START_TIMEOUT.';
  return new DomainError('unavailable', 'engine-absent', `${what} cannot be reached: ${message} ${advice}`, { cause });
};

/** Rejects when the work takes longer; for questions whose drivers have no limit of their own. */
export const within = async <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${milliseconds} ms.`)), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** Hosts and ports of a connection string, without what signs in. */
export const hostsIn = (url: string): string => /^[^/]*\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? 'its address';
