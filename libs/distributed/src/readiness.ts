import type { ReadinessPart, ReadinessReport } from '@rapport/service-kit';

export type ReadinessCheck = () => Promise<readonly ReadinessPart[]>;

/** Asks a part that fails when it is not ready. */
export const partOf = async (name: string, ask: () => Promise<unknown>): Promise<ReadinessPart> => {
  try {
    await ask();
    return { name, ready: true };
  } catch (failure) {
    return { name, ready: false, detail: (failure as Error).message };
  }
};

export const reportOf = async (checks: readonly ReadinessCheck[]): Promise<ReadinessReport> => {
  const parts = (await Promise.all(checks.map((check) => check()))).flat();
  return { ready: parts.every(({ ready }) => ready), parts };
};
