import type { Dependency, ReadinessPart } from '@rapport/service-kit';

/** How to ask whether something that a process works with is there. */
export interface DependencyCheck {
  readonly name: string;
  /** Without it nothing can be stored. */
  readonly needed: boolean;
  readonly ask: () => Promise<unknown>;
}

/** Asks a part that fails when it is not ready. */
const partOf = async (name: string, ask: () => Promise<unknown>): Promise<ReadinessPart> => {
  try {
    await ask();
    return { name, ready: true };
  } catch (failure) {
    return { name, ready: false, detail: (failure as Error).message };
  }
};

/** Asks all of them, side by side. */
export const dependenciesOf = async (checks: readonly DependencyCheck[]): Promise<readonly Dependency[]> =>
  Promise.all(checks.map(async ({ name, needed, ask }) => ({ ...(await partOf(name, ask)), needed })));
