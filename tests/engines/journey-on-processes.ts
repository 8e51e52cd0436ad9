import { missingEngines } from '@rapport/engines';
import { leftOut } from '../journeys/support/host-tools.js';

/** Runs a journey of `tests/journeys` with every service in a process of its own, or says why it cannot. */
export const journeyOnProcesses = async (name: string, load: () => Promise<unknown>): Promise<void> => {
  const missing = missingEngines('kafka', 'mongodb', 'eventstoredb');
  if (missing.length > 0) return leftOut(`the journey "${name}" on processes`, missing.join('; '));
  process.env['RAPPORT_ASSEMBLY'] = 'processes';
  await load();
};
