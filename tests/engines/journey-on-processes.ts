import { describe, expect, it } from '@jest/globals';
import { engine, type EngineUnderTest, type MissingEngine } from '@rapport/engines';

/** Runs a journey of `tests/journeys` with every service in a process of its own, or says why it cannot. */
export const journeyOnProcesses = async (name: string, load: () => Promise<unknown>): Promise<void> => {
  const engines = (['kafka', 'mongodb', 'eventstoredb'] as const).map((each): EngineUnderTest | MissingEngine =>
    engine(each),
  );
  const missing = engines.flatMap((each) => ('missing' in each ? [each.missing] : []));
  if (missing.length === 0) {
    process.env['RAPPORT_ASSEMBLY'] = 'processes';
    await load();
  } else {
    describe(name, () => {
      it(`is left out: ${missing.join('; ')}`, () => expect(missing).not.toEqual([]));
    });
  }
};
