import type { EngineControl } from '@rapport/engines';
import { SECONDS, type Fault } from './trial.js';

/** Of a trial of 60 seconds, 20 pass without the engine. */
const AWAY = 1 / 3;

/** An engine that is stopped in good order, is away, and is started again with what it had. */
export const stoppedEngine = (name: string, control: EngineControl): Fault => ({
  name: `${name} away for a third of the time`,
  happen: async ({ at }) => {
    await at(0.2);
    await control.stop();
    await at(0.2 + AWAY);
    await control.start();
    return `${Math.round(SECONDS * AWAY)} s away`;
  },
});
